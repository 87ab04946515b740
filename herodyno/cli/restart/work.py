"""The work of `restart`: fetch, plan, refuse or ask, replace (at once or rolling), wait, compare."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace

from herodyno.cli.restart.limits import counting_alone, require_limits
from herodyno.cli.restart.options import RestartRequest
from herodyno.cli.restart.snapshot import AppSnapshot, fetch_snapshot, make_plan
from herodyno.cli.restart.view import Outcome, show
from herodyno.cli.wait.polling import wait_for
from herodyno.cli.writing import Writing
from herodyno.dynos import Dyno, names_with_ids
from herodyno.errors import HerodynoError, Refused
from herodyno.operations.at_once import require_capacity, restart_reasons, taken_whole


def restart_dynos(writing: Writing, request: RestartRequest) -> None:
    """Restart the dynos that are meant, or raise why not. What was done is shown even when a later step fails."""
    with ExitStack() as until_sent:
        until_sent.enter_context(counting_alone(writing, request))
        _restart(writing, request, until_sent)


def _restart(writing: Writing, request: RestartRequest, until_sent: ExitStack) -> None:
    verifies = request.verify_seconds is not None
    snapshot = fetch_snapshot(writing, request.selectors, needs_log=request.options.rolls or verifies)
    if verifies and snapshot.readings is None:
        raise Refused("--verify needs the log's history, which this app does not have (Fir); nothing was sent.")
    outcome, reasons = planned(writing, request, snapshot)
    batch = _refuse_early(writing, request, snapshot, outcome)
    reasons = reasons or restart_reasons(taken_whole(batch, snapshot.dynos), batch, snapshot.dynos)
    error: HerodynoError | None = None
    begun = writing.session.now()
    if writing.executor.dry_run or not (outcome.dynos or request.options.resume):
        show(writing, outcome)
        return
    names = ", ".join(names_with_ids(outcome.dynos))
    writing.confirm(reasons, does=f"restart of {names}")
    if outcome.roll is None:
        outcome = replace(outcome, sent=writing.send_all(outcome.writes))
        until_sent.close()
        writing.session.output.note(f"restarting {names}")
        if request.options.wait or verifies:
            with writing.note_when_interrupted(f"restarted {names}; their new dynos are not yet known to be up"):
                error = _waited(writing, outcome.dynos, request.rules.timeout_seconds)
    else:
        from herodyno.cli.restart.rolling import roll_on

        roll, error = roll_on(writing, outcome.roll, before=snapshot.readings, probe_url=request.probe_url)
        outcome = replace(outcome, roll=roll)
    if request.verify_seconds is not None and error is None and outcome.dynos:
        from herodyno.cli.restart.compare import verify

        with writing.note_when_interrupted(
            f"restarted {names}, and their new dynos came up; no verdict whether it helped"
        ):
            outcome = replace(outcome, verdict=verify(writing, snapshot, outcome.dynos, begun, request.verify_seconds))
    show(writing, outcome)
    if error is not None:
        raise error


def _waited(writing: Writing, old: Sequence[Dyno], seconds: float) -> HerodynoError | None:
    from herodyno.operations.wait import WaitGoal, replaced_ids

    goal = WaitGoal(types=frozenset(dyno.type for dyno in old), version=0, old_ids=replaced_ids(old))
    try:
        wait_for(writing.session, writing.app, goal, seconds)
    except HerodynoError as error:
        return error
    return None


def planned(writing: Writing, request: RestartRequest, snapshot: AppSnapshot) -> tuple[Outcome, Sequence[str]]:
    """What to restart, and the reasons to confirm first."""
    if request.options.resume:
        from herodyno.cli.restart.roll_plan import resumed

        return resumed(writing, snapshot), ()
    plan = make_plan(writing, snapshot, request)
    if not plan.dynos:
        writing.session.output.note(f"no dyno of {writing.app} is meant: nothing to do")
    elif request.options.rolls:
        from herodyno.cli.restart.roll_plan import planned_roll

        return planned_roll(writing, request, snapshot, plan)
    limited = [dyno for dyno in plan.dynos if dyno.type not in plan.confirms]
    require_capacity(limited, snapshot.dynos, snapshot.formation, request.rules.max_share)
    for note in plan.notes:
        writing.session.output.note(note)
    writes = plan.writes if plan.dynos else ()
    return Outcome(dynos=plan.dynos, writes=writes, notes=plan.notes), plan.reasons


def _refuse_early(writing: Writing, request: RestartRequest, snapshot: AppSnapshot, outcome: Outcome) -> list[Dyno]:
    """The first batch of a roll, [] without one. Raises Refused for a limit, or for too little capacity."""
    require_limits(writing, request, len(outcome.dynos))
    if outcome.roll is None:
        return []
    from herodyno.cli.restart.roll_plan import first_batch

    return first_batch(writing, snapshot, outcome.roll)
