"""The bursts of one incarnation's errors by family and path, in columns.

In an incident every dyno fails on a thousand paths. A Spans for each would be half of the memory of all counts.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

from herodyno.diagnosis.counting.errors.bursts import GAP_SECONDS, events_in

MOST_PATHS_IN_BURSTS = 1000
_AT_ONCE = 1000  # errors that are added before close ones fuse
# The numbers of the paths, each one object for all dynos: an int takes more room than a burst.
_NUMBERS = list(range(2 * MOST_PATHS_IN_BURSTS))


class PathBursts:
    """Spans of close errors by family (a code, or "5xx") and path, in seconds since 1970.

    Of all paths of all families the shortest MOST_PATHS_IN_BURSTS stay apart, of the same length the first by name; the
    others of a family count as one path "". Those depend on no order, so parts merge to what the whole would be. Short
    paths are those without numbers, which come again and again.
    """

    __slots__ = ("_apart", "_firsts", "_in_order", "_last_apart", "_lasts", "_numbers", "_paths")

    def __init__(self) -> None:
        self._numbers: dict[str, dict[str, int]] = {}  # of each path of a family
        self._apart = 0  # so many of these are not ""
        self._last_apart: tuple[int, str, str] | None = None  # as of _order; what comes behind it is not apart
        self._paths = array("i")  # the path's number, the first and the last time of each span, fused or not yet
        self._firsts, self._lasts = array("d"), array("d")
        self._in_order = 0  # so many spans are fused and in order

    def add_all(self, families: Sequence[str], paths: Sequence[str], seconds: Sequence[float]) -> None:
        """Count errors, in any order."""
        numbers = self._numbers
        for family, path in zip(families, paths, strict=True):
            of = numbers.get(family)
            number = None if of is None else of.get(path)
            self._paths.append(self._number(family, path) if number is None else number)
        self._firsts.extend(seconds)
        self._lasts.extend(seconds)
        self._fuse_many()

    def update(self, other: PathBursts) -> None:
        """Merge another's into these."""
        mine = array("i", [0]) * sum(map(len, other._numbers.values()))
        for family, theirs in other._numbers.items():
            for path, number in theirs.items():
                mine[number] = self._known(family, path)
        self._paths.extend([mine[number] for number in other._paths])
        self._firsts.extend(other._firsts)
        self._lasts.extend(other._lasts)
        self._bound(2 * MOST_PATHS_IN_BURSTS)
        self._fuse_many()

    def by_path(self) -> dict[tuple[str, str], list[tuple[float, float]]]:
        """The first and the last time of each burst, by family and path."""
        self.fuse()
        keys = {number: (family, path) for family, of in self._numbers.items() for path, number in of.items()}
        found: dict[tuple[str, str], list[tuple[float, float]]] = {key: [] for key in keys.values()}
        for burst, number in zip(self, self._paths, strict=True):
            found[keys[number]].append(burst)
        return found

    def __iter__(self) -> Iterator[tuple[float, float]]:
        """The first and the last time of each burst, path by path and in order of time."""
        self.fuse()
        return zip(self._firsts, self._lasts, strict=True)

    def events(self) -> int:
        """How many independent events: one a burst, and one more per full half minute."""
        return sum(events_in(first, last) for first, last in self)

    def _number(self, family: str, path: str) -> int:
        """The number of a path, which may be behind those that are apart."""
        self._bound(2 * MOST_PATHS_IN_BURSTS - 1)
        is_apart = not self._last_apart or _order(path, family) <= self._last_apart
        return self._known(family, path if is_apart else "")

    def _known(self, family: str, path: str) -> int:
        """The number of a path. A new one gets the next."""
        of = self._numbers.setdefault(family, {})
        number = of.get(path)
        if number is None:
            n = sum(map(len, self._numbers.values()))
            number = of[path] = _NUMBERS[n] if n < len(_NUMBERS) else n
            self._apart += path != ""
        return number

    def _bound(self, most: int) -> None:
        """If more than `most` paths are apart, leave only the first."""
        if self._apart <= most:
            return
        in_order = sorted(_order(path, family) for family, of in self._numbers.items() for path in of if path)
        last = self._last_apart = in_order[MOST_PATHS_IN_BURSTS - 1]
        before = [(number, family, path) for family, of in self._numbers.items() for path, number in of.items()]
        self._numbers.clear()
        self._apart = 0
        number_of = array("i", [0]) * len(before)
        for number, family, path in before:
            number_of[number] = self._known(family, path if _order(path, family) <= last else "")
        self._paths[:] = array("i", [number_of[number] for number in self._paths])
        self._in_order = 0

    def _fuse_many(self) -> None:
        if len(self._paths) > 2 * self._in_order + _AT_ONCE:
            self.fuse()

    def fuse(self) -> None:
        """Put the spans in order, and make one of those that are close."""
        self._bound(MOST_PATHS_IN_BURSTS)
        if len(self._paths) == self._in_order:
            return
        spans = sorted(zip(self._paths, self._firsts, self._lasts, strict=True))
        self._paths, self._firsts, self._lasts = array("i"), array("d"), array("d")
        before = -1
        for path, first, last in spans:
            if path == before and first - self._lasts[-1] < GAP_SECONDS:
                self._lasts[-1] = max(self._lasts[-1], last)
                continue
            before = path
            self._paths.append(path)
            self._firsts.append(first)
            self._lasts.append(last)
        self._in_order = len(self._paths)


def _order(path: str, family: str) -> tuple[int, str, str]:
    return len(path), path, family
