"""A small fleet: twelve apps, five of them of the team "shop" and in the pipeline "checkout"."""

from __future__ import annotations

import pytest

from herodyno.sandbox.incidents.scenarios import scenario
from herodyno.sandbox.world.resources import Named
from herodyno.sandbox.world.world import World
from tests.conftest import START

SHOP = Named(id="0f7dd3b6-1a2a-4d56-9e3d-0c6cb9a2a001", name="shop")
CHECKOUT = Named(id="0f7dd3b6-1a2a-4d56-9e3d-0c6cb9a2a003", name="checkout")


@pytest.fixture
def world() -> World:
    made = scenario("fleet", seed=1, start=START, apps=12, seconds=60.0)
    made.teams.append(SHOP)
    for place, app in enumerate(list(made.apps.values())[:5]):
        app.team, app.pipeline = SHOP, CHECKOUT
        app.pipeline_stage = "production" if place < 2 else "staging"
    return made
