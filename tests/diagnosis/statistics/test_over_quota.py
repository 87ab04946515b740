"""Whether a dyno is over its memory quota is told by its last samples, and a level that swings is not told at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from herodyno.diagnosis.counting.memory_facts import MemoryFacts
from herodyno.diagnosis.statistics.over_quota import quota_tense, times_over
from herodyno.diagnosis.statistics.tense import NEVER_FAILED, Tense

QUOTA = 512.0


def sampled(level: Callable[[float], float], *, until: float = 3600.0, r14: bool = True) -> MemoryFacts:
    """A sample every 20 seconds, with the R14 lines that Heroku logs beside those over the quota."""
    memory = MemoryFacts()
    for at in range(0, int(until) + 1, 20):
        memory.add_sample(float(at), level(at), 0.0, QUOTA, 0)
        if r14 and level(at) > QUOTA:
            memory.add_r14([float(at)])
    return memory


def test_a_level_below_the_quota_has_no_tense() -> None:
    assert quota_tense(sampled(lambda _: 300.0), QUOTA, 3600.0) == NEVER_FAILED


@pytest.mark.parametrize("r14", [True, False])
def test_a_level_over_the_quota_goes_on(r14: bool) -> None:
    memory = sampled(lambda at: 300.0 + at / 10, r14=r14)
    assert quota_tense(memory, QUOTA, 3610.0) == Tense(True, 3600.0)
    assert len(times_over(memory, QUOTA)) == 1


def test_a_level_that_fell_below_the_quota_has_ended() -> None:
    told = quota_tense(sampled(lambda at: 700.0 if 600 <= at <= 1800 else 300.0), QUOTA, 3600.0)
    assert told == Tense(False, 1800.0, 1800.0)


def test_one_sample_below_the_quota_proves_nothing() -> None:
    assert quota_tense(sampled(lambda at: 700.0 if at < 3600 else 500.0), QUOTA, 3600.0) == Tense(None, 3580.0)


def test_a_level_that_swings_has_not_ended_between_two_peaks() -> None:
    memory = sampled(lambda at: 520.0 if at % 540 < 60 else 500.0)
    assert quota_tense(memory, QUOTA, 3600.0).ongoing is None
    assert len(times_over(memory, QUOTA)) == 7


def test_a_reading_older_than_five_minutes_is_not_is() -> None:
    memory = sampled(lambda _: 700.0, until=1000.0)
    assert quota_tense(memory, QUOTA, 1300.0) == Tense(True, 1000.0)
    assert quota_tense(memory, QUOTA, 1301.0) == Tense(None, 1000.0)


@pytest.mark.parametrize(("silent", "ongoing"), [(40.0, True), (200.0, None), (301.0, False)])
def test_without_samples_the_r14_lines_tell(silent: float, ongoing: bool | None) -> None:
    memory = MemoryFacts()
    memory.add_r14([float(at) for at in range(0, 1000, 20)])
    assert quota_tense(memory, None, 980.0 + silent).ongoing is ongoing
