"""`restart --rolling` before its first batch: the roll is planned or resumed, or refused when it cannot begin."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.cli.restart.options import RestartRequest
from herodyno.cli.restart.rolling import roll_file
from herodyno.cli.restart.snapshot import AppSnapshot
from herodyno.cli.restart.view import Outcome
from herodyno.cli.writing import Writing
from herodyno.dynos import Dyno
from herodyno.errors import Refused
from herodyno.operations.at_once import whole_app
from herodyno.operations.restart.measurements import Measurements, restart_order
from herodyno.operations.restart.plan import RestartPlan
from herodyno.operations.restart.roll import Roll, new_roll
from herodyno.operations.restart.roll_runner import resumed_roll
from herodyno.operations.restart.roll_step import End, Send, next_action
from herodyno.operations.writes import dyno_write


def planned_roll(
    writing: Writing, request: RestartRequest, snapshot: AppSnapshot, plan: RestartPlan
) -> tuple[Outcome, Sequence[str]]:
    """The dynos of the plan in the order of --order, and the reasons to confirm first."""
    if roll_file(writing).exists():
        writing.session.output.note("an interrupted roll of this app is given up for this one")
    ordered = restart_order(plan.dynos, request.options.order, snapshot.readings or Measurements(), snapshot.sizes)
    writes = tuple(dyno_write("restart", writing.app, dyno) for dyno in ordered)
    reasons = (whole_app(len(ordered), ", batch by batch"),) if plan.whole == "app" else ()
    return Outcome(dynos=ordered, writes=writes, notes=(), roll=new_roll(writing.app, request.rules, ordered)), reasons


def resumed(writing: Writing, snapshot: AppSnapshot) -> Outcome:
    """The dynos that an interrupted roll has not restarted."""
    roll: Roll = resumed_roll(roll_file(writing).load(), writing.session.now())
    waiting = {item.id for item in roll.of("waiting", "sending")}
    dynos = [dyno for dyno in snapshot.dynos if dyno.id in waiting]
    writes = [dyno_write("restart", writing.app, dyno) for dyno in dynos]
    return Outcome(dynos=dynos, writes=writes, notes=(), roll=roll)


def first_batch(writing: Writing, snapshot: AppSnapshot, planned: Roll) -> list[Dyno]:
    """The dynos that would restart first. Raises Refused when none may restart."""
    roll, action = next_action(planned, snapshot.dynos, snapshot.formation, writing.session.now())
    # A failure that is seen first now, at a --resume, is the roll's own to tell and to save.
    has_failed = any(not item.excused for item in roll.of("failed"))
    if isinstance(action, End) and roll.of("waiting") and not has_failed:
        raise Refused(f"{action.reason}; nothing was sent.", next_step="Take a smaller --batch.")
    if writing.session.platform.feature(writing.app, "preboot"):
        writing.session.output.note("preboot is on: an old dyno may serve for minutes beside its new one")
    ids = {item.id for item in action.items} if isinstance(action, Send) else set()
    return [dyno for dyno in snapshot.dynos if dyno.id in ids]
