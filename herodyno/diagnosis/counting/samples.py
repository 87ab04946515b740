"""Memory samples over time, bounded: when there are too many, only the earliest of each span of time is kept.

The span is the shortest power of two seconds that leaves few enough samples. So the kept samples depend neither on
the order of arrival nor on the parts of the log.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import chain
from operator import lt
from typing import TypeAlias

# A dyno runs for at most 27.6 hours. Then one sample is kept of each 64 seconds, four or five of each 5 minutes.
MOST_SAMPLES = 1600

Sample: TypeAlias = tuple[float, float, float]  # seconds since 1970, total MB, swap MB
_FIELDS = 3


class MemorySamples:
    """`width` is the span of time in seconds of which one sample is kept; 0 while all samples are kept."""

    __slots__ = ("_is_sorted", "_numbers", "width")

    def __init__(self) -> None:
        # Tuples would take seven times the memory.
        self._numbers = array("d")  # seconds, total, swap, seconds, …
        self._is_sorted = True
        self.width = 0

    def add(self, sample: Sample) -> None:
        """Add one sample."""
        self._extend(sample)

    def extend(self, seconds: Iterable[float], totals: Iterable[float], swaps: Iterable[float]) -> None:
        """Add many samples."""
        self._extend(chain.from_iterable(zip(seconds, totals, swaps, strict=True)))

    def update(self, other: MemorySamples) -> None:
        """Merge."""
        self.width = max(self.width, other.width)
        self._extend(other._numbers)

    def __iter__(self) -> Iterator[Sample]:
        """The kept samples by time."""
        self._sort()
        return self._all()

    @property
    def seconds(self) -> array[float]:
        """The times of the kept samples, in order."""
        self._sort()
        return self._numbers[::_FIELDS]

    @property
    def totals(self) -> array[float]:
        """The total MB of the kept samples, by time."""
        self._sort()
        return self._numbers[1::_FIELDS]

    @property
    def swaps(self) -> array[float]:
        """The swap MB of the kept samples, by time."""
        self._sort()
        return self._numbers[2::_FIELDS]

    def _all(self) -> Iterator[Sample]:
        return zip(*(self._numbers[field::_FIELDS] for field in range(_FIELDS)), strict=True)

    def _extend(self, numbers: Iterable[float]) -> None:
        before = len(self._numbers)
        self._numbers.extend(numbers)
        self._is_sorted = self._is_sorted and len(self._numbers) == before
        if len(self._numbers) > MOST_SAMPLES * _FIELDS * 5 // 4:
            self._thin_out()

    def _sort(self) -> None:
        """Put the samples in order, once."""
        if not self._is_sorted:
            seconds = self._numbers[::_FIELDS]
            are_in_order = all(map(lt, seconds, seconds[1:]))
            if self.width or len(seconds) > MOST_SAMPLES or not are_in_order:
                self._thin_out()
            self._is_sorted = True

    def _thin_out(self) -> None:
        kept = sorted(self._all(), reverse=True)
        if self.width:
            kept = _earliest_of_each(self.width, kept)
        while len(kept) > MOST_SAMPLES:
            self.width = self.width * 2 or 1
            kept = _earliest_of_each(self.width, kept)
        self._numbers = array("d", chain.from_iterable(reversed(kept)))
        self._is_sorted = True


def _earliest_of_each(width: int, newest_first: list[Sample]) -> list[Sample]:
    return list({sample[0] // width: sample for sample in newest_first}.values())
