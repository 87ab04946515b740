"""The state that `restart` decides from: dynos, formation, and releases and log when the flags need them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from herodyno.cli.restart.options import RestartRequest
from herodyno.cli.writing import Writing
from herodyno.dynos import App, Dyno, DynoSize, Formation, Release, names_with_ids, newest_succeeded
from herodyno.errors import Refused
from herodyno.heroku_facts import IN_MAINTENANCE
from herodyno.operations.restart.plan import RestartPlan, Selectors, plan_restart, require_id, select, target_dynos

if TYPE_CHECKING:
    from herodyno.logs.events import LogLine
    from herodyno.operations.restart.measurements import Measurements


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSnapshot:
    """The answers of API and log. `readings` is None when the log was not needed or has no history (Fir).

    `log` are the lines that the readings come from.
    """

    app: App
    dynos: Sequence[Dyno]
    formation: Sequence[Formation]
    releases: Sequence[Release]
    sizes: dict[str, DynoSize]
    readings: Measurements | None
    log: Sequence[LogLine] = ()


def fetch_snapshot(writing: Writing, selectors: Selectors, *, needs_log: bool) -> AppSnapshot:
    """Ask for everything side by side. Raises Refused when --over-memory finds no memory in the log."""
    session, platform, name = writing.session, writing.session.platform, writing.app
    dynos, formation, app, releases = platform.gather(
        lambda: platform.dynos(name),
        lambda: platform.formation(name),
        lambda: platform.app(name),
        lambda: platform.releases(name, limit=10) if selectors.stale_release else [],
    )
    by_memory = selectors.over_memory is not None
    readings, sizes, log = None, {}, []
    if needs_log or by_memory:
        from herodyno.cli.restart.log_readings import measured, read_log, read_log_if_possible  # loads the log's parser
        from herodyno.cli.scale.work import sizes_if_known

        sizes = {size.name: size for size in sizes_if_known(session, name, note=session.output.note)}
        if app.generation == "cedar":
            log = read_log(session, name) if by_memory else read_log_if_possible(session, name)
            readings = measured(log)
    if by_memory and (readings is None or not readings.memory_mb):
        raise Refused(
            "no memory of any dyno is in the log, so --over-memory cannot be answered; nothing was sent.",
            next_step=f"Have it logged: heroku labs:enable log-runtime-metrics -a {name} (then restart the dynos)",
        )
    if app.maintenance:
        session.output.note(IN_MAINTENANCE)
    return AppSnapshot(
        app=app, dynos=dynos, formation=formation, releases=releases, sizes=sizes, readings=readings, log=log
    )


def make_plan(writing: Writing, snapshot: AppSnapshot, request: RestartRequest) -> RestartPlan:
    """The plan for the words and selectors, without the dynos that are still in their cooldown."""
    name, words, selectors = writing.app, request.words, request.selectors
    only: Sequence[Dyno] | None = None
    if request.options.if_id is not None:
        only = [require_id(name, words, request.options.if_id, snapshot.dynos)]
    if selectors:
        shares = (
            {}
            if snapshot.readings is None
            else {
                dyno.id: share
                for dyno in snapshot.dynos
                if (share := snapshot.readings.memory_share(dyno, snapshot.sizes)) is not None
            }
        )
        unknown = [dyno for dyno in snapshot.dynos if not dyno.is_one_off and dyno.id not in shares]
        if selectors.over_memory is not None and unknown:
            writing.session.output.note(f"left out, no memory sample yet: {', '.join(names_with_ids(unknown))}")
        only = select(
            target_dynos(name, words, snapshot.dynos, snapshot.formation) if only is None else only,
            selectors,
            now=writing.session.api_now(),
            newest_release=newest_succeeded(snapshot.releases),
            memory=shares,
        )
    plan = plan_restart(name, words, snapshot.dynos, snapshot.formation, only=only)
    if request.cooldown_seconds is None:
        return plan
    since = writing.session.api_now() - timedelta(seconds=request.cooldown_seconds)
    young = [dyno for dyno in plan.dynos if dyno.created_at is None or dyno.created_at > since]
    if not young:
        return plan
    writing.session.output.note(f"left out, still in --cooldown: {', '.join(names_with_ids(young))}")
    rest = [dyno for dyno in plan.dynos if dyno not in young]
    return plan_restart(name, words, snapshot.dynos, snapshot.formation, only=rest)
