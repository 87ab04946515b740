"""When the error rate changed: the one cut through the window that best parts few errors from many.

It is the cut of greatest binomial likelihood (D. V. Hinkley and E. A. Hinkley, Biometrika 57 (1970) 477), given only
when the change is beyond doubt. What else happened then is a matter of the clock: "began after", never "caused by".
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.statistics.rates import rate_ratio

MIN_SIDE = 50
MIN_ERRORS = 5
MIN_RATIO = 3.0


class Onset(NamedTuple):
    """When more requests began to fail, in seconds since 1970. `before` and `after` are (errors, requests)."""

    seconds: float
    before: tuple[int, int]
    after: tuple[int, int]


def onset(grid: Grid) -> Onset | None:
    """Find the cut, or None. Both sides need 50 requests, and the later one 3 times the rate for certain."""
    cells = zip(grid.starts, grid.requests, grid.errors, strict=True)
    requests, errors = sum(grid.requests), sum(grid.errors)
    best: tuple[float, Onset] | None = None
    n_before = e_before = 0
    for start, n, e in cells:
        n_after, e_after = requests - n_before, errors - e_before
        if n_before >= MIN_SIDE and n_after >= MIN_SIDE and e_after >= MIN_ERRORS:
            gain = likelihood(e_before, n_before) + likelihood(e_after, n_after)
            if best is None or gain > best[0]:
                best = (gain, Onset(start, (e_before, n_before), (e_after, n_after)))
        n_before, e_before = n_before + n, e_before + e
    if best is None:
        return None
    found = best[1]
    (failed, of), (still, left) = found.before, found.after
    if still * of < 0.99 * MIN_RATIO * failed * left:  # the lower end is below the ratio, and takes long to find
        return None
    low = rate_ratio(found.after[0], found.after[1], found.before[0], found.before[1])[1]
    return found if low >= MIN_RATIO else None


def likelihood(events: int, trials: int) -> float:
    """The logarithm of the binomial likelihood at the most likely rate, without the constant term."""
    if events in (0, trials):
        return 0.0
    rate = events / trials
    return events * log(rate) + (trials - events) * log(1 - rate)
