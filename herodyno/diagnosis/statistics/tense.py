"""Whether failing goes on: it is over when the requests since would have failed as well at the rate before.

The time from the first error on is cut in two where the binomial likelihood of two rates is greatest, as onset.py does
the other way round. Three conditions make what is before the cut over:

1. Chance: so few errors since would come once in a thousand at the rate before. The cut was chosen, so once in a
   hundred is not enough.
2. Size: the rate since is at most a tenth of the rate before.
3. Quiet: the time since is at least twice the longest pause before. What comes in spells is not over between two.

"No error since the last one" would not do. The first odd error of a healthy app would make every outage go on.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import exp, inf
from operator import itemgetter, sub
from typing import NamedTuple, TypeAlias

from herodyno.diagnosis.counting.errors.bursts import Spans
from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.statistics.onset import likelihood
from herodyno.diagnosis.statistics.rates import binomial_tail

ALPHA = 0.001  # condition 1
MOST_LEFT = 0.1  # condition 2
PAUSES = 2.0  # condition 3
# An error at most this long before the end of the window is one that goes on, unless that time is far too quiet.
GOES_ON_SECONDS = 60.0

_Cell: TypeAlias = tuple[float, int, int]  # (start, requests, errors)


class Tense(NamedTuple):
    """Whether errors go on. Times are seconds since 1970; `before` and `since` are (errors, requests).

    `ongoing` is None when the data cannot tell. `newest` is the last error of all. `ended_at` is the last error of
    what is over, None unless `ongoing` is False. `before` counts from the first error to `ended_at`, `since` after it.
    """

    ongoing: bool | None
    newest: float | None = None
    ended_at: float | None = None
    before: tuple[int, int] = (0, 0)
    since: tuple[int, int] = (0, 0)

    @property
    def expected(self) -> float:
        """The errors that the requests since would have had at the rate before."""
        errors, requests = self.before
        return errors / requests * self.since[1] if requests else 0.0


NEVER_FAILED = Tense(None)


def tense(grid: Grid, episodes: Iterable[Spans], end: float, begin: float = -inf) -> Tense:
    """Judge the requests of a grid, whose errors came in these episodes, at the end of the window.

    `begin` is when the errors are known to have begun (`onset`). Earlier odd errors would make long pauses.
    """
    times = sorted(span for spans in episodes for span in spans if span[1] >= begin)
    if not times:
        return NEVER_FAILED
    newest = max(last for _, last in times)
    counted = zip(grid.starts, grid.requests, grid.errors, strict=True)
    cells = [cell for cell in counted if cell[0] + grid.width > times[0][0]]
    if (cut := _best_cut(cells)) is not None:
        ended_at, pause = _end_at(cut + grid.width, times)
        before, since = (
            _counts(cell for cell in cells if cell[0] < ended_at),
            _counts(cell for cell in cells if cell[0] >= ended_at),
        )
        if _is_less(before, since) and end - ended_at >= PAUSES * pause:
            return Tense(False, newest, ended_at, before, since)
    is_near = end - newest <= GOES_ON_SECONDS
    return Tense(True if is_near and not _is_too_quiet(cells, times, newest, end) else None, newest)


def _is_too_quiet(cells: Sequence[_Cell], times: Sequence[tuple[float, float]], newest: float, end: float) -> bool:
    """Whether so long without an error would come once in a thousand, had the errors gone on at their usual pace.

    The end lies within the last cells, so that it may be over is all that can be said.
    """
    quiet, lasted = end - newest, newest - times[0][0]
    if lasted <= 0 or quiet <= 0 or exp(-_counts(cells)[0] / lasted * quiet) > ALPHA:
        return False
    return quiet >= PAUSES * longest_pause(times)[0]


def seen_at(told: Tense, present: float) -> Tense:
    """The tense at a time after the window: what failed at the end of an old log may be over by then."""
    is_old = told.ongoing and told.newest is not None and present - told.newest > GOES_ON_SECONDS
    return told._replace(ongoing=None) if is_old else told


def after_its_end(told: Tense) -> Tense:
    """The tense of a dyno that has ended. Nothing goes on there, whatever its last requests were."""
    return told if told.ongoing is False or told.newest is None else Tense(False, told.newest, told.newest)


def _best_cut(cells: Sequence[_Cell]) -> float | None:
    """The start of the first cell after the cut, or None when no cut makes the rate a tenth."""
    errors, requests = _counts(cells)
    best: tuple[float, float] | None = None
    n_before = e_before = 0
    for at, n, e in cells:
        n_after, e_after = requests - n_before, errors - e_before
        if n_before and n_after and e_before and e_after / n_after <= MOST_LEFT * e_before / n_before:
            gain = likelihood(e_before, n_before) + likelihood(e_after, n_after)
            if best is None or gain > best[0]:
                best = (gain, at)
        n_before, e_before = n_before + n, e_before + e
    return None if best is None else best[1]


def _end_at(latest: float, times: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """(the last error up to a time, the longest pause before it).

    The time is one cell after the cut. A cell may be cut because few errors are left in it: they are stragglers of
    what is over.
    """
    before = times[: bisect_left(times, latest, key=itemgetter(0))] or times[:1]
    return min(max(last for _, last in before), latest), longest_pause(before)[0]


def longest_pause(times: Sequence[tuple[float, float]]) -> tuple[float, int]:
    """(the longest time between spans, the place of the span behind it); (0, 0) without a pause. Sorted, one or more.

    An incident has a hundred thousand spans, so no step here is one of Python's.
    """
    firsts, lasts = ([span[side] for span in times] for side in (0, 1))
    pauses = [0.0, *map(sub, firsts[1:], accumulate(lasts, max))]
    longest = max(pauses)
    return longest, pauses.index(longest)


def _counts(cells: Iterable[_Cell]) -> tuple[int, int]:
    """(errors, requests)."""
    held = list(cells)
    return sum(e for _, _, e in held), sum(n for _, n, _ in held)


def _is_less(before: tuple[int, int], since: tuple[int, int]) -> bool:
    """Conditions 1 and 2."""
    (failed, of), (still, left) = before, since
    if not failed or not left or still / left > MOST_LEFT * failed / of:
        return False
    return 1 - binomial_tail(still + 1, left, failed / of) <= ALPHA
