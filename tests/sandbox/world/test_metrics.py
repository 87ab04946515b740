"""Runtime metrics: their gaps, their sums, and what the platform does above the quota."""

from __future__ import annotations

import re
import statistics
from itertools import pairwise

from herodyno.sandbox.world.workload import MemoryCurve, ProcessProfile
from herodyno.sandbox.world.world import World

MEMORY = re.compile(
    r"memory_total=([\d.]+)MB sample#memory_rss=([\d.]+)MB sample#memory_cache=([\d.]+)MB sample#memory_swap=([\d.]+)MB"
)


def heavy(level: float, **more: float) -> dict[str, ProcessProfile]:
    return {"web": ProcessProfile(memory=MemoryCurve(level=level, sigma=1.0, **more))}


def stamps(world: World, word: str) -> list[float]:
    return [each.at.timestamp() for each in world.app("example-app").log.everything if word in each.text]


def test_a_dyno_is_sampled_every_20_seconds_or_so(make_world) -> None:
    world = make_world(runtime_metrics=True)
    world.tick(3600)
    at = sorted(stamps(world, "memory_total"))
    gaps = [b - a for a, b in pairwise(at)]
    assert 20 < statistics.median(gaps) < 24
    assert min(gaps) > 18
    assert len(stamps(world, "load_avg_15m")) == len(at)


def test_the_first_sample_comes_15_to_30_seconds_after_the_start_and_lacks_the_load(make_world) -> None:
    world = make_world(ages={}, runtime_metrics=True)
    world.tick(45)
    up = stamps(world, "starting to up")[0]
    assert 15 <= min(stamps(world, "memory_total")) - up <= 30
    world.tick(200)
    assert stamps(world, "load_avg_1m")
    assert not stamps(world, "load_avg_5m")


def test_total_is_rss_and_cache_and_swap(make_world) -> None:
    world = make_world(runtime_metrics=True, profiles=heavy(600))
    world.tick(600)
    rows = [tuple(map(float, each)) for each in MEMORY.findall(world.full_log("example-app"))]
    assert len(rows) > 20
    for total, rss, cache, swap in rows:
        assert abs(total - rss - cache - swap) < 0.03
        assert abs(swap - (total - 512)) < 0.03


def test_above_the_quota_every_sample_brings_an_r14_even_with_metrics_off(make_world, said) -> None:
    world = make_world(profiles=heavy(600))
    world.tick(220)
    lines = said(world, "web.1")
    assert 8 <= lines.count("Error R14 (Memory quota exceeded)") <= 12
    assert re.fullmatch(r"Process running mem=\d{3}M\(11\d\.\d%\)", lines[0])
    assert world.dyno("example-app", "web.1").state == "up"


def test_at_twice_the_quota_the_platform_kills(make_world, said) -> None:
    world = make_world(profiles=heavy(1100))
    first = world.dyno("example-app", "web.1")
    world.tick(30)
    lines = said(world, "web.1")
    assert lines[1:5] == [
        "Error R15 (Memory quota vastly exceeded)", "Stopping process with SIGKILL", "Process exited with status 137",
        "State changed from up to crashed",
    ]  # fmt: skip
    assert (first.exit_status, first.end_reason) == (137, "crashed")


def test_a_private_dyno_has_no_swap_and_no_r14(make_world, said) -> None:
    world = make_world(size="Private-S", profiles=heavy(1000))
    world.tick(300)
    assert not [each for each in said(world, "web.1") if "R1" in each]


def test_fir_restarts_a_dyno_at_its_limit_without_a_word(make_world) -> None:
    world = make_world(
        size="dyno-1c-0.5gb", generation="fir", runtime_metrics=True, profiles=heavy(500, per_hour=200.0)
    )
    before = world.dynos("example-app")[0]
    world.tick(900)
    assert before.end_reason == "killed"
    assert "R15" not in world.full_log("example-app")
    assert "sample#" not in world.full_log("example-app")


def test_a_curve_is_the_sum_of_its_parts() -> None:
    curve = MemoryCurve(level=100, warm_up=50, tau_seconds=600, per_hour=12, tooth=20, tooth_seconds=1000)
    assert curve.mean(0) == 100
    assert round(curve.mean(3600 * 10 + 500), 1) == round(100 + 50 + 12 * (36_500 / 3600) + 20 * 0.5, 1)
