"""Which dyno gets a request, and which line a request leaves that no dyno gets."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest

from herodyno.sandbox.world.resources import FormationUpdate
from herodyno.sandbox.world.workload import Fault, ProcessProfile, Traffic
from herodyno.sandbox.world.world import World


def codes(world: World) -> Counter[str]:
    found = Counter()
    for entry in world.app("example-app").log.everything:
        if entry.proc == "router":
            match = re.search(r"code=(H\d\d)", entry.text)
            found[match[1] if match else re.search(r"status=(\d+)", entry.text)[1]] += 1
    return found


def busy(make_world, **plan) -> World:
    return make_world(traffic=Traffic(per_second=5.0), **plan)


def test_requests_are_spread_over_the_web_dynos_that_are_up(make_world) -> None:
    world = busy(make_world, web=3, worker=2)
    world.tick(120)
    named = Counter(re.findall(r"dyno=(\S+) ", world.full_log("example-app")))
    assert set(named) == {"web.1", "web.2", "web.3"}
    assert min(named.values()) > 130


def test_a_restart_of_one_of_two_loses_no_request(make_world) -> None:
    world = busy(make_world, web=2)
    world.tick(10)
    world.restart("example-app", dyno="web.2")
    world.tick(30)
    assert set(codes(world)) <= {"200", "201", "H13"}
    assert codes(world)["H13"] <= 2


def test_requests_wait_for_a_dyno_that_boots(make_world) -> None:
    world = busy(make_world, ages={}, profiles={"web": ProcessProfile(boot=(9.0, 10.0))})
    world.tick(30)
    waits = [int(each) for each in re.findall(r"connect=(\d+)ms", world.full_log("example-app"))]
    assert max(waits) > 7000
    assert set(codes(world)) <= {"200", "201"}


def test_a_boot_that_takes_too_long_is_h20_after_75_seconds_then_h10(make_world) -> None:
    world = make_world(ages={}, profiles={"web": ProcessProfile(boot=(80.0, 80.0))}, traffic=Traffic(per_second=1.0))
    world.tick(70)
    assert codes(world)["H10"] > 0  # R10 after 60 s: it is starting after a crash
    late = make_world(ages={}, traffic=Traffic(per_second=1.0))
    late.dyno("example-app", "web.1").scheduled[0].cancel()
    late.tick(90)
    assert set(codes(late)) == {"H20"}


def test_maintenance_answers_everything_with_h80(make_world) -> None:
    world = busy(make_world)
    world.set_maintenance("example-app", True)
    world.tick(5)
    assert set(codes(world)) == {"H80"}


def test_web_scaled_to_nothing_is_h14(make_world) -> None:
    world = busy(make_world)
    world.scale("example-app", [FormationUpdate(type="web", quantity=0)])
    world.tick(10)
    assert codes(world)["H14"] > 20


def test_what_a_dying_dyno_had_open_is_h13_just_before_its_exit(make_world) -> None:
    world = make_world(traffic=Traffic(per_second=5.0), profiles={"web": ProcessProfile(slowness=20.0)})
    world.tick(20)
    world.exit("example-app", "web.1", 1)
    world.tick(0.2)
    log = world.app("example-app").log.everything
    cut = [each.at for each in log if "code=H13" in each.text]
    gone = next(each.at for each in log if each.text == "Process exited with status 1")
    assert len(cut) > 3
    assert all(0.027 <= (gone - at).total_seconds() <= 0.153 for at in cut)


def test_a_service_beyond_30_seconds_is_h12(make_world) -> None:
    world = make_world(traffic=Traffic(per_second=1.0), profiles={"web": ProcessProfile(slowness=2000.0)})
    world.tick(60)
    assert codes(world)["H12"] > 15
    services = set(re.findall(r"service=(\d+)ms", world.full_log("example-app")))
    assert max(map(int, services)) <= 30002


def test_a_failure_of_one_path_spares_the_others(make_world) -> None:
    faults = (Fault(code="500", rate=1.0, paths=("/checkout",)),)
    world = make_world(traffic=Traffic(per_second=5.0), profiles={"web": ProcessProfile(faults=faults)})
    world.tick(60)
    paths = {
        re.search(r'path="([^"]+)"', line)[1]
        for line in world.full_log("example-app").splitlines()
        if "status=500" in line
    }
    assert paths == {"/checkout"}


def test_session_affinity_keeps_a_client_on_one_dyno(make_world) -> None:
    world = busy(make_world, web=3)
    world.app("example-app").session_affinity = True
    world.tick(60)
    homes: dict[str, set[str]] = {}
    for client, dyno in re.findall(r'fwd="([\d.]+)" dyno=(\S+)', world.full_log("example-app")):
        homes.setdefault(client, set()).add(dyno)
    assert len(homes) > 10
    assert {len(each) for each in homes.values()} == {1}


@pytest.mark.parametrize("burst", [1.0, 2.0, 5.0])
def test_a_burst_keeps_the_share_of_failures(burst: float) -> None:
    fault = Fault(code="500", rate=0.2, burst=burst)
    begun = fault.start_rate
    assert begun * burst / (1 + begun * (burst - 1)) == pytest.approx(0.2)


def test_traffic_can_be_stopped_and_begun_again(make_world) -> None:
    world = busy(make_world)
    world.tick(10)
    world.set_traffic("example-app", None)
    world.tick(5)
    before = codes(world).total()
    world.tick(30)
    assert codes(world).total() == before
    world.set_traffic("example-app", replace(Traffic(per_second=1.0), per_second=8.0))
    world.tick(10)
    assert codes(world).total() > before + 30
