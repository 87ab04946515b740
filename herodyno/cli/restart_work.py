"""The work of `restart`: look, choose, ask, replace (at once or rolling), wait, look again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from herodyno.cli.log_look import look_if_possible
from herodyno.cli.restart_scene import Scene, choose, look_around
from herodyno.cli.rolling import roll_on
from herodyno.cli.waiting import wait_for
from herodyno.cli.writing import Writing, calls_document, sent_document
from herodyno.dynos import Dyno
from herodyno.errors import HerodynoError, Refused
from herodyno.operations.durations import show_duration
from herodyno.operations.executor import Sent
from herodyno.operations.helped import Helped, helped
from herodyno.operations.readings import Readings, in_order
from herodyno.operations.restart_plan import RestartPlan, Selectors, require_capacity
from herodyno.operations.roll_file import RollFile
from herodyno.operations.roll_runner import again
from herodyno.operations.rolling import End, Roll, Rules, new_roll, next_action
from herodyno.operations.wait import Wish, replaced_ids
from herodyno.operations.writes import Write, dyno_write, named
from herodyno.render.text import line


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was typed, as values."""

    words: tuple[str, ...]
    if_id: str | None
    selectors: Selectors
    rules: Rules
    rolling: bool
    resume: bool
    order: str
    probe_url: str
    wait: bool
    verify_seconds: float | None
    cooldown_seconds: float | None
    max_per_hour: int | None


def carry_out(writing: Writing, wanted: Wanted) -> None:
    """Do it, or say why not. What it did is shown even when it then fails."""
    session, output = writing.session, writing.session.output
    scene = look_around(writing, wanted.selectors, needs_log=wanted.rolling or wanted.verify_seconds is not None)
    if wanted.verify_seconds is not None and scene.seen is None:
        raise Refused("--verify needs the log's history, which this app does not have (Fir); nothing was sent.")
    plan = choose(writing, scene, wanted.words, wanted.if_id, wanted.selectors, wanted.cooldown_seconds)
    roll = _roll(writing, wanted, scene, plan) if wanted.rolling else None
    writes = plan.writes if roll is None else _roll_writes(roll, scene)
    dynos = plan.dynos if not wanted.resume else tuple(dyno for write in writes for dyno in write.dynos)
    _check(writing, wanted, scene, plan, roll, dynos)
    begun = session.now()
    sent: list[Sent] = []
    error: HerodynoError | None = None
    if writing.executor.dry_run:
        sent = writing.send_all(writes)
    elif dynos or roll is not None:
        writing.confirm([] if roll is not None else plan.reasons)
        if roll is None:
            sent = writing.send_all(writes)
            output.note(f"restarting {', '.join(named(dynos))}")
        else:
            roll, error = roll_on(writing, roll, before=scene.seen, probe_url=wanted.probe_url)
    verdict = None
    if sent and not writing.executor.dry_run and (wanted.wait or wanted.verify_seconds is not None):
        _wait_for(writing, wanted, dynos)
    if wanted.verify_seconds is not None and not writing.executor.dry_run and error is None and dynos:
        verdict = _verify(writing, scene, dynos, begun, wanted.verify_seconds)
    _show(writing, plan, dynos, writes, sent, roll, verdict)
    if error is not None:
        raise error


def _roll(writing: Writing, wanted: Wanted, scene: Scene, plan: RestartPlan) -> Roll | None:
    file = RollFile(writing.folder, writing.app, note=writing.session.output.note)
    if wanted.resume:
        return again(file.load())
    if file.exists():
        writing.session.output.note("an interrupted roll of this app is given up for this one")
    ordered = in_order(plan.dynos, wanted.order, scene.seen or Readings(), scene.sizes)
    return new_roll(writing.app, wanted.rules, ordered) if ordered else None


def _roll_writes(roll: Roll, scene: Scene) -> tuple[Write, ...]:
    living = {dyno.id: dyno for dyno in scene.dynos}
    return tuple(dyno_write("restart", roll.app, living[item.id]) for item in roll.of("waiting") if item.id in living)


