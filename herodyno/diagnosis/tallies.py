"""Counts of things with names, bounded: the most frequent are kept, the rest is one number. Tallies merge."""

from __future__ import annotations

from collections.abc import Iterator

# A request path is chosen by whoever asks: without a bound, a scanner decides how much memory we use.
MOST_NAMES = 400


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
        kept = list(self)
        self.other += sum(n for _, n in kept[self.most :])
        self.counts = dict(kept[: self.most])
