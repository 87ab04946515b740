"""The highest value in each cell of time, bounded: when the span has too many cells, two neighbours become one.

The width of a cell follows from the whole span, so peaks merge in any order.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

from herodyno.diagnosis.counting.grid import CELL_SECONDS, MOST_CELLS

_NONE = -1.0


class Peaks:
    """Values of 0 and more by time. Cell i covers [i * width, (i + 1) * width) in seconds since 1970."""

    __slots__ = ("_first", "_values", "width")

    def __init__(self) -> None:
        self.width = CELL_SECONDS
        self._first = 0
        self._values = array("f")

    def add(self, seconds: Iterable[float], values: Iterable[float]) -> None:
        """Count values, each with its time."""
        cells = [int(at // self.width) for at in seconds]
        if not cells:
            return
        by = self._make_room(min(cells), max(cells))
        highest = self._values
        for cell, value in zip(cells, values, strict=True):
            place = cell // by - self._first
            if value > highest[place]:
                highest[place] = value

    def update(self, other: Peaks) -> None:
        """Merge."""
        while self.width < other.width:
            self._coarsen()
        theirs = other._at_width(self.width)
        if not theirs._values:
            return
        self._make_room(theirs._first, theirs._first + len(theirs._values) - 1)
        theirs = theirs._at_width(self.width)
        own = slice(theirs._first - self._first, theirs._first - self._first + len(theirs._values))
        self._values[own] = array("f", map(max, self._values[own], theirs._values))

    def __iter__(self) -> Iterator[tuple[float, float]]:
        """(beginning of the cell, highest value) of each cell with a value, by time."""
        for place, value in enumerate(self._values, start=self._first):
            if value != _NONE:
                yield float(place * self.width), round(value, 2)

    @property
    def values(self) -> array[float]:
        """The highest value of each cell that has one, by time, not rounded."""
        return array("d", [value for value in self._values if value != _NONE])

    @property
    def ends(self) -> tuple[float, float] | None:
        """The beginnings of the first and of the last cell with a value, None without one."""
        first, last = self._first, self._first + len(self._values) - 1
        return (float(first * self.width), float(last * self.width)) if self._values else None

    def in_cells(self, first: int, end: int, width: int) -> list[float | None]:
        """The highest value in each of the cells of a width from one number to before another, which hold all values.

        The width is not below the own.
        """
        found: list[float | None] = [None] * (end - first)
        wide = self._at_width(width) if self._values else self
        for place, value in enumerate(wide._values, start=wide._first - first):
            if value != _NONE:
                found[place] = round(value, 2)
        return found

    def _make_room(self, first: int, last: int) -> int:
        """Hold the cells from one to another. Returns how many of them are one cell from now on."""
        by = 1
        while True:
            begin, end = first // by, last // by
            if self._values:
                begin, end = min(begin, self._first), max(end, self._first + len(self._values) - 1)
            if end - begin < MOST_CELLS:
                break
            self._coarsen()
            by *= 2
        before = self._first - begin if self._values else 0
        after = end - begin + 1 - before - len(self._values)
        self._values = array("f", [_NONE]) * before + self._values + array("f", [_NONE]) * after
        self._first = begin
        return by

    def _at_width(self, width: int) -> Peaks:
        if self.width == width:
            return self
        wider = Peaks()
        wider.width, wider._first, wider._values = self.width, self._first, self._values
        while wider.width < width:
            wider._coarsen()
        return wider

    def _coarsen(self) -> None:
        self.width *= 2
        none = array("f", [_NONE])
        values = none * (self._first % 2) + self._values
        values += none * (len(values) % 2)
        self._first //= 2
        self._values = array("f", map(max, values[::2], values[1::2]))
