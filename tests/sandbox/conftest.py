"""A small world to turn, and its log as (seconds, proc, text) in order of time, as a reader would sort it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from herodyno.sandbox.world.founding import Plan
from herodyno.sandbox.world.world import World

MakeWorld = Callable[..., World]
Said = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def _quick_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A served world turns often: these tests wait for what it does."""
    monkeypatch.setattr("herodyno.sandbox.doors.server.TURN", 0.02)
    monkeypatch.setattr("herodyno.sandbox.doors.drains.EVERY", 0.05)


@pytest.fixture
def make_world() -> MakeWorld:
    """`make_world(web=2, ages=…)`: a world with example-app, its dynos up for an hour unless ages say otherwise."""

    def make(
        *, seed: int = 1, web: int = 1, worker: int = 0, size: str = "Standard-1X", old: float = 3600.0, **plan: Any
    ) -> World:
        world = World(seed=seed)
        names = [f"web.{n}" for n in range(1, web + 1)] + [f"worker.{n}" for n in range(1, worker + 1)]
        details = {
            "formation": {"web": (web, size, "serve"), "worker": (worker, size, "work")},
            "ages": dict.fromkeys(names, old),
            "runtime_metrics": False,
            "keep_all": True,
        } | plan
        world.create_app("example-app", Plan(**details))
        return world

    return make


@pytest.fixture
def said() -> Said:
    """`said(world, "web.1")`: the texts of one proc (or all) from the platform, in order of time."""

    def platform(world: World, proc: str = "", source: str = "heroku") -> list[str]:
        entries = sorted(world.app("example-app").log.everything, key=lambda each: each.at)
        return [each.text for each in entries if each.source == source and proc in {"", each.proc}]

    return platform
