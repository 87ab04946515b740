"""What fails at one time is one moment with a size; what fails without a pause is many."""

from __future__ import annotations

from itertools import pairwise

import pytest

from herodyno.diagnosis.counting.errors.bursts import Spans
from herodyno.diagnosis.statistics.moments import moment_length, moments, rounded


def steady(seconds: float, *, every: float = 1.0) -> Spans:
    spans = Spans()
    for i in range(int(seconds / every) + 1):
        spans.add(i * every)
    return spans


def test_a_hang_on_ten_paths_is_one_moment_with_its_lines() -> None:
    assert list(moments(steady(8, every=0.1), 10.0)) == [(4.0, 81.0)]


def test_a_long_episode_is_cut_into_even_moments() -> None:
    found = list(moments(steady(299), 30.0))

    assert len(found) == 10
    assert sum(lines for _, lines in found) == pytest.approx(300)
    assert {round(b - a, 6) for (a, _), (b, _) in pairwise(found)} == {29.9}


def test_there_are_never_more_moments_than_lines() -> None:
    assert len(list(moments(Spans(spans=[(0.0, 100.0)]), 10.0))) == 1


@pytest.mark.parametrize(("seconds", "longest", "shortest"), [(60, 10.0, 8.0), (720, 20.0, 15.9), (7200, 30.0, 30.0)])
def test_a_moment_lasts_a_36th_of_the_time_within_10_and_30_seconds(
    seconds: float, longest: float, shortest: float
) -> None:
    assert shortest <= moment_length(Spans(spans=[(5.0, 7.0)]), seconds) <= longest


def test_where_failing_lasts_in_a_window_of_seconds_moments_are_short() -> None:
    """Fifteen seconds of a busy app: a dyno that fails all the time has more than one moment."""
    assert moment_length(steady(15, every=0.2), 15) < 0.5
    assert moment_length(steady(3, every=0.2), 15) >= 8


def test_few_lengths_are_in_use() -> None:
    assert len({moment_length(Spans(), seconds) for seconds in range(1, 20_000)}) <= 6


def test_a_size_keeps_two_digits() -> None:
    assert [rounded(lines) for lines in (1.0, 7 / 3, 123.4)] == [1.0, 2.3, 120.0]
