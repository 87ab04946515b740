"""Counts over time in cells of one width, bounded: when there are too many cells, each two neighbours become one.

Grids merge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import exp, log

CELL_SECONDS = 30
MOST_CELLS = 512

# Service times per cell go into steps of 1/8 octave: a median read from them is within 5 %.
_STEPS_PER_E = 8 / log(2)
_LAST_STEP = 255  # one byte
_MOST_BYTES = 64


def step_of(milliseconds: int) -> int:
    """The histogram step of a service time. All times above a month share the last step."""
    return min(_LAST_STEP, int(log(max(1, milliseconds)) * _STEPS_PER_E + 0.5))


def milliseconds_of(step: int) -> float:
    """The service time in the middle of a step."""
    return exp(step / _STEPS_PER_E)


class Cell:
    """What happened in one cell: requests, server errors, service times of the requests without error.

    A day of fifty dynos has tens of thousands of cells with a few requests each. One byte for each request is the
    smallest form of few, and the fastest to make. Many are pairs of bytes: a step, and how many requests took it.
    """

    __slots__ = ("_pairs", "errors", "requests", "steps")

    def __init__(self) -> None:
        self.requests = 0
        self.errors = 0
        self.steps = b""
        self._pairs = b""

    @property
    def service(self) -> dict[int, int]:
        """How many requests took each step of time."""
        counts = Counter(self.steps)
        for step, n in zip(self._pairs[::2], self._pairs[1::2], strict=True):
            counts[step] += n
        return counts

    @property
    def timed(self) -> int:
        """How many requests have a service time here."""
        return len(self.steps) + sum(self._pairs[1::2])

    @property
    def median_ms(self) -> float | None:
        """The median service time, or None without any."""
        if self._pairs:
            return median_ms(self.service)
        return milliseconds_of(sorted(self.steps)[(len(self.steps) - 1) // 2]) if self.steps else None

    def pack(self) -> None:
        """Shrink: turn many steps into pairs."""
        if len(self.steps) > _MOST_BYTES:
            self._pairs, self.steps = _paired(self.service), b""

    def update(self, other: Cell, *, times: bool = True) -> None:
        """Add the counts of another cell; service times only with `times`."""
        self.requests += other.requests
        self.errors += other.errors
        if not times:
            return
        self.steps += other.steps
        if other._pairs:
            self._pairs += other._pairs
            self._pairs, self.steps = _paired(self.service), b""
        self.pack()


def _paired(service: dict[int, int]) -> bytes:
    pairs = bytearray()
    for step, n in service.items():
        full, rest = divmod(n, 255)
        pairs += bytes((step, 255)) * full + bytes((step, rest))
    return bytes(pairs)


class Grid:
    """Cells by number: cell i covers [i * width, (i + 1) * width) in seconds since 1970."""

    __slots__ = ("_newest", "cells", "width")

    def __init__(self) -> None:
        self.width = CELL_SECONDS
        self._newest = Cell()
        self.cells: dict[int, Cell] = {}

    def add(self, seconds: float, *, error: bool, service_ms: int | None) -> None:
        """Count one request at a time."""
        cell = self.at(seconds)
        cell.requests += 1
        if error:
            cell.errors += 1
        elif service_ms is not None:
            cell.steps += bytes((step_of(service_ms),))

    def at(self, seconds: float) -> Cell:
        """The cell of a time; made when there is none."""
        cell = self.cells.get(int(seconds // self.width))
        if cell is None:
            self._newest.pack()
            cell = self.cells[int(seconds // self.width)] = Cell()
            while len(self.cells) > MOST_CELLS:
                self._coarsen(self.width * 2)
                cell = self.cells[int(seconds // self.width)]
            self._newest = cell
        return cell

    def update(self, other: Grid, *, times: bool = True) -> None:
        """Merge another grid into this one; service times only with `times`. The coarser width wins."""
        if other.width > self.width:
            self._coarsen(other.width)
        for key, cell in other.cells.items():
            place = key * other.width // self.width
            if place not in self.cells:
                self.cells[place] = Cell()
            self.cells[place].update(cell, times=times)
        while len(self.cells) > MOST_CELLS:
            self._coarsen(self.width * 2)

    def between(self, start: float, end: float) -> tuple[int, int]:
        """(requests, errors) of the cells whose middle lies in [start, end)."""
        requests = errors = 0
        for key, cell in self.cells.items():
            if start <= (key + 0.5) * self.width < end:
                requests += cell.requests
                errors += cell.errors
        return (requests, errors)

    def before(self, end: float) -> Grid:
        """The cells that begin before a time. The two grids share them."""
        part = Grid()
        part.width = self.width
        part.cells = {key: cell for key, cell in self.cells.items() if key * self.width < end}
        return part

    def in_order(self) -> Iterator[tuple[float, Cell]]:
        """(start of the cell in seconds, cell), by time."""
        for key in sorted(self.cells):
            yield (float(key * self.width), self.cells[key])

    def _coarsen(self, width: int) -> None:
        while self.width < width:
            coarser: dict[int, Cell] = {}
            for key, cell in self.cells.items():
                if key // 2 not in coarser:
                    coarser[key // 2] = Cell()
                coarser[key // 2].update(cell)
            self.cells = coarser
            self.width *= 2


def median_ms(service: dict[int, int]) -> float | None:
    """The median service time in a histogram of steps, or None when it is empty."""
    total = sum(service.values())
    seen = 0
    for step in sorted(service):
        seen += service[step]
        if seen * 2 >= total:
            return milliseconds_of(step)
    return None
