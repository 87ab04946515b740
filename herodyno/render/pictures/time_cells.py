"""The columns of a picture over time: cells of one round width, so that all rows of a picture share one clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import ceil
from typing import NamedTuple

_ROUND = (
    1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2400, 3600, 5400, 7200, 10800,
    14400, 21600, 28800, 43200, 86400,
)  # fmt: skip


class TimeCells(NamedTuple):
    """`n` cells of `seconds` each. The first begins at `start`, in seconds since 1970."""

    start: float
    seconds: int
    n: int

    @property
    def end(self) -> float:
        """Where the last cell ends."""
        return self.start + self.seconds * self.n

    def stretched(self, most: int) -> TimeCells:
        """The same time in more columns, at most so many, each cell in an equal number of them."""
        times = max((n for n in range(1, most // self.n + 1) if self.seconds % n == 0), default=1)
        return TimeCells(self.start, self.seconds // times, self.n * times)

    def place(self, at: float) -> int:
        """The cell of a time. Below 0 or from `n` on: outside the picture."""
        return int((at - self.start) // self.seconds)

    def sums(self, counts: Iterable[tuple[float, float]], alive: tuple[float, float]) -> list[float | None]:
        """The sum of the counts (time, count) in each cell: 0 without any between the times `alive`, else None."""
        first, last = (self.place(at) for at in alive)
        values: list[float | None] = [0.0 if first <= place <= last else None for place in range(self.n)]
        return self._filled(values, counts, lambda mine, new: (mine or 0.0) + new)

    def peaks(self, levels: Iterable[tuple[float, float]]) -> list[float | None]:
        """The highest of the levels (time, level) in each cell, so that a peak survives. None without any."""
        return self._filled([None] * self.n, levels, lambda mine, new: new if mine is None else max(mine, new))

    def _filled(
        self,
        values: list[float | None],
        pairs: Iterable[tuple[float, float]],
        joined: Callable[[float | None, float], float],
    ) -> list[float | None]:
        for at, value in pairs:
            if 0 <= (place := self.place(at)) < self.n:
                values[place] = joined(values[place], value)
        return values


def time_cells(start: float, end: float, *, most: int, source: int = 1) -> TimeCells:
    """At most so many cells that cover both times, of the least round width.

    `source` is the width in seconds of the cells that the values come in: no such cell is divided between two.
    """
    most = max(1, most)
    widths = [width for width in _ROUND if width % source == 0]
    while not widths or _needed(start, end, widths[-1]) > most:
        widths.append(widths[-1] * 2 if widths else source)
    seconds = next(width for width in widths if _needed(start, end, width) <= most)
    return TimeCells(start // seconds * seconds, seconds, _needed(start, end, seconds))


def _needed(start: float, end: float, seconds: int) -> int:
    first = start // seconds * seconds
    return max(1, ceil((end - first) / seconds + 1e-9))
