"""How an app comes into the world: with a past, so that dynos of any age are there without living through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from herodyno.sandbox.world import scaling
from herodyno.sandbox.world.behaviour import Behaviour, Traffic
from herodyno.sandbox.world.dyno_orders import DynoOrders
from herodyno.sandbox.world.log_buffer import LogBuffer
from herodyno.sandbox.world.nouns import App, Formation, Generation, Named, Release, User
from herodyno.sandbox.world.sizes import SIZES

DAY = 86_400.0
BETWEEN_RELEASES = 1.5 * DAY
RELEASES_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An app to be founded. `formation` maps a type to (quantity, size, command).

    `ages` maps names ("web.2") to seconds a dyno is up already; one without an age begins to start now.
    `version` is the newest release, deployed `deployed` seconds ago.
    """

    formation: Mapping[str, tuple[int, str, str]]
    generation: Generation = "cedar"
    ages: Mapping[str, float] = field(default_factory=dict)
    manner: Mapping[str, Behaviour] = field(default_factory=dict)
    traffic: Traffic | None = None
    version: int = 3
    deployed: float = 30 * 3600.0
    team: Named | None = None
    space: Named | None = None
    runtime_metrics: bool = True
    keep_all: bool = False


def found(orders: DynoOrders, name: str, plan: Plan, owner: User) -> App:
    """The app with its releases, its formation and its dynos."""
    stage = orders.stage
    created = stage.now - timedelta(seconds=plan.deployed + plan.version * BETWEEN_RELEASES)
    deployed_at = stage.now - timedelta(seconds=plan.deployed)
    app = App(
        id=stage.new_id(), name=name, legacy_id=stage.random.randint(10**7, 4 * 10**8), generation=plan.generation,
        owner=owner, created_at=created, updated_at=deployed_at, released_at=deployed_at,
        region=Named(id=stage.new_id(), name="us"), stack="cnb" if plan.generation == "fir" else "heroku-24",
        process_tier="production", host=f"{name}-{stage.random.getrandbits(48):012x}.herokuapp.com",
        team=plan.team, space=plan.space, runtime_metrics=plan.runtime_metrics, traffic=plan.traffic,
        last_request=stage.seconds, config={"SECRET_KEY_BASE": f"{stage.random.getrandbits(128):032x}"},
        log=LogBuffer(keep_all=plan.keep_all, keeps_history=plan.generation == "cedar"),
    )  # fmt: skip
    commands = {type: command for type, (_, _, command) in plan.formation.items()}
    for version in range(max(1, plan.version - RELEASES_SHOWN + 1), plan.version + 1):
        app.releases.append(_release(orders, app, version, plan, commands))
    for type, (quantity, size, command) in plan.formation.items():
        app.formation[type] = Formation(
            id=stage.new_id(), type=type, quantity=quantity, size=SIZES[size].name, command=command,
            created_at=created, updated_at=deployed_at,
        )  # fmt: skip
    app.process_tier = scaling.tier_of(app)
    for type, (quantity, _, _) in plan.formation.items():
        for number in range(1, quantity + 1):
            _place(orders, app, type, plan.ages.get(f"{type}.{number}"))
    return app


def _release(orders: DynoOrders, app: App, version: int, plan: Plan, commands: dict[str, str]) -> Release:
    stage = orders.stage
    at = stage.now - timedelta(seconds=plan.deployed + (plan.version - version) * BETWEEN_RELEASES)
    commit = f"{stage.random.getrandbits(32):08x}"
    early = {1: "Initial release", 2: "Enable Logplex"}
    return Release(
        id=stage.new_id(), version=version, description=early.get(version, f"Deploy {commit}"), user=app.owner,
        created_at=at, updated_at=at, slug_id=stage.new_id(), commit=commit, commands=dict(commands),
        manner=dict(plan.manner),
    )  # fmt: skip


def _place(orders: DynoOrders, app: App, type: str, age: float | None) -> None:
    stage = orders.stage
    if age is None:
        orders.start(app, type, delay=stage.random.uniform(1.0, 4.0))
        return
    dyno = orders.start(app, type, delay=1.0)
    for planned in dyno.plans:
        planned.cancel()
    dyno.created_at = stage.now - timedelta(seconds=age)
    dyno.started_at = dyno.created_at + timedelta(seconds=min(2.5, age))
    orders.life.mark_up(app, dyno)
    dyno.up_at = dyno.updated_at = dyno.created_at + timedelta(seconds=min(6.0, age))
    orders.life.plan_cycle(app, dyno, age)
