"""Memory by age: how many met the quota of how many, and those that ended before as no more than that."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from herodyno.diagnosis.counting.memory_facts import MemoryFacts
from herodyno.diagnosis.statistics.growth.by_age import growth_by_age, median_age
from herodyno.diagnosis.statistics.trend import TrendFacts

HOUR = 3600.0


def life(start: float | None, hours: float, slope: float, *, kind: Any = "growing", runs: bool = False) -> Any:
    """A dyno that began at an hour, and grew by so many MB/h from 200 MB on, of 512."""
    memory = MemoryFacts()
    for minute in range(0, int(hours * 60), 5):
        memory.add_sample((start or 0.0) * HOUR + minute * 60, 200 + slope * minute / 60, 0.0, 512.0, None)
    began = None if start is None else start * HOUR
    return SimpleNamespace(
        incarnation=SimpleNamespace(start=began, end=None if runs else (start or 0.0) * HOUR + hours * HOUR),
        facts=SimpleNamespace(memory=memory),
        quota_mb=512.0,
        trend=TrendFacts(kind, "", slope=slope),
    )


def test_of_each_dyno_the_age_at_the_quota_or_that_it_did_not_come_so_far() -> None:
    lives = [life(0, 9, 40), life(10, 8, 50), life(19, 4, 45), life(24, 2, 41, runs=True), life(None, 9, 40)]
    found = growth_by_age("web.2", lives)
    assert found is not None
    assert (found.dynos, found.assessed, found.grew, found.slopes) == (5, 4, 4, (40, 50))
    assert found.reached == pytest.approx((6.25, 7.83), abs=0.1)
    assert found.ended == pytest.approx((3.9,), abs=0.1)
    assert found.running == pytest.approx((1.9,), abs=0.1)
    assert found.median == pytest.approx(6.25, abs=0.1)
    assert found.is_of_age


@pytest.mark.parametrize(
    ("kinds", "told"), [("gg", False), ("ggg", True), ("gggf", True), ("gggff", False), ("ggnnn", False)]
)
def test_three_must_grow_and_two_of_three_of_those_assessed(kinds: str, told: bool) -> None:
    words = {"g": "growing", "f": "flat", "n": "not_assessed"}
    lives = [life(9 * place, 8, 45, kind=words[kind]) for place, kind in enumerate(kinds)]
    assert (growth_by_age("web.2", lives) is not None) is told


def test_dynos_that_all_began_at_one_hour_of_the_day_may_follow_its_wave() -> None:
    found = growth_by_age("web.2", [life(24 * day + 0.5 * day, 20, 10) for day in range(3)])
    assert found is not None
    assert not found.is_of_age
    assert (found.reached, found.median) == ((), None)


# Reckoned by hand; 6-MP's remission times of Freireich et al. (1963) have the median 23 in every text book.
SIX_MP = ((6, 6, 6, 7, 10, 13, 16, 22, 23), (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35))


@pytest.mark.parametrize(
    ("reached", "censored", "median"), [(*SIX_MP, 23), ((1, 2, 3), (), 2), ((1,), (2, 3), None), ((), (1,), None)]
)
def test_the_middle_age_is_that_of_kaplan_and_meier(
    reached: tuple[float, ...], censored: tuple[float, ...], median: float | None
) -> None:
    assert median_age(reached, censored) == median
