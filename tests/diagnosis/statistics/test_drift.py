"""A line with noise that follows itself: its slope is as uncertain as the noise makes it."""

from __future__ import annotations

from math import exp
from random import Random

import pytest

from herodyno.diagnosis.statistics.drift import Drift, Point, _of_times

STEP = 300.0


def points(hours: float, slope: float, keep: float, seed: int, warm_up: float = 0.0) -> list[Point]:
    """A point each 5 minutes from 300 MB on, with noise of 3 MB."""
    random, noise = Random(seed), 0.0
    made = []
    for i in range(int(hours * 12)):
        noise = keep * noise + random.gauss(0, 3 * (1 - keep * keep) ** 0.5)
        made.append((i * STEP, 300 + slope * i / 12 + warm_up * (1 - exp(-i / 4)) + noise))
    return made


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.9])
def test_the_interval_of_the_slope_holds_the_true_one_however_much_the_noise_follows_itself(keep: float) -> None:
    held = 0
    for seed in range(30):
        mean, deviation = Drift(points(4, 10, keep, seed)).slope()
        held += abs(mean - 10) <= 1.96 * deviation
    assert held >= 27


def test_noise_that_follows_itself_makes_the_slope_less_certain() -> None:
    white, following = (Drift(points(4, 10, keep, 1)).slope()[1] for keep in (0.0, 0.95))
    assert following > 1.5 * white


def test_a_warm_up_is_no_part_of_the_slope() -> None:
    held = sum(
        abs(mean - 10) <= 2 * deviation
        for mean, deviation in (Drift(points(5, 10, 0.3, seed, warm_up=80)).slope() for seed in range(20))
    )
    assert held >= 18
    without, _ = Drift(points(5, 10, 0.3, 1, warm_up=80), with_warm_up=False).slope()
    assert without > 12


def test_the_chance_of_being_above_a_level_rises_with_time_from_nothing_to_one() -> None:
    drift = Drift(points(4, 10, 0.3, 1))
    chances = [drift.chance_above(400, hours * 3600, 2.0) for hours in (4, 8, 9, 10, 11, 12, 20)]
    assert chances == sorted(chances)
    assert chances[0] < 0.01
    assert chances[-1] > 0.99
    assert drift.chance_above(drift.level(20_000), 20_000, 1.0) == pytest.approx(0.5, abs=0.02)


def test_points_without_noise_are_no_trouble() -> None:
    slope, deviation = Drift([(i * STEP, 300 + i / 12) for i in range(24)]).slope()
    assert slope == pytest.approx(1)
    assert deviation < 0.1
    assert Drift([(i * STEP, 300.0) for i in range(24)]).slope()[0] == pytest.approx(0, abs=1e-6)


def test_dynos_seen_for_as_long_are_fitted_each_to_its_own_levels() -> None:
    some, others = points(4, 10, 0.5, 1, warm_up=80), points(4, -3, 0.5, 2)
    alone = [(Drift(some).slope(), Drift(some).level(9000.0))]
    _of_times.cache_clear()
    later = [(Drift(each).slope(), Drift(each).level(9000.0)) for each in (others, some)]
    assert later[1] == alone[0]
    assert later[0] != later[1]
    _of_times.cache_clear()
    assert (Drift(others).slope(), Drift(others).level(9000.0)) == later[0]


def test_what_the_times_say_is_kept_for_one_row_of_times_at_most() -> None:
    for hours in range(2, 9):
        Drift(points(hours, 5, 0.5, 1))
    assert _of_times.cache_info().currsize <= 25
