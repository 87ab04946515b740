"""When requests became slow on all dynos: the cut of onset.py, with slow requests in place of failed ones.

Slow means seconds, and many times slower than before: a busier hour is not told. What is fast again is not told either.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from herodyno.diagnosis.counting.grid import Cell, Grid, joined, milliseconds_of
from herodyno.diagnosis.statistics.onset import onset

# Ours. People wait so long and no longer.
SLOW_MS = 2000.0
MIN_TIMES = 5.0
# Most cells after the cut are slow, and the last of them.
_MIN_SHARE = 0.8
_LAST = 2
_MIN_IN_CELL = 5


class Slowed(NamedTuple):
    """Since when requests are slow, in seconds since 1970, and the medians before and after in ms."""

    seconds: float
    before_ms: float
    after_ms: float


def slowed(requests: Grid) -> Slowed | None:
    """The cut, or None. `requests` are those of all dynos of a type."""
    began = onset(_slow_ones(requests))
    if began is None:
        return None
    fast = [cell for at, cell in requests.in_order() if at < began.seconds]
    slow = [cell for at, cell in requests.in_order() if at >= began.seconds]
    before, after = _median(fast), _median(slow)
    if not before or not after or after < max(SLOW_MS, MIN_TIMES * before) or not _goes_on(slow):
        return None
    return Slowed(began.seconds, before, after)


def _median(cells: Sequence[Cell]) -> float | None:
    return joined(cells).median_ms if cells else None


def _slow_ones(requests: Grid) -> Grid:
    slow = Grid(requests.width)
    for at, cell in requests.in_order():
        long = sum(n for step, n in cell.service.items() if milliseconds_of(step) >= SLOW_MS / 2)
        slow.add_run(at, cell.timed, long)
    return slow


def _goes_on(cells: Sequence[Cell]) -> bool:
    slow = [(cell.median_ms or 0.0) >= SLOW_MS / 2 for cell in cells if cell.timed >= _MIN_IN_CELL]
    return len(slow) > _LAST and all(slow[-_LAST:]) and sum(slow) >= _MIN_SHARE * len(slow)
