"""Memory samples stay few, and which are kept depends neither on their order nor on how a log was cut."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.diagnosis.counting import samples
from herodyno.diagnosis.counting.samples import MemorySamples, Sample

numbers = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 9), st.just(0)), max_size=120)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "MOST_SAMPLES", 8)


def kept(*parts: Iterable[Sample]) -> list[Sample]:
    whole = MemorySamples()
    for part in parts:
        some = MemorySamples()
        for sample in part:
            some.add(sample)
        whole.update(some)
    return list(whole)


def test_few_samples_are_kept_as_they_are() -> None:
    assert kept([(40.0, 2.0, 0.0), (20.0, 1.0, 0.0), (40.0, 2.0, 0.0)]) == [(20, 1, 0), (40, 2, 0), (40, 2, 0)]


def test_of_many_the_earliest_of_each_span_stays() -> None:
    many = [(float(second), 1.0, 0.0) for second in range(0, 320, 20)]
    assert [second for second, _, _ in kept(many)] == [0, 80, 140, 200, 260]  # of each 64 seconds


def test_samples_of_a_week_reach_from_its_first_day_to_its_last() -> None:
    week = [(second * 20.0, 1.0, 0.0) for second in range(30_240)]
    seconds = [second for second, _, _ in kept(week)]
    assert 4 < len(seconds) <= 8
    assert seconds[-1] - seconds[0] > 3 * 86_400


@given(numbers, st.integers(0, 120), st.integers(0, 99))
def test_neither_order_nor_cuts_matter(many: list[Sample], cut: int, seed: int) -> None:
    mixed = Random(seed).sample(many, len(many))
    assert kept(many) == kept(mixed) == kept(many[:cut], many[cut:])


def test_each_field_comes_by_time() -> None:
    found = MemorySamples()
    found.extend([40.0, 20.0], [2.0, 1.0], [0.5, 0.25])
    assert [field.tolist() for field in (found.seconds, found.totals, found.swaps)] == [[20, 40], [1, 2], [0.25, 0.5]]
