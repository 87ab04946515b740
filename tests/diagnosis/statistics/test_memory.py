"""Level, trend and forecast: growth is told from warm-up, saw-teeth and wandering, and only after 90 minutes."""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from random import Random

import pytest

from herodyno.diagnosis.counting.memory_facts import MemoryFacts
from herodyno.diagnosis.statistics.memory import (
    block_medians,
    forecast,
    quota_from_mark,
    r15_limit_mb,
    sen_interval,
    swap_in_rate,
    theil_sen,
    trend,
)

GAP = 20.0


def observed(
    minutes: float, curve: Callable[[float], float], *, keep: float = 0.0, sigma: float = 2.0, seed: int = 1
) -> MemoryFacts:
    """Samples every 20 s of a curve of MB over minutes, with AR(1) noise."""
    random, noise, memory = Random(seed), 0.0, MemoryFacts()
    for i in range(int(minutes * 60 / GAP)):
        noise = keep * noise + random.gauss(0, sigma * (1 - keep * keep) ** 0.5)
        memory.add_sample(i * GAP, curve(i * GAP / 60) + noise, 0.0, 512.0, None)
    return memory


def test_the_slope_is_the_median_of_pairs_and_one_wild_sample_does_not_move_it() -> None:
    points = [(h * 3600.0, 300.0 + 21 * h) for h in range(6)]
    points[3] = (points[3][0], 9000.0)
    assert theil_sen(points) == pytest.approx(21, abs=1)


def test_an_hour_is_too_short_to_speak_of_a_trend() -> None:
    told = trend(observed(60, lambda m: 300 + m), 512)
    assert (told.kind, told.reason) == ("not_assessed", "60 min of 90 min needed")


def test_half_of_the_samples_missing_is_too_few() -> None:
    memory = MemoryFacts()
    for i in range(600):
        if not 200 < i < 400:
            memory.add_sample(i * GAP, 300.0, 0.0, 512.0, None)
    told = trend(memory, 512)
    assert told.kind == "not_assessed"
    assert "80 % needed" in told.reason


@pytest.mark.parametrize("rate", [20, 40, 80])
def test_steady_growth_over_three_hours_is_growing(rate: float) -> None:
    told = trend(observed(180, lambda m: 250 + rate * m / 60, keep=0.9), 512)
    assert told.kind == "growing"
    assert told.slope == pytest.approx(rate, rel=0.2)
    assert told.low is not None
    assert told.high is not None
    assert told.low <= told.slope <= told.high


@pytest.mark.parametrize("keep", [0.0, 0.8, 0.95, 0.99])
def test_wandering_memory_is_not_called_growing(keep: float) -> None:
    grown = [trend(observed(120, lambda m: 300, keep=keep, sigma=4, seed=s), 512).kind == "growing" for s in range(60)]
    assert sum(grown) / len(grown) <= 0.02


def test_a_saw_tooth_of_garbage_collection_is_not_called_growing() -> None:
    grown = [
        trend(observed(120, lambda m: 280 + 60 * ((m / 30) % 1), keep=0.5, seed=s), 512).kind == "growing"
        for s in range(40)
    ]
    assert sum(grown) == 0


def test_a_warm_up_is_told_by_its_bend() -> None:
    told = [
        trend(observed(120, lambda m: 140 + 170 * (1 - exp(-m / 24)), keep=0.9, seed=s), 512).kind for s in range(40)
    ]
    assert told.count("growing") == 0
    assert told.count("warming_up") >= 38


@pytest.mark.parametrize("hours", [3, 6])
def test_a_warm_up_that_ended_hours_ago_is_still_told_by_its_bend(hours: int) -> None:
    told = [
        trend(observed(hours * 60, lambda m: 140 + 170 * (1 - exp(-m / 24)), keep=0.9, seed=s), 512).kind
        for s in range(10)
    ]
    assert told == ["warming_up"] * 10


