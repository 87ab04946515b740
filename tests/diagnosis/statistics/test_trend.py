"""The class of a trend: growth is told from warm-up, saw-teeth and wandering, and only after 90 minutes."""

from __future__ import annotations

from math import exp

import pytest

from herodyno.diagnosis.counting.memory_facts import MemoryFacts
from herodyno.diagnosis.statistics.trend import block_medians, sen_interval, theil_sen, trend
from tests.diagnosis.statistics.series import GAP, observed


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


def test_what_fell_first_is_judged_by_its_last_two_hours() -> None:
    told = trend(observed(180, lambda m: 300 + abs(m - 60) / 2, sigma=0.5), 512)
    assert told.kind == "growing"
    assert told.slope == pytest.approx(30, rel=0.1)


@pytest.mark.parametrize("part", [1 / 3, 1 / 2])
def test_a_leak_that_begins_late_is_growing(part: float) -> None:
    told = [
        trend(observed(300, lambda m: 250 + 35 * max(0, m - 300 * (1 - part)) / 60, keep=0.8, seed=s), 512)
        for s in range(6)
    ]
    assert {each.kind for each in told} == {"growing"}
    assert all(each.late and each.late.rises for each in told)


@pytest.mark.parametrize("hours", [3, 5, 8])
def test_growth_after_a_warm_up_is_growing_at_the_later_slope(hours: int) -> None:
    told = [
        trend(observed(hours * 60, lambda m: 140 + 100 * (1 - exp(-m / 20)) + 20 * m / 60, keep=0.8, seed=s), 512)
        for s in range(10)
    ]
    assert [each.kind for each in told].count("growing") >= 9
    assert sum(each.low is not None and each.high is not None and each.low < 20 < each.high for each in told) >= 8


def test_a_warm_up_that_still_rises_says_by_how_much_with_its_margin() -> None:
    """After two hours a warm-up of 40 minutes still has 5 % to go."""
    told = trend(observed(150, lambda m: 140 + 170 * (1 - exp(-m / 40)), keep=0.5, sigma=1), 512)
    assert told.kind == "warming_up"
    assert told.late is not None
    assert told.late.rises
    assert told.late.hours == 1
    assert (
        told.late.slope - told.late.margin < 170 * (exp(-90 / 40) - exp(-150 / 40)) < told.late.slope + told.late.margin
    )


@pytest.mark.parametrize("tooth", [0, 60])
def test_memory_that_is_level_or_a_saw_tooth_does_not_rise_in_its_last_hour(tooth: float) -> None:
    told = [
        trend(observed(240, lambda m: 280 + tooth * ((m / 30) % 1), keep=0.9, sigma=4, seed=s), 512) for s in range(20)
    ]
    assert sum(each.late is not None and each.late.rises for each in told) == 0


def test_a_saw_tooth_that_hides_the_rise_of_an_hour_is_looked_at_for_longer() -> None:
    told = trend(observed(300, lambda m: 200 + 100 * (1 - exp(-m / 20)) + 15 * m / 60 + 40 * ((m / 25) % 1)), 512)
    assert told.late is not None
    assert told.late.rises
    assert told.late.hours > 3


def test_samples_an_hour_apart_are_too_few_blocks() -> None:
    memory = MemoryFacts()
    for hour in range(6):
        memory.add_sample(hour * 3600.0, 300.0, 0.0, 512.0, None)
    told = trend(memory, 512)
    assert (told.kind, told.reason) == ("not_assessed", "6 spans of 5 min, 12 needed")


@pytest.mark.parametrize("before", [150.0, 159.6])
def test_where_the_last_third_has_hardly_a_sample_the_last_two_thirds_tell_the_rise(before: float) -> None:
    memory = MemoryFacts()
    for hour in (0.0, 18.2, 44.5, 70.4, 72.5, 76.5, 102.9, 105.4, 131.9, 147.3, before, 235.5):
        memory.add_sample(hour * 3600, 300.0 + hour, 0.0, 512.0, None)
    late = trend(memory, 512).late
    assert late is not None
    assert late.slope == pytest.approx(1.0, abs=0.1)


def test_small_growth_below_five_per_cent_of_the_quota_is_flat() -> None:
    assert trend(observed(120, lambda m: 300 + m / 12, sigma=0.1), 512).kind == "flat"


def test_intervals_over_blocks_are_fooled_less_than_over_raw_samples() -> None:
    """60 minutes without growth, AR(1) 0.8."""
    raw = blocks = 0
    runs = 60
    for seed in range(runs):
        memory = observed(60, lambda m: 300, keep=0.8, sigma=4, seed=seed)
        points = [(t, v) for t, v, _ in memory.samples]
        medians = [(key * 300.0, sorted(levels)[len(levels) // 2]) for key, levels in memory.levels.items()]
        raw += not sen_interval(points)[0] <= 0 <= sen_interval(points)[1]
        blocks += not sen_interval(medians)[0] <= 0 <= sen_interval(medians)[1]
    assert blocks / runs <= 0.12
    assert raw > 2 * blocks


@pytest.mark.parametrize(("kept", "assessed"), [(0.76, False), (0.84, True)])
def test_four_fifths_of_the_samples_are_needed(kept: float, assessed: bool) -> None:
    memory = MemoryFacts()
    for i in range(600):
        if not 100 <= i < 100 + 600 * (1 - kept):
            memory.add_sample(i * GAP, 300.0, 0.0, 512.0, None)
    assert (trend(memory, 512).kind != "not_assessed") is assessed


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
    assert block_medians({0: [1.0] * 3, 1: [9.0] * 2, 2: [3.0] * 3}) == [(150.0, 1.0), (750.0, 3.0)]
    assert len(block_medians({1: [9.0] * 2})) == 1
