"""What `restart` looks at before it decides: dynos, formation, and as far as the flags need them, releases and log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from herodyno.cli.writing import Writing
from herodyno.dynos import App, Dyno, DynoSize, Formation, Release, names_with_ids
from herodyno.errors import Refused
from herodyno.operations.restart.plan import RestartPlan, Selectors, plan_restart, require_id, select, target_dynos

if TYPE_CHECKING:
    from herodyno.operations.restart.measurements import Measurements


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What the API and the log told. `seen` is None where the log was not needed or has no history (Fir)."""

    app: App
    dynos: Sequence[Dyno]
    formation: Sequence[Formation]
    releases: Sequence[Release]
    sizes: dict[str, DynoSize]
    seen: Measurements | None


def look_around(writing: Writing, selectors: Selectors, *, needs_log: bool) -> Scene:
    """Ask side by side. Refused when a selector needs memory and the log tells none."""
    session, platform, name = writing.session, writing.session.platform, writing.app
    dynos, formation, app, releases = platform.gather(
        lambda: platform.dynos(name),
        lambda: platform.formation(name),
        lambda: platform.app(name),
        lambda: platform.releases(name, limit=10) if selectors.stale_release else [],
    )
    by_memory = selectors.over_memory is not None
    seen, sizes = None, {}
    if needs_log or by_memory:
        from herodyno.cli.restart.look import look, look_if_possible  # and with it the grammar of the log
        from herodyno.cli.scale.work import sizes_if_told

        sizes = {size.name: size for size in sizes_if_told(session, name)}
        if app.generation == "cedar":
            seen = look(session, name) if by_memory else look_if_possible(session, name)
    if by_memory and (seen is None or not seen.memory_mb):
        raise Refused(
            "no memory of any dyno is in the log, so --over-memory cannot be answered; nothing was sent.",
            next_step=f"Have it logged: heroku labs:enable log-runtime-metrics -a {name} (then restart the dynos)",
        )
    if app.maintenance:
        session.output.note("maintenance mode is on: the router answers 503 (H80) to every request")
    return Scene(app=app, dynos=dynos, formation=formation, releases=releases, sizes=sizes, seen=seen)


def choose(
    writing: Writing,
    scene: Scene,
    words: Sequence[str],
    if_id: str | None,
    selectors: Selectors,
    cooldown_seconds: float | None,
) -> RestartPlan:
    """The plan for the words and selectors, without the dynos that are still in their cooldown."""
    name = writing.app
    only: Sequence[Dyno] | None = None
    if if_id is not None:
        only = [require_id(name, words, if_id, scene.dynos)]
    if selectors:
        shares = (
            {}
            if scene.seen is None
            else {
                dyno.id: share
                for dyno in scene.dynos
                if (share := scene.seen.memory_share(dyno, scene.sizes)) is not None
            }
        )
        unknown = [dyno for dyno in scene.dynos if not dyno.is_one_off and dyno.id not in shares]
        if selectors.over_memory is not None and unknown:
            writing.session.output.note(f"left out, no memory sample yet: {', '.join(names_with_ids(unknown))}")
        newest = max((each.version for each in scene.releases if each.status == "succeeded"), default=None)
        only = select(
            target_dynos(name, words, scene.dynos, scene.formation) if only is None else only,
            selectors,
            now=writing.session.now(),
            newest_release=newest,
            memory=shares,
        )
    plan = plan_restart(name, words, scene.dynos, scene.formation, only=only)
    if cooldown_seconds is None:
        return plan
    since = writing.session.now() - timedelta(seconds=cooldown_seconds)
    young = [dyno for dyno in plan.dynos if dyno.created_at is not None and dyno.created_at > since]
    if not young:
        return plan
    writing.session.output.note(f"left out, still in --cooldown: {', '.join(names_with_ids(young))}")
    rest = [dyno for dyno in plan.dynos if dyno not in young]
    return plan_restart(name, words, scene.dynos, scene.formation, only=rest)
