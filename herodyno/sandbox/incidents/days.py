"""Days of one app: its workers grow from each start on, go over their quota, and the daily restart hides it.

No log session shows this: Logplex keeps minutes of it.
"""

from __future__ import annotations

from datetime import datetime

from herodyno.sandbox.heroku_facts import DAY
from herodyno.sandbox.incidents.settings import HOUR
from herodyno.sandbox.world.app_creation import AppSpec
from herodyno.sandbox.world.truth import Truth
from herodyno.sandbox.world.workload import MemoryCurve, ProcessProfile, Traffic
from herodyno.sandbox.world.world import START, World

PER_HOUR = 13.0  # MB that a worker grows; it passes 512 MB after 20 of the 24 hours that it lives


def days_of_growth(days: float, *, seed: int = 1, start: datetime = START) -> World:
    """A world after so many days, its whole log kept."""
    world = World(seed=seed, start=start)
    app = world.create_app(
        "example-app",
        AppSpec(
            formation={"web": (1, "Standard-1X", "serve"), "worker": (2, "Standard-1X", "work")},
            ages={"web.1": 3 * HOUR, "worker.1": 9 * HOUR, "worker.2": 20 * HOUR},
            profiles={
                "web": ProcessProfile(memory=MemoryCurve(level=316.0), exit_seconds=0.6),
                "worker": ProcessProfile(memory=MemoryCurve(level=250.0, per_hour=PER_HOUR), output_interval=120.0),
            },
            traffic=Traffic(per_second=0.02),
            version=41,
            keep_all=True,
        ),
    )
    world.tick(days * DAY)
    growing = [dyno for dyno in [*app.past, *app.dynos.values()] if dyno.type == "worker"]
    world.truths[app.name] = Truth(
        app=app.name,
        verdict="memory",
        guilty=tuple((dyno.name, dyno.id) for dyno in app.dynos.values() if dyno.type == "worker"),
        memory={dyno.id: "growing" for dyno in growing},
    )
    return world
