"""Exceptions that an incarnation raised: the last one of each class, and which failed requests came within a second.

An exception and the failed request have two lines, written by two processes. Only their times and their dyno join
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from herodyno.diagnosis.counted import Counted, merging, part

MOST_KINDS = 50
LONGEST_MESSAGE = 300
MOST_CELLS = 512
MOST_KINDS_IN_A_CELL = 20
# Cells wider than this join what may have nothing to do with each other.
WIDEST_CELL = 4


class Raised(NamedTuple):
    """One exception: the time and the number of its first line, its class and its message."""

    seconds: float
    number: int
    kind: str
    message: str


def _newest(kept: dict[str, Raised]) -> dict[str, Raised]:
    if len(kept) <= MOST_KINDS:
        return kept
    return {each.kind: each for each in sorted(kept.values(), reverse=True)[:MOST_KINDS]}


def _newest_of_both(mine: dict[str, Raised], other: dict[str, Raised]) -> dict[str, Raised]:
    return _newest(mine | {kind: max(each, mine.get(kind, each)) for kind, each in other.items()})


def _renumbered(kept: dict[str, Raised], by: int) -> dict[str, Raised]:
    return {kind: each._replace(number=each.number + by) for kind, each in kept.items()}


class Beside:
    """Failed requests and classes of exceptions by cells of one second, in any order.

    Beyond MOST_CELLS each two neighbours become one cell.
    """

    __slots__ = ("cells", "width")

    def __init__(self) -> None:
        self.width = 1
        self.cells: dict[int, tuple[int, frozenset[str]]] = {}  # cell -> failed requests, classes of exceptions

    def add_failure(self, seconds: float) -> None:
        """Count a failed request."""
        self._add(int(seconds // self.width), 1, frozenset())

    def add_exception(self, seconds: float, kind: str) -> None:
        """Take in an exception."""
        self._add(int(seconds // self.width), 0, frozenset((kind,)))

    def update(self, other: Beside) -> None:
        """Merge."""
        self._widen(other.width)
        for cell, (failed, kinds) in other.cells.items():
            self._add(cell * other.width // self.width, failed, kinds)

    @property
    def failed(self) -> int:
        """All failed requests."""
        return sum(failed for failed, _ in self.cells.values())

    @property
    def kinds(self) -> set[str]:
        """The classes that stand beside a failed request."""
        return {kind for cell, (failed, _) in self.cells.items() if failed for kind in self._near(cell)}

    def failed_with(self, kind: str) -> int:
        """The failed requests that have an exception of this class in their cell or the next ones."""
        if self.width > WIDEST_CELL:
            return 0
        return sum(failed for cell, (failed, _) in self.cells.items() if failed and kind in self._near(cell))

    def _near(self, cell: int) -> frozenset[str]:
        nothing: tuple[int, frozenset[str]] = (0, frozenset())
        return frozenset().union(*(self.cells.get(near, nothing)[1] for near in (cell - 1, cell, cell + 1)))

    def _add(self, cell: int, failed: int, kinds: frozenset[str]) -> None:
        before, known = self.cells.get(cell, (0, frozenset[str]()))
        self.cells[cell] = (before + failed, _few(known | kinds) if kinds else known)
        while len(self.cells) > MOST_CELLS:
            self._widen(self.width * 2)

    def _widen(self, width: int) -> None:
        while self.width < width:
            cells, self.cells = self.cells, {}
            self.width *= 2
            for cell, (failed, kinds) in cells.items():
                before, known = self.cells.get(cell // 2, (0, frozenset[str]()))
                self.cells[cell // 2] = (before + failed, _few(known | kinds))


def _few(kinds: frozenset[str]) -> frozenset[str]:
    """The first ones by name, which are the same in whatever order they came."""
    return kinds if len(kinds) <= MOST_KINDS_IN_A_CELL else frozenset(sorted(kinds)[:MOST_KINDS_IN_A_CELL])


@dataclass(slots=True, eq=False)
class RaisedFacts(Counted):
    """The last exception of each class, and what failed beside them."""

    newest: dict[str, Raised] = merging(dict, _newest_of_both, _renumbered)
    beside: Beside = part(Beside)

    def add(self, raised: Raised) -> None:
        """Take in an exception whose class is known."""
        kept = raised._replace(message=raised.message[:LONGEST_MESSAGE])
        self.newest[raised.kind] = max(kept, self.newest.get(raised.kind, kept))
        self.newest = _newest(self.newest)
        self.beside.add_exception(raised.seconds, raised.kind)

    @property
    def last(self) -> Raised | None:
        """The last exception whose class is known."""
        return max(self.newest.values(), default=None)
