"""Restart, cycle, scale, stop, idle and wake: the lines, and what the API shows."""

from __future__ import annotations

import re

from herodyno.sandbox.world.resources import FormationUpdate
from herodyno.sandbox.world.workload import Traffic

SIGTERM = "Stopping all processes with SIGTERM"
EXIT_143 = "Process exited with status 143"
POD = re.compile(r"^[a-z0-9-]+-[0-9a-z]+-[0-9a-z]{5}$")


def names(world) -> list[str]:
    return [each.name for each in world.dynos("example-app")]


def test_a_restart_of_all_replaces_every_incarnation_and_keeps_the_names(make_world) -> None:
    world = make_world(web=3, worker=1)
    before = {each.name: each.id for each in world.dynos("example-app")}
    world.restart("example-app")
    after = {each.name: each.id for each in world.dynos("example-app")}
    assert before.keys() == after.keys()
    assert not set(before.values()) & set(after.values())


def test_a_restart_of_a_type_leaves_the_others_alone(make_world) -> None:
    world = make_world(web=2, worker=1)
    worker = world.dyno("example-app", "worker.1").id
    world.restart("example-app", type="web")
    assert world.dyno("example-app", "worker.1").id == worker


def test_a_dyno_is_cycled_between_24_hours_and_216_minutes_later(make_world, said) -> None:
    ages, orders = set(), []
    for seed in range(12):
        world = make_world(seed=seed, old=86_400 - 60.0)
        first = world.dyno("example-app", "web.1")
        world.tick(217 * 60)
        assert first.end_reason == "cycled"
        ages.add((first.ended_at - first.created_at).total_seconds())
        lines = said(world, "web.1")
        assert lines[:3] == ["Cycling", "State changed from up to starting", SIGTERM]
        assert {EXIT_143, "Starting process with command `serve`"} <= set(lines[3:6])
        orders.append(lines[3] == EXIT_143)
    assert sum(orders) >= 9  # as a rule the new one waits for the exit of the old one
    assert all(86_400 <= each <= 86_400 + 216 * 60 + 40 for each in ages)
    assert max(ages) - min(ages) > 3600


class TestScale:
    def test_more_dynos_take_the_free_numbers(self, make_world) -> None:
        world = make_world(web=2)
        world.scale("example-app", [FormationUpdate(type="web", quantity=4)])
        assert names(world) == ["web.1", "web.2", "web.3", "web.4"]

    def test_fewer_dynos_lose_the_highest_numbers(self, make_world, said) -> None:
        world = make_world(web=12)
        world.scale("example-app", [FormationUpdate(type="web", quantity=10)])
        assert names(world) == [f"web.{n}" for n in range(1, 11)]
        world.tick(15)
        assert said(world, "web.12") == ["State changed from up to down", SIGTERM, EXIT_143]

    def test_the_line_lists_the_whole_formation(self, make_world, said) -> None:
        world = make_world(web=1, worker=1)
        world.scale("example-app", [FormationUpdate(type="web", quantity=2)], by="bo@example.com")
        world.tick(1)
        assert said(world, "api", "app") == ["Scaled to web@2:Standard-1X worker@1:Standard-1X by user bo@example.com"]

    def test_another_size_restarts_only_that_type(self, make_world) -> None:
        world = make_world(web=2, worker=1)
        worker = world.dyno("example-app", "worker.1").id
        world.scale("example-app", [FormationUpdate(type="web", size="standard-2x")])
        assert {each.size for each in world.dynos("example-app") if each.type == "web"} == {"Standard-2X"}
        assert world.dyno("example-app", "worker.1").id == worker


class TestStop:
    def test_a_stopped_dyno_of_the_formation_comes_back(self, make_world, said) -> None:
        world = make_world()
        first = world.dyno("example-app", "web.1").id
        world.stop("example-app", dyno="web.1")
        assert world.dyno("example-app", "web.1").state == "down"
        world.tick(35)
        assert world.dyno("example-app", "web.1").state == "up"
        assert world.dyno("example-app", "web.1").id != first
        assert "State changed from down to starting" in said(world, "web.1")

    def test_a_stopped_one_off_dyno_stays_away(self, make_world, said) -> None:
        world = make_world()
        dyno = world.run("example-app", "sleep 500")
        world.tick(10)
        world.stop("example-app", dyno=dyno.name)
        assert dyno.name not in names(world)
        world.tick(60)
        assert said(world, dyno.name)[-3:] == [SIGTERM, EXIT_143, "State changed from up to complete"]


class TestEco:
    def test_an_app_without_requests_idles_after_half_an_hour(self, make_world, said) -> None:
        world = make_world(size="Eco")
        world.tick(1740)
        assert world.dyno("example-app", "web.1").state == "up"
        world.tick(120)
        assert world.dyno("example-app", "web.1").state == "idle"
        assert said(world, "web.1") == ["Idling", "State changed from up to down", SIGTERM, EXIT_143]

    def test_a_request_wakes_it_and_waits_for_the_boot(self, make_world, said) -> None:
        world = make_world(size="Eco")
        world.tick(1900)
        world.set_traffic("example-app", Traffic(per_second=0.5))
        world.tick(30)
        lines = [each for each in said(world, "web.1") if "Memory" not in each]
        assert lines[4:8] == [
            "Unidling", "State changed from down to starting", "Starting process with command `serve`",
            "State changed from starting to up",
        ]  # fmt: skip
        first = said(world, "router")[0]
        assert "status=20" in first
        assert int(re.search(r"connect=(\d+)ms", first)[1]) > 900

    def test_a_standard_app_never_idles(self, make_world) -> None:
        world = make_world()
        world.tick(4000)
        assert world.dyno("example-app", "web.1").state == "up"


class TestFir:
    def test_names_are_never_used_again(self, make_world) -> None:
        world = make_world(web=3, size="dyno-1c-0.5gb", generation="fir")
        before = names(world)
        assert all(map(POD.match, before))
        assert len({each.split("-")[1] for each in before}) == 1
        world.restart("example-app")
        assert len(names(world)) == 3
        assert not set(before) & set(names(world))

    def test_a_deploy_changes_the_middle_of_the_names(self, make_world) -> None:
        world = make_world(web=2, size="dyno-1c-0.5gb", generation="fir")
        before = {each.split("-")[1] for each in names(world)}
        world.deploy("example-app")
        world.tick(30)
        assert before.isdisjoint(each.split("-")[1] for each in names(world))
