"""Counts over time in cells of one width, bounded: when there are too many cells, two neighbours become one.

A grid merges with another, so windows, files and processes can be counted apart and put together.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    """What happened in one cell: requests, server errors, service times of the requests without error."""

    __slots__ = ("errors", "requests", "service")

    def __init__(self) -> None:
        self.requests = 0
        self.errors = 0
        self.service: dict[int, int] = {}

    def update(self, other: Cell) -> None:
        """Add another cell's counts to this one."""
        self.requests += other.requests
        self.errors += other.errors
        for step, n in other.service.items():
            self.service[step] = self.service.get(step, 0) + n


class Grid:
    """Cells by number: cell i covers [i * width, (i + 1) * width) in seconds since 1970."""

    __slots__ = ("cells", "width")

    def __init__(self) -> None:
        self.width = CELL_SECONDS
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
        """The cell of a time, made when there is none."""
        key = int(seconds // self.width)
        cell = self.cells.get(key)
        if cell is None:
            cell = self.cells[key] = Cell()
            while len(self.cells) > MOST_CELLS:
                self._coarsen(self.width * 2)
                cell = self.cells[int(seconds // self.width)]
        return cell

    def update(self, other: Grid) -> None:
        """Merge another grid into this one; the coarser width wins."""
        if other.width > self.width:
            self._coarsen(other.width)
        for key, cell in other.cells.items():
            into = self.cells.setdefault(key * other.width // self.width, Cell())
            into.update(cell)
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
