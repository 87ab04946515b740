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
        for at, value in zip(seconds, values, strict=True):
            self._raise(int(at // self.width), value)

    def update(self, other: Peaks) -> None:
        """Merge."""
        while self.width < other.width:
            self._coarsen()
        for at, value in other:
            self._raise(int(at // self.width), value)

    def __iter__(self) -> Iterator[tuple[float, float]]:
        """(beginning of the cell, highest value) of each cell with a value, by time."""
        for place, value in enumerate(self._values, start=self._first):
            if value != _NONE:
                yield float(place * self.width), round(value, 2)

    def _raise(self, cell: int, value: float) -> None:
        if not self._values:
            self._first = cell
        first, last = min(self._first, cell), max(self._first + len(self._values) - 1, cell)
        if last - first >= MOST_CELLS:
            self._coarsen()
            self._raise(cell // 2, value)
            return
        if cell < self._first:
            self._values = array("f", [_NONE] * (self._first - cell)) + self._values
            self._first = cell
        missing = cell - self._first + 1 - len(self._values)
        if missing > 0:
            self._values.extend([_NONE] * missing)
        place = cell - self._first
        self._values[place] = max(self._values[place], value)

    def _coarsen(self) -> None:
        kept = list(self)
        self.width *= 2
        self._values = array("f")
        for at, value in kept:
            self._raise(int(at // self.width), value)
