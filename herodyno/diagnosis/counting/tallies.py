"""Counts of things with names, bounded: the most frequent are kept, the rest is one number. Tallies merge."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

# A request path is chosen by whoever asks: without a bound, a scanner decides how much memory we use.
MOST_NAMES = 400

_K = TypeVar("_K")


class Tally:
    """How often each name came. Beyond `most` names the rarest are folded into `other`."""

    __slots__ = ("counts", "most", "other")

    def __init__(self, most: int = MOST_NAMES) -> None:
        self.counts: dict[str, int] = {}
        self.other = 0
        self.most = most

    def add(self, name: str, n: int = 1) -> None:
        """Count a name."""
        counts = self.counts
        counts[name] = counts.get(name, 0) + n
        if len(counts) > self.most * 2:
            self._fold()

    def update(self, other: Tally) -> None:
        """Merge another tally into this one."""
        self.other += other.other
        for name, n in other.counts.items():
            self.counts[name] = self.counts.get(name, 0) + n
        if len(self.counts) > self.most * 2:
            self._fold()

    def __getitem__(self, name: str) -> int:
        return self.counts.get(name, 0)

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """(name, count), most frequent first, names in order where counts tie."""
        return iter(sorted(self.counts.items(), key=lambda item: (-item[1], item[0])))

    @property
    def total(self) -> int:
        """All that was counted, the folded too."""
        return sum(self.counts.values()) + self.other

    def top(self, n: int) -> tuple[tuple[str, int], ...]:
        """The n most frequent."""
        return tuple(list(self)[:n])

    def _fold(self) -> None:
        self.counts, folded = most_frequent(self.counts, self.most)
        self.other += folded


def most_frequent(counts: dict[_K, int], most: int) -> tuple[dict[_K, int], int]:
    """The `most` most frequent, the first met where counts tie; and the sum of the others' counts."""
    if len(counts) <= most:
        return counts, 0
    last = sorted(counts.values(), reverse=True)[most - 1]
    kept = {name: n for name, n in counts.items() if n > last}
    kept.update(islice(((name, n) for name, n in counts.items() if n == last), most - len(kept)))
    return kept, sum(counts.values()) - sum(kept.values())
