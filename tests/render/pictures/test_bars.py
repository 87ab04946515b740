"""Columns of several rows: as high as their value, never empty above zero, with gaps."""

import pytest

from herodyno.render.pictures.bars import bars
from herodyno.render.pictures.rows import sparkline
from herodyno.render.pictures.signs import ASCII_SIGNS, UNICODE, Signs


def test_a_column_is_as_high_as_its_value() -> None:
    assert bars([0.0, None, 0.1, 4.0, 6.0, 8.0], top=8.0, rows=2, signs=UNICODE) == ["    ▄█", "· ▁███"]
    assert bars([0.0, None, 0.1, 4.0, 8.0], top=8.0, rows=2, signs=ASCII_SIGNS) == ["    #", ". :##"]


@pytest.mark.parametrize("signs", [UNICODE, ASCII_SIGNS])
def test_one_row_is_a_sparkline(signs: Signs) -> None:
    values = [None, 0.0, 0.01, 1.0, 2.5, 7.0, 8.0, 9.0]
    assert bars(values, top=8.0, rows=1, signs=signs) == [sparkline(values, top=8.0, signs=signs)]
    assert bars([0.0], top=0.0, rows=2, signs=signs) == [" ", signs.zero]
