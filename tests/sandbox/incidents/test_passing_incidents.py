"""Overload, an outage, a rollback, a retry storm: who fails when, and what ends it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta

import pytest

from herodyno.sandbox.incidents.scenarios import scenario
from herodyno.sandbox.world.resources import FormationUpdate
from herodyno.sandbox.world.world import World


def failures(world: World) -> list[tuple[datetime, str, str]]:
    """(time, dyno name, client) of each request that failed."""
    found = []
    for entry in world.app("example-app").log.everything:
        match = re.search(r'fwd="([^"]+)" dyno=(\S*) .*status=5\d\d', entry.text)
        if entry.proc == "router" and match:
            found.append((entry.at, match[2], match[1]))
    return found


def said(world: World, words: str) -> datetime:
    return next(entry.at for entry in world.app("example-app").log.everything if words in entry.text)


@pytest.mark.parametrize("seed", range(3))
def test_scaling_up_ends_the_overload_and_scaling_down_by_a_third_does_not_bring_it_back(seed: int) -> None:
    world = scenario("autoscaled", seed=seed)
    up, down = said(world, "Scaled to web@6"), said(world, "Scaled to web@4")
    failed = failures(world)
    assert {name for at, name, _ in failed if at < up} == {"web.1", "web.2"}
    assert not [at for at, _, _ in failed if at > up + timedelta(seconds=45)], "a time-out ends 30 s after its begin"
    assert down < world.now
    assert world.truth.over


def test_the_overload_lasts_until_there_are_more_dynos() -> None:
    world = scenario("overloaded")
    since = world.now
    world.tick(120)
    assert [at for at, _, _ in failures(world) if at > since]
    world.scale("example-app", [FormationUpdate(type="web", quantity=4)])
    world.tick(60)
    since = world.now
    world.tick(120)
    assert not [at for at, _, _ in failures(world) if at > since]


@pytest.mark.parametrize("seed", range(3))
def test_in_the_outage_all_fail_and_half_crash_and_then_none_fails(seed: int) -> None:
    world = scenario("outage-with-crashes", seed=seed)
    since = world.truth.since
    assert since is not None
    failed = failures(world)
    assert {name for _, name, _ in failed} == {"web.1", "web.2", "web.3", "web.4"}
    assert {at > since - timedelta(seconds=1) for at, _, _ in failed} == {True}
    assert max(at for at, _, _ in failed) < since + timedelta(seconds=280 / 3 + 5)
    log = world.app("example-app").log.everything
    assert {each.proc for each in log if each.text == "State changed from up to crashed"} == {"web.2", "web.4"}
    assert {each.state for each in world.dynos("example-app")} == {"up"}


def test_the_rollback_cures_the_release() -> None:
    world = scenario("rollback-that-cured")
    cured = said(world, "Rollback to v412")
    failed = [at for at, _, _ in failures(world)]
    assert min(failed) > said(world, "Release v413 created")
    assert max(failed) < cured + timedelta(seconds=5)
    assert {each.release for each in world.dynos("example-app")} == {414}


def test_the_storm_is_one_client_on_every_dyno() -> None:
    failed = failures(scenario("retry-storm"))
    assert {client for _, _, client in failed} == {"203.0.113.77"}
    assert min(Counter(name for _, name, _ in failed).values()) > 10
