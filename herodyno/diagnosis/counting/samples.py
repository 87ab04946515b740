"""Memory samples over time, bounded: when there are too many, only the earliest of each span of time is kept.

The span is the shortest power of two seconds that leaves few enough samples. So the kept samples depend neither on
the order of arrival nor on the parts of the log.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TypeAlias

# A dyno runs for at most 27.6 hours. Then one sample is kept of each 64 seconds, four or five of each 5 minutes.
MOST_SAMPLES = 1600

Sample: TypeAlias = tuple[float, float, float]  # seconds since 1970, total MB, swap MB


class MemorySamples:
    """`width` is the span of time in seconds of which one sample is kept; 0 while all samples are kept."""

    __slots__ = ("_seconds", "_sizes", "width")

    def __init__(self) -> None:
        # Tuples would take ten times the memory. A float has seven digits: 129,024 MB to a hundredth.
        self._seconds = array("d")
        self._sizes = array("f")  # total, swap, total, …
        self.width = 0

    def add(self, sample: Sample) -> None:
        """Add one sample."""
        self._seconds.append(sample[0])
        self._sizes.extend(sample[1:])
        self._bound()

    def extend(self, seconds: Iterable[float], totals: Iterable[float], swaps: Iterable[float]) -> None:
        """Add many samples."""
        self._seconds.extend(seconds)
        self._sizes.extend(chain.from_iterable(zip(totals, swaps, strict=True)))
        self._bound()

    def update(self, other: MemorySamples) -> None:
        """Merge."""
        self._seconds.extend(other._seconds)
        self._sizes.extend(other._sizes)
        self.width = max(self.width, other.width)
        self._bound()

    def __iter__(self) -> Iterator[Sample]:
        """The kept samples by time."""
        if len(self._seconds) > MOST_SAMPLES or self.width:
            self._thin_out()
        return iter(sorted(self._all()))

    def _all(self) -> Iterable[Sample]:
        sizes = map(_as_logged, self._sizes)
        return zip(self._seconds, sizes, sizes, strict=True)

    def _bound(self) -> None:
        if len(self._seconds) > MOST_SAMPLES * 5 // 4:
            self._thin_out()

    def _thin_out(self) -> None:
        kept = sorted(self._all(), reverse=True)
        if self.width:
            kept = _earliest_of_each(self.width, kept)
        while len(kept) > MOST_SAMPLES:
            self.width = self.width * 2 or 1
            kept = _earliest_of_each(self.width, kept)
        self._seconds, self._sizes = array("d"), array("f")
        for seconds, total, swap in reversed(kept):
            self._seconds.append(seconds)
            self._sizes.extend((total, swap))


def _earliest_of_each(width: int, newest_first: list[Sample]) -> list[Sample]:
    return list({sample[0] // width: sample for sample in newest_first}.values())


def _as_logged(size: float) -> float:
    """Runtime metrics have two decimals, which a float of four bytes keeps only nearly."""
    return round(size, 2)
