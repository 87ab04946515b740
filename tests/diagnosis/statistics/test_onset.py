"""The moment a rate changed is told only when it is beyond doubt."""

from __future__ import annotations

from random import Random

import pytest

from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.statistics.onset import onset


def grid(
    before: float, after: float, *, cut: float = 300.0, end: float = 600.0, each_second: int = 2, seed: int = 3
) -> Grid:
    random, counted = Random(seed), Grid()
    for i in range(int(end * each_second)):
        seconds = i / each_second
        rate = before if seconds < cut else after
        counted.add(seconds, error=random.random() < rate, service_ms=50)
    return counted


def test_the_cut_is_found_where_it_is() -> None:
    found = onset(grid(0.002, 0.08))

    assert found is not None
    assert abs(found.seconds - 300) <= 30
    assert found.before[0] / found.before[1] < 0.01 < found.after[0] / found.after[1]


def test_a_steady_rate_has_no_onset() -> None:
    assert not any(onset(grid(0.03, 0.03, seed=seed)) for seed in range(40))


def test_a_fall_is_no_onset() -> None:
    assert onset(grid(0.2, 0.0)) is None


def test_too_few_requests_on_one_side_have_no_onset() -> None:
    assert onset(grid(0.0, 0.5, cut=20, each_second=1, end=600)) is None


def counted(before: tuple[int, int], after: tuple[int, int]) -> Grid:
    """(errors, requests) before and after 30 s."""
    cells = Grid()
    for start, (errors, requests) in ((0.0, before), (30.0, after)):
        for i in range(requests):
            cells.add(start + 1, error=i < errors, service_ms=50)
    return cells


@pytest.mark.parametrize(("before", "after"), [((0, 49), (30, 100)), ((0, 500), (30, 49)), ((0, 500), (4, 60))])
def test_fifty_requests_on_both_sides_and_five_errors_are_needed(
    before: tuple[int, int], after: tuple[int, int]
) -> None:
    more = (max(5, after[0]), max(50, after[1]))

    assert onset(counted(before, after)) is None
    assert onset(counted((before[0], max(50, before[1])), more)) is not None


def test_certainly_twice_the_rate_is_no_onset() -> None:
    assert onset(counted((20, 1000), (70, 1000))) is None  # 3.5 times, at least 2.1
    assert onset(counted((20, 1000), (110, 1000))) is not None  # 5.5 times, at least 3.4


def test_of_two_cuts_the_sharper_is_told() -> None:
    cells = Grid()
    for start, errors in ((0, 0), (30, 2), (60, 40), (90, 40)):
        for i in range(100):
            cells.add(start + 1, error=i < errors, service_ms=50)

    found = onset(cells)

    assert found is not None
    assert found.seconds == 60
