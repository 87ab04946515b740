"""The event queue keeps its order, and late lines keep their own time."""

from __future__ import annotations

import re

from herodyno.sandbox.incidents.scenarios import scenario
from herodyno.sandbox.world.log_buffer import LogBuffer
from herodyno.sandbox.world.simulator import Simulator
from herodyno.sandbox.world.world import START


def test_things_happen_in_the_order_of_their_time_then_of_their_planning() -> None:
    simulator, seen = Simulator(1, START), []
    simulator.schedule(2, lambda: seen.append("c"))
    simulator.schedule(1, lambda: seen.append("a"))
    simulator.schedule(1, lambda: seen.append("b"))
    simulator.schedule(3, lambda: seen.append("never")).cancel()
    simulator.run(5)
    assert seen == ["a", "b", "c"]
    assert (simulator.now - START).total_seconds() == 5


def test_an_action_sees_its_own_time_and_can_plan_within_the_same_run() -> None:
    simulator, seen = Simulator(1, START), []
    simulator.schedule(1.5, lambda: simulator.schedule(1, lambda: seen.append(simulator.seconds)) and None)
    simulator.run(10)
    assert seen == [2.5]


def test_lines_written_together_stay_together_microseconds_apart() -> None:
    simulator, log = Simulator(1, START), LogBuffer()
    simulator.write(log, "app", "web.1", "Traceback (most recent call last):", "  line", "KeyError", late=0.0)
    stamps = [each.at for each in log.everything]
    assert stamps == sorted(stamps)
    assert (stamps[-1] - stamps[0]).total_seconds() < 0.001


def test_about_one_line_in_twenty_arrives_late_by_a_tenth_of_a_second() -> None:
    stamps = [each.at.timestamp() for each in scenario("healthy").app("example-app").log.everything]
    back, highest = [], stamps[0]
    for at in stamps:
        if at < highest:
            back.append(highest - at)
        highest = max(highest, at)
    assert 0.005 < len(back) / len(stamps) < 0.12
    assert max(back) < 2


def test_ids_are_uuids_of_version_4() -> None:
    simulator = Simulator(1, START)
    shape = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    ids = {simulator.new_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(map(shape.fullmatch, ids))
