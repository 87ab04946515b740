"""With preboot two dynos have one name for minutes, and the API shows only the newer dyno."""

from __future__ import annotations

import pytest

from herodyno.sandbox.world.resources import Dyno
from herodyno.sandbox.world.workload import ProcessProfile, Traffic
from herodyno.sandbox.world.world import World
from tests.sandbox.conftest import MakeWorld, Said

SIGTERM = "Stopping all processes with SIGTERM"


def prebooting(make_world: MakeWorld, **spec: object) -> tuple[World, list[Dyno]]:
    world = make_world(web=2, worker=1, traffic=Traffic(per_second=4.0, lines_per_request=0.0), **spec)
    world.app("example-app").preboot = True
    return world, world.dynos("example-app")


def serving(world: World, since: float) -> set[str]:
    """Ids of the dynos that answered a request in the last `since` seconds."""
    log = world.app("example-app").log.everything
    return {e.dyno_id for e in log if e.proc == "router" and (world.now - e.at).total_seconds() < since}


def test_after_a_release_the_old_serve_alone_until_the_switch_and_the_new_alone_after_it(
    make_world: MakeWorld, said: Said
) -> None:
    world, old = prebooting(make_world)
    world.deploy("example-app")
    world.tick(170)
    new = world.dynos("example-app")
    assert {each.name for each in new} == {each.name for each in old}
    assert {each.id for each in new}.isdisjoint(each.id for each in old)
    assert {each.state for each in new} == {"up"}
    assert serving(world, 150) == {each.id for each in old[:2]}
    world.tick(100)
    assert serving(world, 15) == {each.id for each in new if each.type == "web"}
    assert [each.end_reason for each in old] == ["deployed"] * 3
    lines = said(world, "web.1")
    order = [lines.index(text) for text in ("Restarting", "State changed from starting to up", SIGTERM)]
    assert order == sorted(order)


def test_only_web_dynos_wait_and_only_where_preboot_can_be_had(make_world: MakeWorld) -> None:
    world, old = prebooting(make_world)
    world.restart("example-app")
    world.tick(30)
    assert [each.ended_at is None for each in old] == [True, True, False]
    for spec in ({"size": "Basic"}, {"size": "dyno-1c-0.5gb", "generation": "fir"}):
        world = make_world(**spec)
        world.app("example-app").preboot = True
        first = world.dynos("example-app")[0]
        world.restart("example-app")
        world.tick(40)
        assert first.ended_at is not None


@pytest.mark.parametrize("seed", range(4))
def test_after_a_restart_both_serve_and_the_old_one_is_stopped_4_to_6_minutes_later(
    make_world: MakeWorld, seed: int
) -> None:
    world, old = prebooting(make_world, seed=seed)
    world.restart("example-app", dyno="web.1")
    world.tick(120)
    assert serving(world, 60) == {old[0].id, old[1].id, world.dyno("example-app", "web.1").id}
    assert old[0].ended_at is None
    world.tick(300)
    assert old[0].ended_at is not None
    assert 240 <= (old[0].ended_at - world.simulator.start).total_seconds() < 400
    assert old[0].end_reason == "restarted"


def test_the_old_dyno_goes_on_with_its_samples_under_its_own_id(make_world: MakeWorld) -> None:
    world, old = prebooting(make_world, runtime_metrics=True)
    world.deploy("example-app")
    world.tick(150)
    log = [e for e in world.app("example-app").log.everything if e.proc == "web.1" and "memory_total" in e.text]
    late = [e for e in log if (world.now - e.at).total_seconds() < 60]
    assert {e.dyno_id for e in late} == {old[0].id, world.dyno("example-app", "web.1").id}
    assert all(f".{e.dyno_id} " in e.text for e in late)


def test_an_old_dyno_that_dies_while_it_waits_is_not_started_again(make_world: MakeWorld, said: Said) -> None:
    world, old = prebooting(make_world)
    world.deploy("example-app")
    world.tick(60)
    world.lifecycle.exit(world.app("example-app"), old[0], 1)
    world.tick(300)
    assert (old[0].end_reason, old[0].exit_status) == ("crashed", 1)
    assert said(world, "web.1").count("Starting process with command `serve`") == 1
    assert "State changed from up to crashed" not in said(world, "web.1")


def test_a_second_release_before_the_switch_waits_for_its_own_and_its_forerunner_never_serves(
    make_world: MakeWorld,
) -> None:
    world, old = prebooting(make_world)
    world.deploy("example-app")
    world.tick(120)
    overtaken = world.dyno("example-app", "web.1")
    world.deploy("example-app")
    world.tick(10)
    assert overtaken.ended_at is not None
    world.tick(160)
    assert old[0].id in serving(world, 20)
    world.tick(400)
    assert overtaken.id not in serving(world, 1000)
    assert serving(world, 20) == {each.id for each in world.dynos("example-app") if each.type == "web"}


def test_the_switch_comes_whether_or_not_the_new_dynos_came_up(make_world: MakeWorld, said: Said) -> None:
    world, old = prebooting(make_world)
    world.deploy("example-app", profiles={"web": ProcessProfile(boot_status=1)})
    world.tick(280)
    assert old[0].ended_at is not None
    assert any("code=H10" in text for text in said(world, "router"))


def test_only_the_dynos_that_the_api_shows_are_cycled(make_world: MakeWorld, said: Said) -> None:
    world, old = prebooting(make_world, old=86_400 + 216 * 60 - 400.0)
    world.deploy("example-app")
    world.tick(160)
    assert old[0].ended_at is None
    world.tick(600)
    assert "Cycling" not in said(world, "web.1")