@pytest.mark.parametrize("rise", [20, 30])
def test_a_rise_that_is_over_counts_from_five_per_cent_of_the_quota(rise: int) -> None:
    """25.6 of 512 MB, from the level it began at to the one it came to."""
    told = trend(observed(360, lambda m: 300 + rise * min(1.0, max(0.0, m - 15) / 30), sigma=0.2), 512)
    assert told.kind == ("warming_up" if rise > 25.6 else "flat")


def test_a_rise_that_is_over_counts_only_above_four_times_the_scatter_of_what_follows() -> None:
    def curve(minutes: float) -> float:
        return 300 + 60 * min(1.0, minutes / 30) + (60 * ((minutes / 20) % 1) if minutes > 60 else 0)

    assert trend(observed(360, curve, sigma=0.2), 512).kind == "flat"


@pytest.mark.parametrize("hours", [1.75, 3, 6])
def test_wandering_memory_and_saw_teeth_are_no_warm_up(hours: float) -> None:
    wandering = [trend(observed(hours * 60, lambda m: 300, keep=0.99, sigma=7, seed=s), 512).kind for s in range(40)]
    teeth = [
        trend(observed(hours * 60, lambda m: 280 + 60 * ((m / 30) % 1), keep=0.5, seed=s), 512).kind for s in range(10)
    ]
    assert wandering.count("warming_up") <= 1
    assert set(teeth) == {"flat"}


def test_what_fell_and_rose_again_is_neither_growing_nor_warming_up() -> None:
    assert trend(observed(180, lambda m: 300 + abs(m - 60), sigma=0.5), 512).kind == "flat"


def test_small_growth_below_five_per_cent_of_the_quota_is_flat() -> None:
    assert trend(observed(120, lambda m: 300 + m / 12, sigma=0.1), 512).kind == "flat"


