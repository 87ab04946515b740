"""Median service times of the dynos of one type, by buckets of time in which they have enough requests for one.

How many requests a bucket has is cheap to know, and says how wide it must be. Medians are found of one width then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from herodyno.diagnosis.counting.facts import IncarnationKey
from herodyno.diagnosis.counting.grid import CELL_SECONDS, Grid
from herodyno.diagnosis.statistics.peers import Subject

MIN_IN_BUCKET = 20


class Buckets:
    """Buckets of every width. A width is in cells of the grid, a power of two; a bucket is named by its start."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._grids = {each.incarnation.key: each.facts.grid for each in subjects}
        self._timed: dict[IncarnationKey, dict[int, int]] = {}
        self._width = 0  # of those counted last
        self._full: dict[int, dict[IncarnationKey, dict[int, int]]] = {}
        self._medians: dict[tuple[int, IncarnationKey], dict[int, float]] = {}
        self._of_all: dict[int, dict[int, list[float]]] = {}

    def most(self, key: IncarnationKey) -> int:
        """How many full buckets a dyno has at most, of any width."""
        return sum(self._grids[key].timed) // MIN_IN_BUCKET

    def full(self, width: int) -> Mapping[IncarnationKey, Mapping[int, int]]:
        """The buckets of each dyno with enough requests, in order of time, and how many these are."""
        while width not in self._full:
            if self._width:
                self._width *= 2
                self._timed = {key: _wider(timed, self._width) for key, timed in self._timed.items()}
            else:
                self._width = 1
                self._timed = {key: _timed(grid) for key, grid in self._grids.items()}
            self._full[self._width] = {
                key: {start: n for start, n in timed.items() if n >= MIN_IN_BUCKET}
                for key, timed in self._timed.items()
            }
        return self._full[width]

    def medians(self, width: int, key: IncarnationKey) -> Mapping[int, float]:
        """The medians of a dyno's full buckets in ms."""
        if (width, key) not in self._medians:
            full, grid = self.full(width)[key], self._grids[key]
            wide = [cell for cell in grid.wider(CELL_SECONDS * width) if cell[0] in full] if full else []
            medians = grid.medians_of((first, end) for _, first, end in wide)
            self._medians[width, key] = {
                start: median or 0.0 for (start, _, _), median in zip(wide, medians, strict=True)
            }
        return self._medians[width, key]

    def medians_of_all(self, width: int) -> Mapping[int, Sequence[float]]:
        """The medians of all dynos by bucket, the smallest first."""
        if width not in self._of_all:
            found = self._of_all[width] = dict[int, list[float]]()
            for key in self._grids:
                for start, milliseconds in self.medians(width, key).items():
                    found.setdefault(start, []).append(milliseconds)
            for medians in found.values():
                medians.sort()
        return self._of_all[width]


def _timed(grid: Grid) -> dict[int, int]:
    width = grid.width
    return {number * width: n for number, n in zip(grid.numbers, grid.timed, strict=True)}


def _wider(timed: Mapping[int, int], width: int) -> dict[int, int]:
    seconds = CELL_SECONDS * width
    wide: dict[int, int] = {}
    for at, n in timed.items():
        start = at // seconds * seconds
        wide[start] = wide.get(start, 0) + n
    return wide
