"""Cells are of one round width, cover the whole span, and divide no cell of the source."""

import pytest

from herodyno.render.pictures.time_cells import TimeCells, time_cells
from tests.render.pictures.scene import HOUR, START


@pytest.mark.parametrize("span", [0.0, 1.0, 337.0, 3 * HOUR, 40 * 24 * HOUR])
@pytest.mark.parametrize("source", [1, 30, 480])
@pytest.mark.parametrize("most", [1, 8, 300])
def test_cells_cover_the_span_and_divide_no_cell_of_the_source(span: float, source: int, most: int) -> None:
    cells = time_cells(START + 7, START + 7 + span, most=most, source=source)
    assert cells.n <= most
    assert cells.seconds % source == 0
    assert cells.start <= START + 7 <= START + 7 + span < cells.end
    assert cells.place(START + 7) == 0
    assert cells.place(START + 7 + span) == cells.n - 1


@pytest.mark.parametrize("most", [1, 11, 12, 60, 75, 300])
def test_stretched_cells_span_the_same_time_in_as_many_columns_as_fit(most: int) -> None:
    cells = TimeCells(START, 30, 12)
    wide = cells.stretched(most)
    assert (wide.start, wide.end) == (cells.start, cells.end)
    assert cells.n <= wide.n <= max(most, cells.n)
    assert wide.n == {1: 12, 11: 12, 12: 12, 60: 60, 75: 72, 300: 180}[most]


def test_counts_are_zero_while_a_dyno_lives_and_a_gap_otherwise() -> None:
    cells = TimeCells(0.0, 30, 5)
    assert cells.sums([(31.0, 2.0), (59.0, 1.0), (500.0, 9.0)], (30.0, 95.0)) == [None, 3.0, 0.0, 0.0, None]
    assert cells.peaks([(31.0, 2.0), (59.0, 1.0), (-1.0, 9.0)]) == [None, 2.0, None, None, None]