def test_intervals_over_blocks_are_fooled_less_than_over_raw_samples() -> None:
    """60 minutes without growth, AR(1) 0.8."""
    raw = blocks = 0
    runs = 60
    for seed in range(runs):
        memory = observed(60, lambda m: 300, keep=0.8, sigma=4, seed=seed)
        points = [(t, v) for rows in memory.blocks.values() for t, v, _ in rows]
        medians = [(key * 300.0, sorted(v for _, v, _ in rows)[len(rows) // 2]) for key, rows in memory.blocks.items()]
        raw += not sen_interval(points)[0] <= 0 <= sen_interval(points)[1]
        blocks += not sen_interval(medians)[0] <= 0 <= sen_interval(medians)[1]
    assert blocks / runs <= 0.12
    assert raw > 2 * blocks


def test_the_forecast_is_a_range_and_stops_at_the_daily_cycle() -> None:
    told = trend(observed(300, lambda m: 300 + 25 * m / 60), 512)
    eta = forecast(told, 512.0, None)
    assert eta is not None
    early, late = eta
    assert told.end < early <= late
    assert forecast(told, 512.0, (0.0, told.end + 60)) is None
    assert forecast(told, None, None) is None


def test_no_forecast_further_than_three_times_what_was_observed() -> None:
    told = trend(observed(120, lambda m: 100 + 22 * m / 60, sigma=0.5), 512)
    assert told.kind == "growing"
    assert forecast(told, 512.0, None) is None


def test_a_level_of_swap_is_no_rate() -> None:
    memory = MemoryFacts()
    memory.add_sample(0, 600, 88, 512, 1000)
    assert swap_in_rate(memory) is None
    memory.add_sample(20, 600, 88, 512, 1820)
    assert swap_in_rate(memory) == 41.0


@pytest.mark.parametrize(
    ("size", "quota", "limit"),
    [
        ("Standard-1X", 512, 1024), ("performance-l", 14336, 28672), ("Performance-XL", 63488, 76185.6),
        ("Private-M", 2560, 2560), ("dyno-1c-0.5gb", 512, 512),
    ],
)  # fmt: skip
def test_the_forced_restart_comes_by_size(size: str, quota: float, limit: float) -> None:
    assert r15_limit_mb(size, quota) == pytest.approx(limit)


def test_an_unknown_size_has_no_known_limit() -> None:
    assert r15_limit_mb("", 512) is None
    assert r15_limit_mb("Standard-1X", None) is None


@pytest.mark.parametrize(("mem", "mark", "quota"), [(681, 133.1, 512), (871, 170.3, 512), (1044, 101.9, 1024)])
def test_the_quota_is_read_back_from_a_cut_off_mark(mem: int, mark: float, quota: float) -> None:
    assert quota_from_mark(mem, mark) == quota


def test_a_mark_that_fits_no_quota_tells_none() -> None:
    assert quota_from_mark(700, 100.0) is None


@pytest.mark.parametrize(("kept", "assessed"), [(0.76, False), (0.84, True)])
def test_four_fifths_of_the_samples_are_needed(kept: float, assessed: bool) -> None:
    memory = MemoryFacts()
    for i in range(600):
        if not 100 <= i < 100 + 600 * (1 - kept):
            memory.add_sample(i * GAP, 300.0, 0.0, 512.0, None)
    assert (trend(memory, 512).kind != "not_assessed") is assessed


@pytest.mark.parametrize(("missing_hours", "told_of"), [(2.8 * 2, True), (3.2 * 2, False)])
def test_the_forecast_reaches_three_times_as_far_as_was_seen(missing_hours: float, told_of: bool) -> None:
    told = trend(observed(120, lambda m: 512 - 40 * missing_hours - 40 * (120 - m) / 60, sigma=0.2), 512)
    assert told.kind == "growing"
    assert (forecast(told, 512.0, None) is not None) is told_of


def test_the_forecast_may_fall_into_the_daily_cycle_and_ends_with_it() -> None:
    told = trend(observed(300, lambda m: 300 + 25 * m / 60), 512)
    eta = forecast(told, 512.0, None)
    assert eta is not None
    cycle = (told.end, eta[1] + 60)
    assert forecast(told._replace(low=20.0), 512.0, cycle) == (eta[0], cycle[1])


def test_a_slope_that_was_nothing_for_a_while_has_no_latest_time_but_the_reach() -> None:
    told = trend(observed(300, lambda m: 300 + 25 * m / 60), 512)
    eta = forecast(told._replace(low=-1.0), 512.0, None)
    assert eta is not None
    assert eta[1] == told.end + 3 * told.minutes * 60


def test_what_is_over_its_quota_has_no_forecast() -> None:
    assert forecast(trend(observed(180, lambda m: 480 + 20 * m / 60, sigma=0.5), 512), 512.0, None) is None


def test_without_a_known_quota_the_smallest_stands_for_it() -> None:
    assert trend(observed(120, lambda m: 300 + 17 * m / 60, sigma=0.2), None).kind == "growing"
    assert trend(observed(120, lambda m: 300 + 11 * m / 60, sigma=0.2), None).kind == "flat"


def test_a_jump_between_two_level_hours_is_no_growth() -> None:
    told = [trend(observed(180, lambda m: 300 + m / 6 + 60 * (m >= 90), sigma=0.2, seed=s), 512).kind for s in range(5)]
    assert "growing" not in told


def test_a_quarter_of_an_hour_that_was_lower_six_hours_ago_is_no_warm_up() -> None:
    """Its rise would be enough, but the interval of the slope holds 0."""
    told = {trend(observed(360, lambda m: 300 + 60 * (m >= 15), sigma=0.5, seed=s), 512).kind for s in range(12)}
    assert told == {"flat"}


def test_a_block_of_one_or_two_samples_is_left_out() -> None:
    blocks = {0: [(0.0, 1.0, 0.0)] * 3, 1: [(300.0, 9.0, 9.0)] * 2, 2: [(600.0, 3.0, 1.0)] * 3}
    assert block_medians(blocks) == [(150.0, 1.0, 0.0), (750.0, 3.0, 1.0)]
    assert len(block_medians({1: [(300.0, 9.0, 9.0)] * 2})) == 1


def test_a_counter_of_pages_that_began_anew_tells_no_rate() -> None:
    memory = MemoryFacts()
    memory.add_sample(0, 600, 88, 512, 1000)
    memory.add_sample(20, 600, 88, 512, 10)
    assert swap_in_rate(memory) is None
