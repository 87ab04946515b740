"""The work of `restart`: look, choose, refuse or ask, replace (at once or rolling), wait, look again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from herodyno.cli.restart.options import Wanted
from herodyno.cli.restart.snapshot import Scene, choose, look_around
from herodyno.cli.restart.view import Work, show
from herodyno.cli.waiting import wait_for
from herodyno.cli.writing import Writing
from herodyno.dynos import Dyno, names_with_ids
from herodyno.errors import HerodynoError, Refused
from herodyno.operations.at_once import require_capacity, restart_reasons, taken_whole


def carry_out(writing: Writing, wanted: Wanted) -> None:
    """Do it, or say why not. What it did is shown even when it then fails."""
    verifies = wanted.verify_seconds is not None
    scene = look_around(writing, wanted.selectors, needs_log=wanted.rolling or verifies)
    if verifies and scene.seen is None:
        raise Refused("--verify needs the log's history, which this app does not have (Fir); nothing was sent.")
    work, reasons = _planned(writing, wanted, scene)
    batch = _refuse_early(writing, wanted, scene, work)
    reasons = reasons or restart_reasons(taken_whole(batch, scene.dynos), batch, scene.dynos)
    error: HerodynoError | None = None
    begun = writing.session.now()
    if writing.executor.dry_run or not (work.dynos or wanted.resume):
        show(writing, work)
        return
    names = ", ".join(names_with_ids(work.dynos))
    writing.confirm(reasons, does=f"restart of {names}")
    if work.roll is None:
        work = replace(work, sent=writing.send_all(work.writes))
        writing.session.output.note(f"restarting {names}")
        if wanted.wait or verifies:
            with writing.telling_when_ended(f"restarted {names}; their new dynos are not yet known to be up"):
                error = _waited(writing, work.dynos, wanted.rules.timeout_seconds)
    else:
        from herodyno.cli.restart.rolling import roll_on

        roll, error = roll_on(writing, work.roll, before=scene.seen, probe_url=wanted.probe_url)
        work = replace(work, roll=roll)
    if wanted.verify_seconds is not None and error is None and work.dynos:
        from herodyno.cli.restart.compare import verify

        with writing.telling_when_ended(
            f"restarted {names}, and their new dynos came up; no verdict whether it helped"
        ):
            work = replace(work, verdict=verify(writing, scene, work.dynos, begun, wanted.verify_seconds))
    show(writing, work)
    if error is not None:
        raise error


def _waited(writing: Writing, old: Sequence[Dyno], seconds: float) -> HerodynoError | None:
    from herodyno.operations.wait import WaitGoal, replaced_ids

    wish = WaitGoal(types=frozenset(dyno.type for dyno in old), version=0, old_ids=replaced_ids(old))
    try:
        wait_for(writing.session, writing.app, wish, seconds)
    except HerodynoError as error:
        return error
    return None


def _planned(writing: Writing, wanted: Wanted, scene: Scene) -> tuple[Work, Sequence[str]]:
    """What is to be done, and what must be confirmed first."""
    if wanted.resume:
        from herodyno.cli.restart.roll_plan import resumed

        return resumed(writing, scene), ()
    plan = choose(writing, scene, wanted.words, wanted.if_id, wanted.selectors, wanted.cooldown_seconds)
    if not plan.dynos:
        writing.session.output.note(f"no dyno of {writing.app} is meant: nothing to do")
    elif wanted.rolling:
        from herodyno.cli.restart.roll_plan import planned_roll

        return planned_roll(writing, wanted, scene, plan)
    limited = [dyno for dyno in plan.dynos if dyno.type not in plan.confirms]
    require_capacity(limited, scene.dynos, scene.formation, wanted.rules.max_share)
    for note in plan.notes:
        writing.session.output.note(note)
    writes = plan.writes if plan.dynos else ()
    return Work(dynos=plan.dynos, writes=writes, notes=plan.notes), plan.reasons


def _refuse_early(writing: Writing, wanted: Wanted, scene: Scene, work: Work) -> list[Dyno]:
    """What refuses before anything is sent: the hourly cap, and the capacity of a roll's first batch, returned."""
    if wanted.max_per_hour is not None:
        before = writing.executor.journal.restarts_since(writing.app, writing.session.now() - timedelta(hours=1))
        if before + len(work.dynos) > wanted.max_per_hour:
            raise Refused(
                f"{before} restarts in the last hour and {len(work.dynos)} now are more than --max-per-hour"
                f" {wanted.max_per_hour}; nothing was sent."
            )
    if work.roll is None:
        return []
    from herodyno.cli.restart.roll_plan import first_batch

    return first_batch(writing, scene, work.roll)
