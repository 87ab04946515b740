"""`restart --rolling` before its first batch: planned anew or resumed, and refused where it could not begin."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.cli.restart.options import Wanted
from herodyno.cli.restart.rolling import roll_file
from herodyno.cli.restart.snapshot import Scene
from herodyno.cli.restart.view import Work
from herodyno.cli.writing import Writing
from herodyno.dynos import Dyno
from herodyno.errors import Refused
from herodyno.operations.restart.measurements import Measurements, restart_order
from herodyno.operations.restart.plan import RestartPlan
from herodyno.operations.restart.roll import Roll, new_roll
from herodyno.operations.restart.roll_runner import resumed_roll
from herodyno.operations.restart.roll_step import End, Send, next_action
from herodyno.operations.writes import dyno_write


def planned_roll(writing: Writing, wanted: Wanted, scene: Scene, plan: RestartPlan) -> tuple[Work, Sequence[str]]:
    """The dynos of the plan in the order wanted, and what must be confirmed first."""
    if roll_file(writing).exists():
        writing.session.output.note("an interrupted roll of this app is given up for this one")
    ordered = restart_order(plan.dynos, wanted.order, scene.seen or Measurements(), scene.sizes)
    writes = tuple(dyno_write("restart", writing.app, dyno) for dyno in ordered)
    reasons = (f"all {len(ordered)} dynos of the app restart, batch by batch",) if plan.whole == "app" else ()
    return Work(dynos=ordered, writes=writes, notes=(), roll=new_roll(writing.app, wanted.rules, ordered)), reasons


def resumed(writing: Writing, scene: Scene) -> Work:
    """What an interrupted roll has left to do."""
    roll: Roll = resumed_roll(roll_file(writing).load())
    waiting = {item.id for item in roll.of("waiting", "sending")}
    dynos = [dyno for dyno in scene.dynos if dyno.id in waiting]
    writes = [dyno_write("restart", writing.app, dyno) for dyno in dynos]
    return Work(dynos=dynos, writes=writes, notes=(), roll=roll)


def first_batch(writing: Writing, scene: Scene, wanted: Roll) -> list[Dyno]:
    """The dynos that would go first; Refused when none may."""
    roll, action = next_action(wanted, scene.dynos, scene.formation, writing.session.now())
    if isinstance(action, End) and roll.of("waiting"):
        raise Refused(f"{action.reason}; nothing was sent.", next_step="Take a smaller --batch.")
    if writing.session.platform.feature(writing.app, "preboot"):
        writing.session.output.note("preboot is on: an old dyno may serve for minutes beside its new one")
    ids = {item.id for item in action.items} if isinstance(action, Send) else set()
    return [dyno for dyno in scene.dynos if dyno.id in ids]