def _check(
    writing: Writing, wanted: Wanted, scene: Scene, plan: RestartPlan, roll: Roll | None, dynos: Sequence[Dyno]
) -> None:
    """What refuses before anything is sent: the hourly cap and the capacity."""
    output, now = writing.session.output, writing.session.now()
    if not dynos and roll is None:
        output.note(f"no dyno of {writing.app} is meant: nothing to do")
    if wanted.max_per_hour is not None:
        before = writing.executor.journal.restarts_since(writing.app, now - timedelta(hours=1))
        if before + len(dynos) > wanted.max_per_hour:
            raise Refused(
                f"{before} restarts in the last hour and {len(dynos)} now are over --max-per-hour"
                f" {wanted.max_per_hour}; nothing was sent."
            )
    if roll is not None:
        _, action = next_action(roll, scene.dynos, scene.formation, now)
        if isinstance(action, End) and action.reason and not roll.of("failed"):
            raise Refused(f"{action.reason}; nothing was sent.", next_step="Take a smaller --batch.")
        if writing.session.platform.feature(writing.app, "preboot"):
            output.note("preboot is on: an old dyno may serve for minutes beside its new one")
        return
    for note in plan.notes:
        output.note(note)
    if not plan.whole:
        require_capacity(dynos, scene.dynos, scene.formation, wanted.rules.max_share)


def _wait_for(writing: Writing, wanted: Wanted, dynos: Sequence[Dyno]) -> None:
    wish = Wish(types=frozenset(dyno.type for dyno in dynos), version=0, old_ids=replaced_ids(dynos))
    wait_for(writing.session, writing.app, wish, wanted.rules.timeout_seconds)


def _verify(writing: Writing, scene: Scene, old: Sequence[Dyno], restarted_at: datetime, seconds: float) -> Helped:
    session, after = writing.session, Readings()
    end = session.now() + timedelta(seconds=seconds)
    while (left := (end - session.now()).total_seconds()) > 0:
        session.output.progress(f"looking whether it helped - {show_duration(left)} left")
        # A log session holds 1,500 lines, which may be less than a minute: look several times.
        session.sleep(min(60.0, left))
        after.update(look_if_possible(session, writing.app))
    types = {dyno.type for dyno in old}
    peers = [dyno.name for dyno in scene.dynos if dyno.type in types and dyno not in old]
    new = session.platform.dynos(writing.app)
    before = scene.seen or Readings()
    return helped(old, new, peers, before, after, restarted_at=restarted_at, sizes=scene.sizes)


def _show(
    writing: Writing,
    plan: RestartPlan,
    dynos: Sequence[Dyno],
    writes: Sequence[Write],
    sent: Sequence[Sent],
    roll: Roll | None,
    verdict: Helped | None,
) -> None:
    output = writing.session.output
    if output.wants_json:
        dry_run = writing.executor.dry_run
        output.json(_document(writing.app, dry_run, plan, dynos, writes, [] if dry_run else sent, roll, verdict))
        return
    if writing.executor.dry_run:
        writing.show_calls(writes)
    if verdict is not None:
        lines = [verdict.sentence, str(verdict.restarted), *([str(verdict.others)] if verdict.others else [])]
        output.lines([line(text) for text in [*lines, *verdict.memory]])


def _document(
    app: str,
    dry_run: bool,
    plan: RestartPlan,
    dynos: Sequence[Dyno],
    writes: Sequence[Write],
    sent: Sequence[Sent],
    roll: Roll | None,
    verdict: Helped | None,
) -> dict[str, Any]:
    """`herodyno.restart/1`."""
    return {
        "schema": "herodyno.restart/1",
        "app": {"name": app},
        "dry_run": dry_run,
        "dynos": [{"name": dyno.name, "id": dyno.id or None, "type": dyno.type} for dyno in dynos],
        "notes": list(plan.notes),
        "calls": calls_document(writes),
        "sent": sent_document(sent),
        "roll": None if roll is None else [
            {"name": item.name, "id": item.id, "phase": item.phase, "new_id": item.new_id or None,
             "reason": item.reason or None}
            for item in roll.items
        ],
        "verify": None if verdict is None else verdict.document(),
    }  # fmt: skip
