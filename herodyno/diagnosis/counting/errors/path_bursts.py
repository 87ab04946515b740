"""The bursts of one incarnation's errors by family and path, in columns.

In an incident every dyno fails on a thousand paths. A Spans for each would be half of the memory of all counts.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

from herodyno.diagnosis.counting.bursts import GAP_SECONDS, events_in

MOST_PATHS_IN_BURSTS = 1000
_AT_ONCE = 1000  # errors that are added before close ones fuse


class PathBursts:
    """Spans of close errors by family (a code, or "5xx") and path, in seconds since 1970, added in any order.

    Beyond MOST_PATHS_IN_BURSTS the other paths of a family count as one path "". Merging bounds nothing.
    """

    __slots__ = ("_enough", "_firsts", "_lasts", "_numbers", "_paths")

    def __init__(self) -> None:
        self._numbers: dict[str, dict[str, int]] = {}  # of each path of a family
        self._paths = array("q")  # the path's number, the first and the last time of each span, fused or not yet
        self._firsts, self._lasts = array("d"), array("d")
        self._enough = _AT_ONCE

    def add_all(self, families: Sequence[str], paths: Sequence[str], seconds: Sequence[float]) -> None:
        """Count errors."""
        all_numbers = self._numbers
        for family, path in zip(families, paths, strict=True):
            numbers = all_numbers.get(family)
            if numbers is None:
                numbers = all_numbers[family] = {}
            number = numbers.get(path)
            if number is None:
                n = sum(map(len, all_numbers.values()))
                number = numbers.setdefault(path if n < MOST_PATHS_IN_BURSTS else "", n)
            self._paths.append(number)
        self._firsts.extend(seconds)
        self._lasts.extend(seconds)
        if len(self._paths) > self._enough:
            self._fuse()

    def update(self, other: PathBursts) -> None:
        """Merge another's into these."""
        mine = array("q", [0]) * sum(map(len, other._numbers.values()))
        n = sum(map(len, self._numbers.values()))
        for family, theirs in other._numbers.items():
            numbers = self._numbers.setdefault(family, {})
            for path, number in theirs.items():
                mine[number] = numbers.setdefault(path, n)
                n += mine[number] == n
        self._paths.extend([mine[number] for number in other._paths])
        self._firsts.extend(other._firsts)
        self._lasts.extend(other._lasts)
        self._fuse()

    def by_path(self) -> dict[tuple[str, str], list[tuple[float, float]]]:
        """The first and the last time of each burst, by family and path."""
        keys = {number: (family, path) for family, of in self._numbers.items() for path, number in of.items()}
        found: dict[tuple[str, str], list[tuple[float, float]]] = {key: [] for key in keys.values()}
        for burst, number in zip(list(self), self._paths, strict=True):
            found[keys[number]].append(burst)
        return found

    def __iter__(self) -> Iterator[tuple[float, float]]:
        """The first and the last time of each burst, path by path and in order of time."""
        self._fuse()
        return zip(self._firsts, self._lasts, strict=True)

    def events(self) -> int:
        """How many independent events: one a burst, and one more per full half minute."""
        return sum(events_in(first, last) for first, last in self)

    def _fuse(self) -> None:
        """Put the spans in order, and make one of those that are close."""
        spans = sorted(zip(self._paths, self._firsts, self._lasts, strict=True))
        self._paths, self._firsts, self._lasts = array("q"), array("d"), array("d")
        before = -1
        for path, first, last in spans:
            if path == before and first - self._lasts[-1] < GAP_SECONDS:
                self._lasts[-1] = max(self._lasts[-1], last)
                continue
            before = path
            self._paths.append(path)
            self._firsts.append(first)
            self._lasts.append(last)
        self._enough = 2 * len(self._paths) + _AT_ONCE
