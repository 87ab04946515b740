"""A small world, and the platform's lines of its log in order of time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from herodyno.sandbox.world.app_creation import AppSpec
from herodyno.sandbox.world.world import World

MakeWorld = Callable[..., World]
Said = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def _quick_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A served world ticks often, because these tests wait for it."""
    monkeypatch.setattr("herodyno.sandbox.doors.server.TICK_INTERVAL", 0.02)
    monkeypatch.setattr("herodyno.sandbox.doors.drains.DELIVERY_INTERVAL", 0.05)


@pytest.fixture
def make_world() -> MakeWorld:
    """`make_world(web=2, ages=…)`: a world with example-app, its dynos up for an hour unless ages say otherwise."""

    def make(
        *, seed: int = 1, web: int = 1, worker: int = 0, size: str = "Standard-1X", old: float = 3600.0, **spec: Any
    ) -> World:
        world = World(seed=seed)
        names = [f"web.{n}" for n in range(1, web + 1)] + [f"worker.{n}" for n in range(1, worker + 1)]
        details = {
            "formation": {"web": (web, size, "serve"), "worker": (worker, size, "work")},
            "ages": dict.fromkeys(names, old),
            "runtime_metrics": False,
            "keep_all": True,
        } | spec
        world.create_app("example-app", AppSpec(**details))
        return world

    return make


@pytest.fixture
def said() -> Said:
    """`said(world, "web.1")`: the texts of one proc (or all) from the platform, in order of time."""

    def platform(world: World, proc: str = "", source: str = "heroku") -> list[str]:
        entries = sorted(world.app("example-app").log.everything, key=lambda each: each.at)
        return [each.text for each in entries if each.source == source and proc in {"", each.proc}]

    return platform
