"""Counts by name, bounded: the most frequent names are kept, the rest is one number. Tallies merge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from herodyno.diagnosis.counting.folded_names import FoldedNames, place_of

# Clients choose the request paths: without a bound, a vulnerability scanner would decide how much memory we use.
MOST_NAMES = 400

K = TypeVar("K")


class Tally:
    """How often each name came. Beyond `most` names the rarest are folded into `other`, and into `folded` if given."""

    __slots__ = ("counts", "folded", "most", "other")

    def __init__(self, most: int = MOST_NAMES, folded: FoldedNames | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.other = 0
        self.most = most
        self.folded = folded

    def add(self, name: str, n: int = 1) -> None:
        """Count a name."""
        counts = self.counts
        counts[name] = counts.get(name, 0) + n
        if len(counts) > self.most * 2:
            self._fold()

    def add_each(self, names: Sequence[str]) -> None:
        """Count many names, with the outcome of `add` one by one."""
        begin = 0
        while begin < len(names):
            end = begin + max(1, self.most * 2 - len(self.counts))
            if end == begin + 1:
                self.add(names[begin])
            else:  # so many cannot be too many
                self.counts.update(names[begin:end])
            begin = end

    def add_all(self, names: Iterable[str], *, room: int = 4) -> None:
        """Count many names. Folding is slow, so fold only above `room` times the names that are kept."""
        self.counts.update(names)
        self.bound(self.most * room)

    def add_counts(self, names: Mapping[str, int], others: int = 0, *, room: int = 4) -> None:
        """Count names as often as told, and so many others as part of the rest."""
        self.counts.update(names)
        self.other += others
        self.bound(self.most * room)

    def update(self, other: Tally) -> None:
        """Merge another tally into this one."""
        self.other += other.other
        if self.folded and other.folded:
            self.folded.update(other.folded)
        self.add_all(other.counts, room=2)

    def bound(self, most: int) -> None:
        """Fold if there are more than `most` names."""
        if len(self.counts) > most:
            self._fold()

    def fold(self, names: Mapping[str, int]) -> None:
        """Count names as part of the rest."""
        self.other += sum(names.values())
        if self.folded:
            self.folded.add(names)

    def __getitem__(self, name: str) -> int:
        return self.counts.get(name, 0)

    @property
    def is_whole(self) -> bool:
        """Whether each count is exact, as up to twice `most` names. Of more, the rarest are folded now or later."""
        return not self.other and len(self.counts) <= self.most * 2

    def at_most(self, name: str) -> tuple[int, bool]:
        """How often a name may have come at most, and whether it came exactly so often."""
        if self.is_whole:
            return self[name], True
        if not self.folded:
            return self[name] + self.other, False
        place = place_of(name)
        kept = sum(n for each, n in self.counts.items() if place_of(each) == place)
        return self.folded.at(place) + kept, False

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """(name, count), most frequent first, names in order where counts tie."""
        return iter(sorted(self.counts.items(), key=lambda item: (-item[1], item[0])))

    @property
    def total(self) -> int:
        """The sum of all counts, those of folded names too."""
        return sum(self.counts.values()) + self.other

    def top(self, n: int) -> tuple[tuple[str, int], ...]:
        """The n most frequent."""
        return tuple(list(self)[:n])

    def _fold(self) -> None:
        counts = self.counts
        self.counts = most_frequent(counts, self.most)
        self.fold({name: n for name, n in counts.items() if name not in self.counts})


def most_frequent(counts: Counter[K], most: int) -> Counter[K]:
    """The most frequent keys, the first met where counts tie. There are at least so many."""
    last = sorted(counts.values(), reverse=True)[most - 1]
    kept = {key: n for key, n in counts.items() if n > last}
    kept.update(islice(((key, n) for key, n in counts.items() if n == last), most - len(kept)))
    return Counter(kept)
