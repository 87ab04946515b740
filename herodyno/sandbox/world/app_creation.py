"""Creates an app with a past: releases and dynos of any age, without simulating the time before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from herodyno.sandbox.app_lines.frameworks import FLASK, Framework
from herodyno.sandbox.heroku_facts import DAY
from herodyno.sandbox.world import scaling
from herodyno.sandbox.world.dyno_actions import DynoActions
from herodyno.sandbox.world.log_buffer import LogBuffer
from herodyno.sandbox.world.resources import App, Formation, Generation, Named, Release, User
from herodyno.sandbox.world.sizes import SIZES
from herodyno.sandbox.world.workload import ProcessProfile, Traffic

RELEASE_INTERVAL = 1.5 * DAY
RELEASES_LISTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSpec:
    """What an app is created with.

    `formation` maps a process type to (quantity, size, command). `ages` maps a name ("web.2") to the seconds its dyno
    is old; a dyno without an age begins to start now. `profiles` maps a process type to how its code behaves.
    `version` is the newest release, deployed `deployed` seconds ago. `keep_all` keeps the whole log, for tests.
    """

    formation: Mapping[str, tuple[int, str, str]]
    generation: Generation = "cedar"
    ages: Mapping[str, float] = field(default_factory=dict)
    profiles: Mapping[str, ProcessProfile] = field(default_factory=dict)
    traffic: Traffic | None = None
    version: int = 3
    deployed: float = 30 * 3600.0
    team: Named | None = None
    space: Named | None = None
    runtime_metrics: bool = True
    keep_all: bool = False
    framework: Framework = FLASK


def create_app(actions: DynoActions, name: str, spec: AppSpec, owner: User) -> App:
    """Create the app with its releases, its formation and its dynos. A dyno begins to start or, with an age, is up."""
    simulator = actions.simulator
    created = simulator.now - timedelta(seconds=spec.deployed + spec.version * RELEASE_INTERVAL)
    deployed_at = simulator.now - timedelta(seconds=spec.deployed)
    app = App(
        id=simulator.new_id(), name=name, legacy_id=simulator.random.randint(10**7, 4 * 10**8),
        generation=spec.generation, owner=owner, created_at=created, updated_at=deployed_at, released_at=deployed_at,
        region=Named(id=simulator.new_id(), name="us"), stack="cnb" if spec.generation == "fir" else "heroku-24",
        process_tier="production", host=f"{name}-{simulator.random.getrandbits(48):012x}.herokuapp.com",
        team=spec.team, space=spec.space, runtime_metrics=spec.runtime_metrics, traffic=spec.traffic,
        last_request=simulator.seconds, config={"SECRET_KEY_BASE": f"{simulator.random.getrandbits(128):032x}"},
        log=LogBuffer(keep_all=spec.keep_all, keeps_history=spec.generation == "cedar"),
        framework=spec.framework,
    )  # fmt: skip
    commands = {type: command for type, (_, _, command) in spec.formation.items()}
    for version in range(max(1, spec.version - RELEASES_LISTED + 1), spec.version + 1):
        app.releases.append(_release(actions, app, version, spec, commands))
    for type, (quantity, size, command) in spec.formation.items():
        app.formation[type] = Formation(
            id=simulator.new_id(), type=type, quantity=quantity, size=SIZES[size].name, command=command,
            created_at=created, updated_at=deployed_at,
        )  # fmt: skip
    app.process_tier = scaling.tier_of(app)
    for type, (quantity, _, _) in spec.formation.items():
        for number in range(1, quantity + 1):
            _place(actions, app, type, spec.ages.get(f"{type}.{number}"))
    return app


def _release(actions: DynoActions, app: App, version: int, spec: AppSpec, commands: dict[str, str]) -> Release:
    simulator = actions.simulator
    at = simulator.now - timedelta(seconds=spec.deployed + (spec.version - version) * RELEASE_INTERVAL)
    commit = f"{simulator.random.getrandbits(32):08x}"
    early = {1: "Initial release", 2: "Enable Logplex"}
    return Release(
        id=simulator.new_id(), version=version, description=early.get(version, f"Deploy {commit}"), user=app.owner,
        created_at=at, updated_at=at, slug_id=simulator.new_id(), commit=commit, commands=dict(commands),
        profiles=dict(spec.profiles),
    )  # fmt: skip


def _place(actions: DynoActions, app: App, type: str, age: float | None) -> None:
    simulator = actions.simulator
    if age is None:
        actions.start(app, type, delay=simulator.random.uniform(1.0, 4.0))
        return
    dyno = actions.start(app, type, delay=1.0)
    for event in dyno.scheduled:
        event.cancel()
    dyno.created_at = simulator.now - timedelta(seconds=age)
    dyno.started_at = dyno.created_at + timedelta(seconds=min(2.5, age))
    actions.lifecycle.mark_up(app, dyno)
    dyno.up_at = dyno.updated_at = dyno.created_at + timedelta(seconds=min(6.0, age))
    actions.lifecycle.schedule_cycle(app, dyno, age)
