"""One incarnation from start to exit: its lines are those of public logs, in the same order."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from herodyno.sandbox.world.resources import Dyno
from herodyno.sandbox.world.workload import ProcessProfile
from herodyno.sandbox.world.world import World

STARTING = "Starting process with command `serve`"
SIGTERM = "Stopping all processes with SIGTERM"
R12 = "Error R12 (Exit timeout) -> At least one process failed to exit within 30 seconds of SIGTERM"
R10 = "Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 60 seconds of launch"


def stubborn(world: World) -> Dyno:
    dyno = world.dyno("example-app", "web.1")
    dyno.profile = replace(dyno.profile, ignores_sigterm=True)
    return dyno


class TestStart:
    def test_a_new_dyno_is_starting_then_up_within_seconds(self, make_world, said) -> None:
        world = make_world(ages={})
        assert world.dyno("example-app", "web.1").state == "starting"
        world.tick(12)
        assert world.dyno("example-app", "web.1").state == "up"
        assert said(world, "web.1") == [STARTING, "State changed from starting to up"]

    def test_each_incarnation_has_an_id_of_its_own(self, make_world) -> None:
        world = make_world()
        before = world.dyno("example-app", "web.1")
        world.restart("example-app", dyno="web.1")
        after = world.dyno("example-app", "web.1")
        assert before.id != after.id
        assert before in world.app("example-app").past

    def test_a_web_process_that_does_not_bind_is_killed_after_60_seconds(self, make_world, said) -> None:
        world = make_world(ages={}, profiles={"web": ProcessProfile(binds=False)})
        world.tick(66)
        assert said(world, "web.1")[:5] == [
            STARTING, R10, "Stopping process with SIGKILL", "Process exited with status 137",
            "State changed from starting to crashed",
        ]  # fmt: skip

    def test_a_process_that_dies_in_its_boot_never_comes_up(self, make_world, said) -> None:
        world = make_world(ages={}, profiles={"web": ProcessProfile(boot_status=3)})
        world.tick(9)
        lines = said(world, "web.1")
        assert lines[1:3] == ["Process exited with status 3", "State changed from starting to crashed"]
        assert "State changed from starting to up" not in lines


class TestExit:
    @pytest.mark.parametrize("seed", range(20))
    def test_an_old_dyno_that_ignores_sigterm_is_killed_under_the_name_of_the_new_one(
        self, make_world, said, seed: int
    ) -> None:
        world = make_world(seed=seed)
        old = stubborn(world)
        world.restart("example-app", dyno="web.1")
        world.tick(40)
        lines = said(world, "web.1")
        assert lines[:2] == ["Restarting", "State changed from up to starting"]
        assert set(lines[2:5]) == {STARTING, SIGTERM, "State changed from starting to up"}
        assert lines[5:] == [R12, "Stopping remaining processes with SIGKILL", "Process exited with status 137"]
        new = world.dyno("example-app", "web.1")
        assert (old.exit_status, new.state) == (137, "up")
        assert new.up_at < old.ended_at  # the overlap trap

    def test_r12_comes_30_seconds_after_sigterm(self, make_world) -> None:
        world = make_world()
        stubborn(world)
        world.restart("example-app", dyno="web.1")
        world.tick(40)
        at = {each.text: each.at for each in world.app("example-app").log.everything}
        assert 30 <= (at[R12] - at[SIGTERM]).total_seconds() < 30.5

    def test_start_and_sigterm_come_in_either_order(self, make_world, said) -> None:
        orders = set()
        for seed in range(30):
            world = make_world(seed=seed)
            world.restart("example-app", dyno="web.1")
            world.tick(30)
            lines = said(world, "web.1")
            orders.add(lines.index(STARTING) < lines.index(SIGTERM))
            assert "Process exited with status 143" in lines
        assert orders == {True, False}

    def test_the_state_line_is_stamped_after_the_exit_but_may_arrive_before_it(self, make_world) -> None:
        before = 0
        for seed in range(60):
            world = make_world(seed=seed)
            world.exit("example-app", "web.1", 1)
            world.tick(5)
            arrived = world.app("example-app").log.everything
            exit_line = next(each for each in arrived if each.text.startswith("Process exited"))
            state_line = next(each for each in arrived if each.text == "State changed from up to crashed")
            assert 0.004 <= (state_line.at - exit_line.at).total_seconds() <= 1.6
            before += arrived.index(state_line) < arrived.index(exit_line)
        assert 2 <= before <= 25


class TestCrash:
    def test_the_first_crash_is_followed_by_a_start_at_once(self, make_world, said) -> None:
        world = make_world()
        world.exit("example-app", "web.1", 1)
        world.tick(8)
        assert said(world, "web.1")[:4] == [
            "Process exited with status 1", "State changed from up to crashed",
            "State changed from crashed to starting", STARTING,
        ]  # fmt: skip

    def test_the_back_off_grows_and_stops_at_a_day(self, make_world) -> None:
        lifecycle = make_world().lifecycle
        delays = [lifecycle.crash_delay(crashes) for crashes in range(1, 14)]
        assert delays[0] < 1
        assert 590 < delays[1] < 660
        assert delays[1:8] == sorted(delays[1:8])
        assert all(each <= 86_400 * 1.09 for each in delays)
        assert delays[-1] > 80_000

    def test_a_dyno_that_keeps_crashing_waits_longer_each_time(self, make_world) -> None:
        world = make_world(profiles={"web": ProcessProfile(crash_after=5.0)}, ages={})
        world.tick(3600)
        starts = [each.at for each in world.app("example-app").log.everything if each.text == STARTING]
        gaps = [(b - a).total_seconds() for a, b in pairwise(starts)]
        assert gaps[0] < 30 < 600 < gaps[1] < gaps[2]

    def test_a_restart_forgets_the_crashes(self, make_world) -> None:
        world = make_world()
        for _ in range(2):
            world.exit("example-app", "web.1", 1)
            world.tick(20)
        assert world.dyno("example-app", "web.1").state == "crashed"
        world.restart("example-app", dyno="web.1")
        assert world.dyno("example-app", "web.1").crashes == 0
        world.tick(15)
        assert world.dyno("example-app", "web.1").state == "up"
