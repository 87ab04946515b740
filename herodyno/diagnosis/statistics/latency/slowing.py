"""When requests became slow on all dynos: the cut of onset.py, with slow requests in place of failed ones.

Slow means seconds, and many times slower than before: a busier hour is not told. What is fast again is not told either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from herodyno.diagnosis.counting.cells import Cell, joined, milliseconds_of
from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.statistics.onset import MIN_ERRORS, onset

# Ours. People wait so long and no longer.
SLOW_MS = 2000.0
MIN_TIMES = 5.0
# Most cells after the cut are slow, and the last of them.
_MIN_SHARE = 0.8
_LAST = 2
_MIN_IN_CELL = 5
_IS_SLOW = bytes(milliseconds_of(step) >= SLOW_MS / 2 for step in range(256))


class Slowed(NamedTuple):
    """Since when requests are slow, in seconds since 1970, and the medians before and after in ms."""

    seconds: float
    before_ms: float
    after_ms: float


def slowed(grids: Sequence[Grid]) -> Slowed | None:
    """The cut, or None. `grids` are those of all dynos of a type."""
    slow_ones = [grid.with_steps(_IS_SLOW) for grid in grids]
    if sum(map(sum, slow_ones)) < MIN_ERRORS:  # too few for a cut
        return None
    began = onset(_together(grids, slow_ones))
    if began is None:
        return None
    requests = Grid()
    for grid in grids:
        requests.update(grid)
    fast = [cell for at, cell in requests.in_order() if at < began.seconds]
    slow = [cell for at, cell in requests.in_order() if at >= began.seconds]
    before, after = _median(fast), _median(slow)
    if not before or not after or after < max(SLOW_MS, MIN_TIMES * before) or not _goes_on(slow):
        return None
    return Slowed(began.seconds, before, after)


def _median(cells: Sequence[Cell]) -> float | None:
    return joined(cells).median_ms if cells else None


def _together(grids: Sequence[Grid], slow_ones: Sequence[Sequence[int]]) -> Grid:
    """The requests with a service time of all grids, the slow ones as errors."""
    width = max(grid.width for grid in grids)
    timed: defaultdict[int, int] = defaultdict(int)
    slow: defaultdict[int, int] = defaultdict(int)
    for grid, of_grid in zip(grids, slow_ones, strict=True):
        by = width // grid.width
        for number, n, n_slow in zip(grid.numbers, grid.timed, of_grid, strict=True):
            timed[number // by] += n
            slow[number // by] += n_slow
    counted = Grid(width)
    for number, n in timed.items():
        counted.add_run(number * width, n, slow[number])
    return counted


def _goes_on(cells: Sequence[Cell]) -> bool:
    slow = [(cell.median_ms or 0.0) >= SLOW_MS / 2 for cell in cells if cell.timed >= _MIN_IN_CELL]
    return len(slow) > _LAST and all(slow[-_LAST:]) and sum(slow) >= _MIN_SHARE * len(slow)
