"""Which patterns of a log changed at a moment: new, gone, more, less. What may be chance is not called a change.

The rates before and after are compared per 1,000 requests for the router and for what apps of the types that it sends
requests to print, else per minute. Requests and time are those of the log, also where few of its lines were selected.
If a pattern did not change, its entries fall on either side as the requests, or the time, do: an exact binomial test,
and Holm's correction over all patterns judged. Entries of one pattern within 5 seconds are one burst, and bursts are
what is tested. For "more" and "less" the counts are also divided by how much more they vary from cell to cell than
chance allows, since many patterns come in waves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from math import ceil, floor
from typing import Literal, NamedTuple, TypeAlias

from herodyno.diagnosis.statistics.rates import binomial_tail, holm
from herodyno.logs.patterns.log_patterns import Pattern
from herodyno.logs.patterns.pattern_counts import Cells
from herodyno.logs.query.whole_log import Side

# All ours. Fewer bursts than FEWEST_BURSTS are not judged. A rate less than LEAST_TIMES as high is no change.
FEWEST_BURSTS = 5
LEAST_TIMES = 2.0
CHANCE = 0.05
FEWEST_REQUESTS = 100  # on either side; else nothing is compared per request
FEWEST_LINES = 20  # on either side; else nothing is compared
FEWEST_SECONDS = 30.0

Change: TypeAlias = Literal["new", "gone", "more", "less"]
Unit: TypeAlias = Literal["1000 requests", "minute"]
CHANGES: tuple[Change, ...] = ("new", "gone", "more", "less")


class Judged(NamedTuple):
    """One pattern on both sides of the moment: entries, bursts, and how many of `unit` either side has.

    `change` is None where chance may explain the difference. `is_judged`: there are enough bursts.
    """

    pattern: Pattern
    unit: Unit
    units: tuple[float, float]
    entries: tuple[int, int]
    bursts: tuple[int, int]
    change: Change | None = None
    p_adjusted: float | None = None

    @property
    def is_judged(self) -> bool:
        """Whether there are enough bursts."""
        before, after = self.bursts
        return before + after >= FEWEST_BURSTS

    @property
    def rates(self) -> tuple[float, float]:
        """Entries per unit on either side."""
        return self.entries[0] / self.units[0], self.entries[1] / self.units[1]

    @property
    def times(self) -> float | None:
        """The rate after as a multiple of the rate before, None when there was none before."""
        before, after = self.rates
        return after / before if before else None


class Changes(NamedTuple):
    """All patterns, those that changed first. `sides` are the log before and after, `entries` what was compared."""

    sides: tuple[Side, Side]
    entries: tuple[int, int]
    by_requests: bool
    patterns: Sequence[Judged]

    @property
    def changed(self) -> list[Judged]:
        """The patterns that changed."""
        return [each for each in self.patterns if each.change]

    @property
    def judged(self) -> int:
        """How many patterns had enough bursts."""
        return sum(each.is_judged for each in self.patterns)


def too_little(sides: tuple[Side, Side]) -> str:
    """Which side has too little to compare, "" where both have enough."""
    for name, side in zip(("before", "after"), sides, strict=True):
        if side.lines < FEWEST_LINES or side.seconds < FEWEST_SECONDS:
            return name
    return ""


def pattern_changes(
    patterns: Iterable[Pattern], sides: tuple[Side, Side], types: Collection[str], cell_seconds: float
) -> Changes:
    """What changed. `sides`: the log before the moment, and from it on. `types`: of the dynos that requests went to."""
    rows = list(patterns)
    seconds, requests = (sides[0].seconds, sides[1].seconds), (sides[0].requests, sides[1].requests)
    by_requests = min(requests) >= FEWEST_REQUESTS
    found = []
    for row in rows:
        is_asked_for = row.kind == "request" or (row.source == "app" and row.type in types)
        unit: Unit = "1000 requests" if by_requests and is_asked_for else "minute"
        units = (
            [each / 1000 for each in requests] if unit == "1000 requests" else [max(1.0, each) / 60 for each in seconds]
        )
        before, after = row.counts.cells
        found.append(
            Judged(row, unit, (units[0], units[1]), (before.entries, after.entries), (before.bursts, after.bursts))
        )
    adjusted = iter(holm([_chance(each, seconds, cell_seconds) for each in found if each.is_judged]))
    judged = [_told(each, next(adjusted)) if each.is_judged else each for each in found]
    entries = sum(it.entries[0] for it in found), sum(it.entries[1] for it in found)
    return Changes(sides, entries, by_requests, sorted(judged, key=_order))


def _chance(it: Judged, seconds: tuple[float, float], cell_seconds: float) -> float:
    """The chance of so uneven a split, or a more uneven one, if nothing changed."""
    before, after = it.entries
    size = (before + after) / sum(it.bursts)  # entries that count as one
    if before and after:
        sides = zip(it.pattern.counts.cells, seconds, strict=True)
        size = max(size, *(_dispersion(cells, ceil(length / cell_seconds)) for cells, length in sides))
    share = it.units[1] / sum(it.units)
    before, after = floor(before / size), floor(after / size)
    tails = (binomial_tail(after, before + after, share), binomial_tail(before, before + after, 1 - share))
    return min(1.0, 2 * min(tails))


def _dispersion(cells: Cells, number: int) -> float:
    """How much more the counts of cells vary than chance allows: their variance by their mean. 1 for few cells."""
    counts = [cell[0] for cell in cells.found.values()]
    counts += [0] * (number - len(counts))
    n, total = len(counts), sum(counts)
    if n < 4 or not total:
        return 1.0
    variance = (n * sum(count * count for count in counts) - total * total) / (n * (n - 1))
    return variance / (total / n)


def _told(it: Judged, p_adjusted: float) -> Judged:
    change: Change | None = None
    if p_adjusted <= CHANCE:
        times = it.times
        if times is None:
            change = "new"
        elif not times:
            change = "gone"
        elif times >= LEAST_TIMES:
            change = "more"
        elif times <= 1 / LEAST_TIMES:
            change = "less"
    return it._replace(change=change, p_adjusted=p_adjusted)


def _order(it: Judged) -> tuple[int, float, int, str]:
    """New first, the most certain first."""
    place = CHANGES.index(it.change) if it.change else len(CHANGES)
    return place, it.p_adjusted if it.p_adjusted is not None else 2.0, -sum(it.entries), it.pattern.template
