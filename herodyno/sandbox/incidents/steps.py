"""The steps that incidents are made of: an app with dynos of some age, a changed dyno, a change in mid-log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from herodyno.sandbox.incidents.settings import HOUR, Settings, healthy_profile
from herodyno.sandbox.world.app_creation import AppSpec
from herodyno.sandbox.world.resources import App, Dyno, Generation
from herodyno.sandbox.world.workload import MemoryCurve, ProcessProfile, Traffic
from herodyno.sandbox.world.world import World


def create_app(world: World, settings: Settings, *, generation: Generation = "cedar", **spec: Any) -> App:
    """Create an app whose web dynos are about four hours old, as they are some hours after a daily cycle.

    `spec` overrides fields of AppSpec. Its `ages` and `profiles` are merged with those of this function.
    """
    random = world.simulator.random
    ages = {f"web.{n}": 4 * HOUR + random.uniform(-90, 90) for n in range(1, settings.dynos + 1)}
    ages |= {f"worker.{n}": 5 * HOUR + random.uniform(-90, 90) for n in range(1, settings.workers + 1)}
    framework = settings.framework
    formation = {"web": (settings.dynos, settings.size, framework.web)}
    if settings.workers:
        formation["worker"] = (settings.workers, settings.size, framework.worker)
    web, worker = healthy_profile(settings), ProcessProfile(memory=MemoryCurve(level=240.0), output_interval=15.0)
    details = {
        "formation": formation,
        "generation": generation,
        "ages": ages | spec.pop("ages", {}),
        "profiles": {"web": web, "worker": worker} | spec.pop("profiles", {}),
        "traffic": Traffic(per_second=settings.per_second) if settings.per_second else None,
        "version": 412,
        "runtime_metrics": settings.runtime_metrics,
        "keep_all": settings.keep_all,
        "framework": framework,
    }
    return world.create_app(settings.app, AppSpec(**(details | spec)))


def change_profile(dyno: Dyno, **changes: Any) -> None:
    """Change fields of the profile of this one incarnation, from now on."""
    dyno.profile = replace(dyno.profile, **changes)


def names_and_ids(*dynos: Dyno) -> tuple[tuple[str, str], ...]:
    """(dyno name, dyno id) of each, as Truth names them."""
    return tuple((each.name, each.id) for each in dynos)


def web_dynos(app: App) -> list[Dyno]:
    """The web dynos that the API shows, in order of creation."""
    return [each for each in app.dynos.values() if each.type == "web"]


def schedule_change(world: World, settings: Settings, action: Callable[[], object]) -> float:
    """Call `action` when the share `settings.at` of the log has passed. Return the seconds until then."""
    seconds = settings.seconds * settings.at + world.simulator.random.random()
    world.simulator.schedule(seconds, action)
    return seconds
