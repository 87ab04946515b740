"""Which dynos a command replaced: names whose id changed."""

from __future__ import annotations

import pytest

from herodyno.sandbox.world.world import World

APP = "example-app"
HEALTHY = pytest.mark.parametrize("world", ["healthy"], indirect=True)


def ids(world: World) -> dict[str, str]:
    return {dyno.name: dyno.id for dyno in world.dynos(APP)}


def changed(before: dict[str, str], world: World) -> list[str]:
    now = ids(world)
    return [name for name in before if now.get(name) != before[name]]
