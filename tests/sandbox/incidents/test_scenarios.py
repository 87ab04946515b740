"""Each scenario is the same for the same seed, agrees with its ground truth, and has the promised volume."""

from __future__ import annotations

import re
import statistics
import time
from collections import Counter
from itertools import pairwise

import pytest

from herodyno.sandbox.app_lines.words import expression
from herodyno.sandbox.incidents.scenarios import SCENARIOS, names, scenario
from herodyno.sandbox.world.log_buffer import LogEntry
from herodyno.sandbox.world.world import World

SHORT = [name for name, each in SCENARIOS.items() if each.defaults.get("seconds", 390.0) <= 390.0]
SERVER_CODES = {"H10", "H11", "H12", "H13", "H14", "H18", "H19", "H20", "H21", "H99"}


def requests(world: World, app: str = "example-app") -> list[tuple[LogEntry, str, str, int]]:
    """Router lines as (entry, code or "", dyno name, status)."""
    found = []
    for entry in world.app(app).log.everything:
        if entry.proc == "router":
            match = re.search(r"dyno=(\S*) .*status=(\d+)", entry.text)
            code = re.search(r"code=(H\d\d)", entry.text)
            assert match
            found.append((entry, code[1] if code else "", match[1], int(match[2])))
    return found


def is_error(code: str, status: int) -> bool:
    return code in SERVER_CODES or (not code and status >= 500)


def errors(world: World) -> list[tuple[LogEntry, str, str, int]]:
    return [each for each in requests(world) if is_error(each[1], each[3])]


class TestDeterminism:
    @pytest.mark.parametrize("name", [*SHORT, "warm-up"])
    def test_the_same_seed_gives_the_same_bytes(self, name: str) -> None:
        first, second = (scenario(name, seed=11) for _ in range(2))
        assert first.full_log("example-app") == second.full_log("example-app")
        assert first.truth == second.truth
        assert [each.id for each in first.dynos("example-app")] == [each.id for each in second.dynos("example-app")]

    def test_another_seed_gives_other_bytes(self) -> None:
        assert scenario("healthy", seed=1).full_log("example-app") != scenario("healthy", seed=2).full_log(
            "example-app"
        )

    def test_how_time_is_cut_into_ticks_makes_no_difference(self) -> None:
        whole, cut = scenario("one-bad-dyno", seed=4), scenario("one-bad-dyno", seed=4)
        whole.tick(60)
        for _ in range(240):
            cut.tick(0.25)
        assert whole.full_log("example-app") == cut.full_log("example-app")

    def test_a_short_incident_is_made_in_well_under_a_tenth_of_a_second(self) -> None:
        spent = []
        for seed in range(3):
            began = time.process_time()
            scenario("one-bad-dyno", seed=seed)
            spent.append(time.process_time() - began)
        assert min(spent) < 0.1


class TestOneBadDyno:
    @pytest.mark.parametrize("seed", range(5))
    def test_the_log_is_like_the_mock_up(self, seed: int) -> None:
        world = scenario("one-bad-dyno", seed=seed)
        lines = world.log_text("example-app").splitlines()
        assert len(lines) == 1500
        first, last = (world.app("example-app").log.history(1500)[n].at for n in (0, -1))
        assert 280 < (last - first).total_seconds() < 395
        by_dyno = Counter(name for _, _, name, _ in requests(world))
        failed = Counter(name for _, _, name, _ in errors(world))
        assert 0.12 < failed["web.2"] / by_dyno["web.2"] < 0.3
        assert failed["web.2"] / failed.total() > 0.85
        assert 0.2 < by_dyno["web.2"] / by_dyno.total() < 0.35

    def test_the_guilty_dyno_is_the_one_over_its_quota(self) -> None:
        world = scenario("one-bad-dyno")
        marks = {each.dyno_id for each in world.app("example-app").log.everything if "Error R14" in each.text}
        assert marks == {world.truth.guilty[0][1]} == {world.dyno("example-app", "web.2").id}

    def test_every_request_line_was_served_by_the_dyno_it_names(self) -> None:
        world = scenario("one-bad-dyno")
        ids = {each.name: each.id for each in world.dynos("example-app")}
        assert all(entry.dyno_id == ids[name] for entry, _, name, _ in requests(world))

    def test_bursts_are_retries_within_5_seconds_on_one_path(self) -> None:
        world = scenario("one-bad-dyno", burst=8.0, code="500", seconds=900.0)
        bad = [entry for entry, _, name, _ in errors(world) if name == "web.2"]
        paths: dict[str, list[float]] = {}
        for entry in bad:
            path = entry.text.split('path="')[1].split('"')[0] + entry.text.split('fwd="')[1].split('"')[0]
            paths.setdefault(path, []).append(entry.at.timestamp())
        close = sum(b - a < 5 for stamps in paths.values() for a, b in pairwise(stamps))
        assert close / len(bad) > 0.6

    def test_the_error_rate_is_the_one_asked_for(self) -> None:
        for burst in (1.0, 8.0):
            world = scenario("one-bad-dyno", seconds=2000.0, burst=burst, error_rate=0.1, code="500", per_second=3.0)
            mine = [status for _, _, name, status in requests(world) if name == "web.2"]
            assert 0.06 < sum(status == 500 for status in mine) / len(mine) < 0.15

    def test_some_bad_dynos_are_as_many_as_asked_for(self) -> None:
        world = scenario("some-bad-dynos", bad=3, dynos=8)
        assert [name for name, _ in world.truth.guilty] == ["web.2", "web.3", "web.4"]
        assert world.truth.verdict == "some_dynos"


