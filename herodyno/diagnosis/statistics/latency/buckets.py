"""Median service times of the dynos of one type, by buckets of time in which they have enough requests for one.

How many requests a bucket has is cheap to know, and says how wide it must be. Medians are found of one width then.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping, Sequence
from itertools import groupby

from herodyno.diagnosis.counting.facts import IncarnationKey
from herodyno.diagnosis.counting.grid import CELL_SECONDS, Cell
from herodyno.diagnosis.statistics.peers import Subject

MIN_IN_BUCKET = 20


class Buckets:
    """Buckets of every width. A width is in cells of the grid, a power of two; a bucket is named by its start."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        # The cells of all dynos at once would take as much memory as all their counts.
        self._grids = {each.incarnation.key: each.facts.grid for each in subjects}
        self._timed = {key: {start: cell.timed for start, cell in grid.in_order()} for key, grid in self._grids.items()}
        self._width = 1
        self._full: dict[int, dict[IncarnationKey, dict[float, int]]] = {}
        self._medians: dict[tuple[int, IncarnationKey], dict[float, float]] = {}
        self._of_all: dict[int, dict[float, list[float]]] = {}

    def full(self, width: int) -> Mapping[IncarnationKey, Mapping[float, int]]:
        """The buckets of each dyno with enough requests, in order of time, and how many these are."""
        while width not in self._full:
            self._full[self._width] = {
                key: {start: n for start, n in timed.items() if n >= MIN_IN_BUCKET}
                for key, timed in self._timed.items()
            }
            self._width *= 2
            self._timed = {key: _wider(timed, self._width) for key, timed in self._timed.items()}
        return self._full[width]

    def medians(self, width: int, key: IncarnationKey) -> Mapping[float, float]:
        """The medians of a dyno's full buckets in ms."""
        if (width, key) not in self._medians:
            full = self.full(width)[key]
            placed = groupby(self._grids[key].in_order(), lambda cell: _start(cell[0], width)) if full else ()
            self._medians[width, key] = {
                start: _median_ms([cell for _, cell in cells]) for start, cells in placed if start in full
            }
        return self._medians[width, key]

    def medians_of_all(self, width: int) -> Mapping[float, Sequence[float]]:
        """The medians of all dynos by bucket, the smallest first."""
        if width not in self._of_all:
            found = self._of_all[width] = dict[float, list[float]]()
            for key in self._grids:
                for start, milliseconds in self.medians(width, key).items():
                    insort(found.setdefault(start, []), milliseconds)
        return self._of_all[width]


def _start(seconds: float, width: int) -> float:
    return seconds // (CELL_SECONDS * width) * CELL_SECONDS * width


def _wider(timed: Mapping[float, int], width: int) -> dict[float, int]:
    wide: dict[float, int] = {}
    for at, n in timed.items():
        start = _start(at, width)
        wide[start] = wide.get(start, 0) + n
    return wide


def _median_ms(cells: Sequence[Cell]) -> float:
    steps, pairs = b"".join([cell.steps for cell in cells]), b"".join([cell.pairs for cell in cells])
    return Cell(steps=steps, pairs=pairs).median_ms or 0.0
