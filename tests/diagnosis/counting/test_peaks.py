"""Peaks are the same whatever the order and the parts, and never too many."""

from __future__ import annotations

import random

from herodyno.diagnosis.counting.grid import CELL_SECONDS, MOST_CELLS
from herodyno.diagnosis.counting.peaks import Peaks

DAY = 86_400
VALUES = [(float(at), at * 7 % 100 / 10) for at in range(0, DAY, 21)]


def peaks(pairs: list[tuple[float, float]]) -> Peaks:
    found = Peaks()
    found.add([at for at, _ in pairs], [value for _, value in pairs])
    return found


def test_each_cell_keeps_its_highest_value() -> None:
    assert list(peaks([(1.0, 0.3), (29.9, 0.7), (30.0, 0.1), (95.0, 0.0)])) == [(0.0, 0.7), (30.0, 0.1), (90.0, 0.0)]
    assert list(Peaks()) == []


def test_order_and_parts_do_not_matter_and_the_highest_survives() -> None:
    whole = peaks(VALUES)
    assert DAY / MOST_CELLS <= whole.width < 2 * max(CELL_SECONDS, DAY / MOST_CELLS)
    assert len(list(whole)) <= MOST_CELLS
    assert max(value for _, value in whole) == max(value for _, value in VALUES)
    for seed in range(5):
        mixed = random.Random(seed).sample(VALUES, len(VALUES))
        cut = random.Random(seed).randrange(len(VALUES))
        merged = peaks(mixed[:cut])
        merged.update(peaks(mixed[cut:]))
        assert (merged.width, list(merged)) == (whole.width, list(whole))


def test_values_years_apart_take_no_more_room() -> None:
    found = peaks([(0.0, 1.0), (3e9, 2.0), (5.0, 1.5)])
    assert [value for _, value in found] == [1.5, 2.0]
    assert len(found._values) <= MOST_CELLS


def test_peaks_merge_with_none_and_with_those_of_another_time_and_width() -> None:
    found, day_before = peaks([(DAY + 1.0, 0.5)]), peaks([(at - DAY, value) for at, value in VALUES])
    found.update(Peaks())
    assert list(found) == [(float(DAY), 0.5)]
    none = Peaks()
    none.update(found)
    assert list(none) == list(found)
    found.update(day_before)
    assert list(found) == list(peaks([*((at - DAY, value) for at, value in VALUES), (DAY + 1.0, 0.5)]))


def test_the_cells_of_a_wider_clock_have_the_highest_of_theirs_and_none_where_nothing_is() -> None:
    found = peaks([(31.0, 0.25), (65.0, 0.5), (119.0, 0.75), (299.0, 0.5)])
    assert found.ends == (30.0, 270.0)
    assert found.values.tolist() == [0.25, 0.5, 0.75, 0.5]
    assert found.in_cells(0, 6, 60) == [0.25, 0.75, None, None, 0.5, None]
    assert found.in_cells(1, 10, 30) == [0.25, 0.5, 0.75, None, None, None, None, None, 0.5]
    assert found.width == CELL_SECONDS


def test_no_value_has_no_ends_and_no_cell_however_late_the_clock_begins() -> None:
    assert Peaks().ends is None
    assert len(Peaks().values) == 0
    assert Peaks().in_cells(58_000_000, 58_000_003, 30) == [None] * 3
