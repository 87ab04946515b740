"""Counts over time in cells of one width, bounded: when there are too many cells, two neighbours become one.

A grid merges with another, so windows, files and processes can be counted apart and put together.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import chain
from math import exp, log

CELL_SECONDS = 30
MOST_CELLS = 512

# Service times per cell go into steps of 1/8 octave: a median read from them is within 5 %.
_STEPS_PER_E = 8 / log(2)


def step_of(milliseconds: int) -> int:
    """The histogram step of a service time."""
    return int(log(max(1, milliseconds)) * _STEPS_PER_E + 0.5)


def milliseconds_of(step: int) -> float:
    """The service time in the middle of a step."""
    return exp(step / _STEPS_PER_E)


class Cell:
    """What happened in one cell: requests, server errors, service times of the requests without error.

    A day of fifty dynos has tens of thousands of cells, so those that time has passed are packed: a
    tenth of the room.
    """

    __slots__ = ("_packed", "_service", "errors", "requests")

    def __init__(self) -> None:
        self.requests = 0
        self.errors = 0
        self._service: dict[int, int] = {}
        self._packed: array[int] | None = None

    @property
    def service(self) -> dict[int, int]:
        """How many requests took each step of time. To be changed only while the cell is open."""
        if self._packed is None:
            return self._service
        return dict(zip(self._packed[::2], self._packed[1::2], strict=True))

    def open(self) -> Cell:
        """Make ready to be changed."""
        if self._packed is not None:
            self._service, self._packed = self.service, None
        return self

    def pack(self) -> None:
        """Make small."""
        if self._packed is None:
            self._packed, self._service = array("I", chain.from_iterable(self._service.items())), {}

    def update(self, other: Cell) -> None:
        """Add another cell's counts to this one."""
        self.requests += other.requests
        self.errors += other.errors
        service = self.open().service
        for step, n in other.service.items():
            service[step] = service.get(step, 0) + n


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
            step = step_of(service_ms)
            cell.service[step] = cell.service.get(step, 0) + 1

    def at(self, seconds: float) -> Cell:
        """The cell of a time, open; made when there is none."""
        cell = self.cells.get(int(seconds // self.width))
        if cell is None:
            self._newest.pack()
            cell = self.cells[int(seconds // self.width)] = Cell()
            while len(self.cells) > MOST_CELLS:
                self._coarsen(self.width * 2)
                cell = self.cells[int(seconds // self.width)]
            self._newest = cell
        return cell.open()

    def update(self, other: Grid) -> None:
        """Merge another grid into this one; the coarser width wins."""
        if other.width > self.width:
            self._coarsen(other.width)
        for key, cell in other.cells.items():
            into = self.cells.setdefault(key * other.width // self.width, Cell())
            into.update(cell)
            into.pack()
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

    def in_order(self) -> Iterator[tuple[float, Cell]]:
        """(start of the cell in seconds, cell), by time."""
        for key in sorted(self.cells):
            yield (float(key * self.width), self.cells[key])

    def _coarsen(self, width: int) -> None:
        while self.width < width:
            coarser: dict[int, Cell] = {}
            for key, cell in self.cells.items():
                coarser.setdefault(key // 2, Cell()).update(cell)
            for cell in coarser.values():
                cell.pack()
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
