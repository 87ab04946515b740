"""Memory samples over time, bounded: when there are too many, one is kept of each span of time.

Which ones are kept does not depend on the order they came in, nor on how the log was cut into parts:
of each span the earliest, and the span is the shortest power of two that leaves few enough.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import TypeAlias

# A dyno lives a day, and tells of its memory every 20 seconds or so: after that one a minute is enough.
MOST_SAMPLES = 1024

Sample: TypeAlias = tuple[float, float, float]  # seconds since 1970, total MB, swap MB


class Samples:
    """`width` is the span of which one sample is kept, in seconds; 0 while all are."""

    __slots__ = ("_numbers", "width")

    def __init__(self) -> None:
        self._numbers = array("d")  # seconds, total, swap, seconds, …: as tuples they would take six times the room
        self.width = 0

    def add(self, sample: Sample) -> None:
        """Put in one."""
        self._numbers.extend(sample)
        if len(self._numbers) > 6 * MOST_SAMPLES:
            self._thin_out()

    def update(self, other: Samples) -> None:
        """Merge."""
        self._numbers.extend(other._numbers)
        self.width = max(self.width, other.width)
        if len(self._numbers) > 6 * MOST_SAMPLES:
            self._thin_out()

    def __iter__(self) -> Iterator[Sample]:
        """By time."""
        if len(self._numbers) > 3 * MOST_SAMPLES or self.width:
            self._thin_out()
        return iter(sorted(self._all()))

    def _all(self) -> Iterable[Sample]:
        numbers = iter(self._numbers)
        return zip(numbers, numbers, numbers, strict=True)

    def _thin_out(self) -> None:
        kept = {int(sample[0] // self.width) if self.width else i: sample for i, sample in self._newest_first()}
        while len(kept) > MOST_SAMPLES:
            self.width = self.width * 2 or 1
            kept = {int(sample[0] // self.width): sample for _, sample in self._newest_first()}
        self._numbers = array("d", (number for sample in sorted(kept.values()) for number in sample))

    def _newest_first(self) -> Iterable[tuple[int, Sample]]:
        return enumerate(sorted(self._all(), reverse=True))