class TestTheOthers:
    def test_healthy_has_no_error(self) -> None:
        world = scenario("healthy")
        assert errors(world) == []
        assert len(requests(world)) > 700

    def test_after_the_broken_release_every_dyno_fails_and_hardly_any_before(self) -> None:
        world = scenario("release-broke-app")
        assert world.truth.since is not None
        bad = errors(world)
        assert sum(entry.at >= world.truth.since for entry, *_ in bad) / len(bad) > 0.9
        assert len(bad) >= 20
        assert {name for _, _, name, _ in bad} == {"web.1", "web.2", "web.3", "web.4"}
        assert {each.release for each in world.dynos("example-app")} == {413}

    def test_a_crash_loop_has_h13_at_an_exit_and_h10_after_it(self) -> None:
        seen = Counter()
        for seed in range(6):
            world = scenario("crash-loop", seed=seed)
            log = sorted(world.app("example-app").log.everything, key=lambda each: each.at)
            exits = [each for each in log if each.text == "Process exited with status 1"]
            for entry, code, _, _ in requests(world):
                seen[code] += 1
                if code == "H13":
                    gaps = [(each.at - entry.at).total_seconds() for each in exits if each.dyno_id == entry.dyno_id]
                    assert min(gaps) == pytest.approx(0.09, abs=0.07)
            assert {each.state for each in world.dynos("example-app")} == {"crashed"}
        assert seen["H10"] > 500
        assert seen["H13"] >= 3

    def test_scaled_to_zero_has_only_h14_afterwards(self) -> None:
        world = scenario("scaled-to-zero")
        since = world.truth.since
        assert since is not None
        late = [code for entry, code, _, _ in requests(world) if (entry.at - since).total_seconds() > 5]
        assert set(late) == {"H14"}
        assert world.formation("example-app")[0].quantity == 0

    def test_clients_that_leave_are_no_server_errors(self) -> None:
        world = scenario("clients-leaving", others_rate=0.0)
        codes = Counter(code for _, code, _, _ in requests(world))
        assert codes["H27"] > 40
        assert errors(world) == []

    def test_the_slow_dyno_is_slow_and_nothing_else(self) -> None:
        world = scenario("slow-dyno")
        service: dict[str, list[int]] = {}
        for entry, _, name, _ in requests(world):
            service.setdefault(name, []).append(int(entry.text.split("service=")[1].split("ms")[0]))
        medians = {name: statistics.median(each) for name, each in service.items()}
        slow = world.truth.slow[0][0]
        others = [median for name, median in medians.items() if name != slow]
        assert medians[slow] > 2 * max(others)
        assert medians[slow] > max(others) + 100
        assert errors(world) == []

    def test_the_restarted_culprit_is_gone_and_its_name_is_fine(self) -> None:
        world = scenario("restart-that-fixed-it")
        name, dyno_id = world.truth.guilty[0]
        assert world.truth.replaced
        new = world.dyno("example-app", name)
        assert new.id != dyno_id
        mine = [entry.dyno_id for entry, _, named, _ in errors(world) if named == name]
        assert mine.count(dyno_id) / len(mine) > 0.9
        assert any(entry.dyno_id == new.id for entry, *_ in requests(world))

    def test_too_little_data_is_three_errors_on_one_dyno(self) -> None:
        world = scenario("too-little-data")
        assert [name for _, _, name, _ in errors(world)] == ["web.1"] * 3
        assert 30 < len(requests(world)) < 90

    def test_a_single_dyno_has_no_peers(self) -> None:
        world = scenario("single-dyno")
        assert len(world.dynos("example-app")) == 1
        assert len(errors(world)) >= 20

    def test_one_client_makes_the_errors_and_sits_on_one_dyno(self) -> None:
        world = scenario("one-client-or-path")
        bad = errors(world)
        assert len(bad) >= 20
        assert len({name for _, _, name, _ in bad}) == 1
        assert all('fwd="203.0.113.77"' in entry.text for entry, *_ in bad)

    def test_platform_trouble_names_no_dyno(self) -> None:
        assert {(code, name) for _, code, name, _ in errors(scenario("platform-trouble"))} == {("H99", "")}

    def test_fir_has_no_history_and_no_metrics(self) -> None:
        world = scenario("fir-app")
        assert world.log_text("example-app") == ""
        assert "sample#" not in world.full_log("example-app")
        failed = Counter(name for _, _, name, _ in errors(world))
        assert failed.most_common(1)[0][0] == world.truth.guilty[0][0]


