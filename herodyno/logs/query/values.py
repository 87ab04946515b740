"""The numbers of one field in one group: a histogram with count, sum, maximum and percentiles. Two of them merge.

Percentiles are exact (nearest rank) up to MOST_VALUES different numbers, and of three digits above that, or of fewer
where many histograms are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from math import ceil, floor, log10

from herodyno.logs.query.quantities import Quantity

MOST_VALUES = 20_000


class Values:
    """A histogram of numbers in the unit of the first of them. Numbers of another kind do not count."""

    __slots__ = ("_digits", "_unit", "counts", "most", "number", "total")

    def __init__(self) -> None:
        self.counts: Counter[float] = Counter()
        self.number = 0
        self.total = 0.0
        self.most: float | None = None
        self._unit = ""
        self._digits = 0  # that are kept of each number, 0 for all

    def add(self, it: Quantity) -> None:
        """Count one number."""
        ratio = self._ratio(it.unit)
        if ratio is None:
            return
        value = it.number * ratio
        self.number += 1
        self.total += value
        self.most = value if self.most is None else max(self.most, value)
        self.counts[_rounded(value, self._digits) if self._digits else value] += 1
        if len(self.counts) > MOST_VALUES:
            self.round(3)

    def merge(self, other: Values) -> None:
        """Count all numbers of another histogram too."""
        ratio = self._ratio(other._unit)
        if ratio is None or other.most is None:
            return
        self.number += other.number
        self.total += other.total * ratio
        self.most = other.most * ratio if self.most is None else max(self.most, other.most * ratio)
        for value, times in other.counts.items():
            self.counts[value * ratio] += times
        digits = min((it for it in (self._digits, other._digits) if it), default=0)
        self._digits = 0
        if digits or len(self.counts) > MOST_VALUES:
            self.round(digits or 3)

    def round(self, digits: int) -> None:
        """Keep so many digits of each number from now on. Three are at most 900 numbers for each power of ten."""
        if 0 < self._digits <= digits:
            return
        self._digits = digits
        rounded: Counter[float] = Counter()
        for each, times in self.counts.items():
            rounded[_rounded(each, digits)] += times
        self.counts = rounded

    def rank(self, share: float) -> float | None:
        """The percentile by nearest rank; `share` 0.95 is the 95th."""
        wanted, seen = max(1, ceil(share * self.number)), 0
        for value in sorted(self.counts):
            seen += self.counts[value]
            if seen >= wanted:
                return value
        return None

    def _ratio(self, unit: str) -> float | None:
        """What a number of this unit is multiplied with, None when the unit is of another kind."""
        self._unit = self._unit or unit
        if not unit or unit == self._unit:
            return 1.0
        both = Quantity(1.0, unit).against(Quantity(1.0, self._unit))
        return both and both[0] / both[1]


class Cell:
    """How many events a group has, and the numbers of their fields."""

    __slots__ = ("count", "values")

    def __init__(self, fields: Iterable[str]) -> None:
        self.count = 0
        self.values = {name: Values() for name in fields}

    def figure(self, field: str, make: Callable[[Values], float | None]) -> float | None:
        """What `make` gives for the numbers of a field; the number of events for the field ""."""
        return make(self.values[field]) if field else self.count

    def merge(self, other: Cell) -> None:
        """Count the events of another cell too."""
        self.count += other.count
        for name, values in self.values.items():
            values.merge(other.values[name])


def _rounded(value: float, digits: int) -> float:
    return value if not value else round(value, digits - 1 - floor(log10(abs(value))))
