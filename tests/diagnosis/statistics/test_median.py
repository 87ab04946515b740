"""The median is that of Python's own `statistics`."""

from __future__ import annotations

import statistics
from random import Random

import pytest

from herodyno.diagnosis.statistics.median import median, median_of_others


@pytest.mark.parametrize("numbers", [[3.0], [1.0, 2.0], [5, 1, 3], [2, 1, 4, 4], [0.1, 0.2], [7, 7, 7, 7]])
def test_the_middle_one_or_half_way_between_two(numbers: list[float]) -> None:
    assert median(iter(numbers)) == statistics.median(numbers)


def test_it_is_the_same_number_to_the_last_digit() -> None:
    random = Random(7)
    for length in range(1, 60):
        numbers = [random.uniform(-5, 900) for _ in range(length)]
        assert median(numbers) == statistics.median(numbers)


def test_no_number_has_no_median() -> None:
    with pytest.raises(IndexError):
        median([])


def test_the_median_of_others_is_that_of_the_list_without_one() -> None:
    random = Random(5)
    for length in range(2, 30):
        numbers = [float(random.randrange(9)) for _ in range(length)]
        for own in numbers:
            others = list(numbers)
            others.remove(own)
            assert median_of_others(sorted(numbers), own) == statistics.median(others)


def test_one_alone_has_no_others() -> None:
    with pytest.raises(IndexError):
        median_of_others([1.0], 1.0)
