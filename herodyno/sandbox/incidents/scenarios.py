"""The scenarios by name: a world with one incident, at the end of its log, with the ground truth.

`scenario("one-bad-dyno", seed=7)` gives the world. `world.log_text(app)` is what Logplex keeps of its log,
`world.full_log(app)` is all of it, and `world.truth` says who is guilty. The same name, seed and overrides give the
same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from herodyno.sandbox.app_lines.reasons import says
from herodyno.sandbox.incidents import app_incidents, job_incidents, passing_incidents, platform_incidents
from herodyno.sandbox.incidents.settings import HOUR, Settings
from herodyno.sandbox.world.truth import Truth
from herodyno.sandbox.world.world import START, World


@dataclass(frozen=True, slots=True)
class Scenario:
    """`summary` is a line for a list. `create` adds the incident. `defaults` are its values of fields of Settings."""

    summary: str
    create: Callable[[World, Settings], Truth]
    defaults: Mapping[str, Any] = field(default_factory=dict)


SCENARIOS: dict[str, Scenario] = {
    "healthy": Scenario("four web dynos, nothing wrong", app_incidents.healthy, {"others_rate": 0.0}),
    "one-bad-dyno": Scenario(
        "one web dyno of four fails one request in five and is over its memory quota", app_incidents.bad_dynos,
        {"burst": 2.4},
    ),
    "some-bad-dynos": Scenario(
        "two web dynos of six fail", app_incidents.bad_dynos, {"dynos": 6, "bad": 2, "per_second": 3.0}
    ),
    "release-broke-app": Scenario(
        "a release after which every web dyno fails", app_incidents.release_broke_app,
        {"error_rate": 0.07, "code": "500", "at": 0.3},
    ),
    "memory-growing-worker": Scenario(
        "one worker of three grows by 21 MB an hour", app_incidents.memory_growing,
        {"seconds": 4 * HOUR, "dynos": 2, "workers": 3, "per_second": 0.05, "others_rate": 0.0},
    ),
    "warm-up": Scenario(
        "dynos just started: memory rises and bends, and only looks like growth", app_incidents.warm_up,
        {"seconds": 2 * HOUR, "dynos": 3, "per_second": 0.05, "others_rate": 0.0},
    ),
    "crash-loop": Scenario(
        "a release whose web process dies again and again", app_incidents.crash_loop,
        {"dynos": 2, "per_second": 1.6, "others_rate": 0.0, "at": 0.2},
    ),
    "scaled-to-zero": Scenario(
        "somebody scaled web to 0", app_incidents.scaled_to_zero, {"others_rate": 0.0, "per_second": 2.6}
    ),
    "clients-leaving": Scenario(
        "clients give up before slow pages are ready", app_incidents.clients_leaving, {"error_rate": 0.07}
    ),
    "slow-dyno": Scenario("one web dyno is four times slower", app_incidents.slow_dyno, {"others_rate": 0.0}),
    "restart-that-fixed-it": Scenario(
        "the bad dyno was restarted; its name is fine now", app_incidents.restart_fixed_it,
        {"at": 0.6, "error_rate": 0.3},
    ),
    "too-little-data": Scenario(
        "three errors in 41 seconds", app_incidents.too_little_data,
        {"seconds": 41.0, "per_second": 1.4, "others_rate": 0.0},
    ),
    "single-dyno": Scenario(
        "the only web dyno fails", app_incidents.single_dyno, {"dynos": 1, "error_rate": 0.15, "code": "500"}
    ),
    "one-client-or-path": Scenario(
        "one client, kept on one dyno, sends what fails", app_incidents.one_client,
        {"error_rate": 0.6, "code": "500", "others_rate": 0.0},
    ),
    "platform-trouble": Scenario(
        "errors that name no dyno", app_incidents.platform_trouble, {"error_rate": 0.06, "others_rate": 0.0}
    ),
    "preboot": Scenario(
        "a release with preboot: the old bad dyno serves on under its successor's name",
        platform_incidents.preboot, {"at": 0.5, "error_rate": 0.3, "heavy": False},
    ),
    "damaged-slug": Scenario(
        "a release whose slug is damaged: no dyno of it can be started (R17)",
        platform_incidents.damaged_slug, {"others_rate": 0.0, "at": 0.6},
    ),
    "platform-cannot-start": Scenario(
        "one restarted dyno that Heroku cannot start (R99)",
        platform_incidents.cannot_start, {"others_rate": 0.0, "at": 0.5},
    ),
    "left-running": Scenario(
        "a one-off dyno that runs on after its client has left (R16)",
        platform_incidents.left_running, {"others_rate": 0.0, "at": 0.2},
    ),
    "lines-lost": Scenario(
        "log lines are lost: L12 and L13 for every reader, L10 and L14 for drains",
        platform_incidents.lines_lost, {"burst": 2.4, "heavy": False},
    ),
    "overloaded": Scenario(
        "more requests than the web dynos can serve", passing_incidents.overloaded,
        {"dynos": 2, "per_second": 4.0, "code": "H12", "error_rate": 0.2, "others_rate": 0.0},
    ),
    "autoscaled": Scenario(
        "web dynos that time out, scaled from 2 to 6 and later to 4", passing_incidents.autoscaled,
        {"dynos": 2, "per_second": 3.5, "code": "H12", "error_rate": 0.2, "others_rate": 0.0, "seconds": 270.0},
    ),
    "outage-with-crashes": Scenario(
        "an outage of all web dynos, over by now, in which half of them crashed", passing_incidents.outage_with_crashes,
        {"code": "500", "error_rate": 0.4, "others_rate": 0.0, "per_second": 1.8, "at": 0.25,
         "seconds": 280.0},
    ),
    "rollback-that-cured": Scenario(
        "a release after which every web dyno failed, and the rollback", passing_incidents.rollback_cured,
        {"code": "500", "error_rate": 0.15, "others_rate": 0.0, "per_second": 1.8, "at": 0.25,
         "seconds": 280.0},
    ),
    "retry-storm": Scenario(
        "one client asks again and again for what fails, on every dyno", passing_incidents.retry_storm,
        {"code": "500", "error_rate": 0.9, "others_rate": 0.0, "per_second": 3.0},
    ),
    "failing-job": Scenario(
        "a Scheduler job that fails in every run, while the web dynos serve", job_incidents.failing_job,
        {"others_rate": 0.0},
    ),
    "failed-release": Scenario(
        "the release phase of the newest release failed", job_incidents.failed_release, {"others_rate": 0.0}
    ),
    "two-workers": Scenario(
        "two workers of four are over their memory quota at once", job_incidents.two_workers,
        {"workers": 4, "dynos": 2, "others_rate": 0.0},
    ),
    "fir-app": Scenario(
        "one bad dyno on Fir, where no history is kept", app_incidents.fir_app, {"size": "dyno-1c-0.5gb"}
    ),
}  # fmt: skip

FLEET = "fleet"
_FLEET_DEFAULTS = {"per_second": 0.1, "seconds": 240.0, "keep_all": False}
_COMMON = ("healthy", "healthy", "healthy", "healthy", "slow-dyno", "clients-leaving", "too-little-data")


def scenario(name: str, seed: int = 1, start: datetime = START, **overrides: Any) -> World:
    """A world in which the scenario `name` has happened. Its clock is at the end of the log that began at `start`.

    `overrides` are fields of Settings. Raises KeyError for a name that is not in `names()`.
    """
    world = World(seed=seed, start=start)
    if name == FLEET:
        seconds = _fleet(world, Settings(**(_FLEET_DEFAULTS | overrides)))
    else:
        settings = Settings(**(_voice(seed) | dict(SCENARIOS[name].defaults) | overrides))
        add(world, name, settings)
        seconds = settings.seconds
    world.tick(seconds)
    return world


def names() -> list[str]:
    """The names that `scenario` takes."""
    return [*SCENARIOS, FLEET]


def summary(name: str) -> str:
    """One line about the scenario, for a list."""
    return f"{Settings().apps} apps, some of them in trouble" if name == FLEET else SCENARIOS[name].summary


def duration(name: str) -> float:
    """Seconds from `start` to the end of the scenario's log."""
    defaults = _FLEET_DEFAULTS if name == FLEET else SCENARIOS[name].defaults
    return float(defaults.get("seconds", Settings().seconds))


def add(world: World, name: str, settings: Settings) -> Truth:
    """Simulator an incident in a world that is there already, from now on."""
    truth = SCENARIOS[name].create(world, settings)
    truth.scenario, truth.misleading = name, settings.misleading
    world.truths[settings.app] = truth
    return truth


def _voice(number: int) -> dict[str, Any]:
    return {"says": says(number), "turn": number // 3}


def _fleet(world: World, settings: Settings) -> float:
    """Many apps, most of them small and healthy. Every short scenario is somewhere among them. Return the seconds."""
    short = [name for name, each in SCENARIOS.items() if each.defaults.get("seconds", 390.0) <= 390.0]
    for number in range(1, settings.apps + 1):
        name = short[number // 20 % len(short)] if number % 20 == 7 else world.simulator.random.choice(_COMMON)
        own = (
            _voice(world.simulator.seed + number)
            | dict(SCENARIOS[name].defaults)
            | {
                "app": f"example-{number:03d}",
                "seconds": settings.seconds,
                "keep_all": settings.keep_all,
            }
        )
        if number % 20 != 7:
            own |= {"per_second": settings.per_second, "dynos": world.simulator.random.randint(1, 3)}
        add(world, name, replace(Settings(), **own))
    return settings.seconds
