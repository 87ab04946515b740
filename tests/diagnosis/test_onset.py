"""The moment a rate changed is told only when it is beyond doubt."""

from __future__ import annotations

from random import Random

from herodyno.diagnosis.grid import Grid
from herodyno.diagnosis.onset import onset


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