class TestMemory:
    def samples(self, world: World, dyno_id: str) -> list[float]:
        found = re.findall(rf"{dyno_id} sample#memory_total=([\d.]+)MB", world.full_log("example-app"))
        return [float(each) for each in found]

    def test_the_growing_worker_grows_at_its_rate_and_its_peers_do_not(self) -> None:
        world = scenario("memory-growing-worker")
        for dyno_id, kind in world.truth.memory.items():
            samples = self.samples(world, dyno_id)
            assert len(samples) > 600
            rise = statistics.mean(samples[-30:]) - statistics.mean(samples[:30])
            if kind == "growing":
                assert 75 < rise < 92
            else:
                assert rise < 25
        assert max(self.samples(world, world.truth.guilty[0][1])) < 512

    def test_warming_up_rises_and_bends(self) -> None:
        world = scenario("warm-up")
        assert set(world.truth.memory.values()) == {"warming_up"}
        for dyno_id in world.truth.memory:
            samples = self.samples(world, dyno_id)
            half = len(samples) // 2
            first, second = samples[half] - samples[0], samples[-1] - samples[half]
            assert first > 100 > 0.3 * first > second


class TestFleet:
    def test_it_has_as_many_apps_as_asked_for_each_with_its_truth(self) -> None:
        world = scenario("fleet", apps=60, seconds=120.0)
        assert len(world.apps) == len(world.truths) == 60
        assert {"nothing_found", "one_dyno"} <= {each.verdict for each in world.truths.values()}

    def test_every_name_can_be_staged(self) -> None:
        assert set(names()) == {*SCENARIOS, "fleet"}
        with pytest.raises(KeyError):
            scenario("no-such-thing")


class TestWhatTheAppSays:
    """By seed the app says why, prints a line that misleads, or says nothing. The truth names the line."""

    BROKEN = ("one-bad-dyno", "release-broke-app", "crash-loop", "overloaded", "single-dyno")

    def printed(self, world: World, pattern: str) -> Counter[str]:
        found = expression(pattern)
        log = world.app("example-app").log.everything
        return Counter(each.proc for each in log if each.source == "app" and found.search(each.text))

    @pytest.mark.parametrize("name", BROKEN)
    @pytest.mark.parametrize("turn", range(3))
    def test_a_third_of_the_seeds_says_why(self, name: str, turn: int) -> None:
        why, misleading, nothing = (scenario(name, seed=3 * turn + number) for number in (1, 2, 3))

        assert why.truth.line
        assert why.truth.misleading is None
        assert sum(self.printed(why, why.truth.line.rpartition(": ")[2]).values()) >= 3
        assert (misleading.truth.line, nothing.truth.line, nothing.truth.misleading) == (None, None, None)
        assert misleading.truth.misleading

    def test_the_bad_dyno_alone_says_why_and_every_dyno_misleads_alike(self) -> None:
        for seed in (1, 4, 7):
            why, misleading = scenario("one-bad-dyno", seed=seed), scenario("one-bad-dyno", seed=seed + 1)
            assert why.truth.line
            assert misleading.truth.misleading
            assert set(self.printed(why, why.truth.line)) == {"web.2"}
            alike = self.printed(misleading, misleading.truth.misleading)
            assert len(alike) == 4
            assert max(alike.values()) < 2 * min(alike.values())

    def test_the_line_of_the_demo_says_why(self) -> None:
        assert scenario("one-bad-dyno").truth.line == (
            "[{request_id}] waiting for a database connection (pool of 5 exhausted)"
        )
