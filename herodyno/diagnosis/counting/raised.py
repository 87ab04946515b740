"""Exceptions that an incarnation raised: the last one of each class, and which failed requests came within a second.

An exception and the failed request have two lines, written by two processes. Only their times and their dyno join
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from herodyno.diagnosis.counted import Counted, merging, part
from herodyno.diagnosis.counting.bursts import Spans
from herodyno.diagnosis.counting.tallies import Tally

# The class of a traceback whose class is not in the log.
UNNAMED = "unnamed"
MOST_KINDS = 50
LONGEST_MESSAGE = 300
MOST_CELLS = 512
MOST_KINDS_IN_A_CELL = 20
# Cells wider than this join what may have nothing to do with each other.
WIDEST_CELL = 4


# A Ruby process raises this when SIGTERM stops it. That is no fault.
STOPPED = "SignalException"


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


class Second(NamedTuple):
    """One cell: failed requests that ended in it, failed requests that were sent in it, classes of exceptions."""

    ended: int = 0
    sent: int = 0
    kinds: frozenset[str] = frozenset()

    def with_(self, other: Second) -> Second:
        """Both together."""
        kinds = self.kinds | other.kinds
        if len(kinds) > MOST_KINDS_IN_A_CELL:  # the first by name, which are the same in whatever order they came
            kinds = frozenset(sorted(kinds)[:MOST_KINDS_IN_A_CELL])
        return Second(self.ended + other.ended, self.sent + other.sent, kinds)


_EMPTY = Second()


class Beside:
    """Failed requests and classes of exceptions by cells of one second, in any order.

    Beyond MOST_CELLS each two neighbours become one cell. A request that is never answered fails 30 s after its
    exception, so both its ends count.
    """

    __slots__ = ("cells", "width")

    def __init__(self) -> None:
        self.width = 1
        self.cells: dict[int, Second] = {}

    def add_failure(self, seconds: float, sent: float) -> None:
        """Count a failed request that was sent at a time and ended at another."""
        self._add(int(seconds // self.width), Second(ended=1))
        self._add(int(sent // self.width), Second(sent=1))

    def add_exception(self, seconds: float, kind: str) -> None:
        """Take in an exception."""
        self._add(int(seconds // self.width), Second(kinds=frozenset((kind,))))

    def update(self, other: Beside) -> None:
        """Merge."""
        self._widen(other.width)
        for cell, second in other.cells.items():
            self._add(cell * other.width // self.width, second)

    @property
    def failed(self) -> int:
        """All failed requests."""
        return sum(second.ended for second in self.cells.values())

    @property
    def kinds(self) -> set[str]:
        """The classes that stand beside a failed request."""
        told = (cell for cell, second in self.cells.items() if second.ended or second.sent)
        return {kind for cell in told for kind in self._near(cell)}

    def sent_before(self, seconds: float) -> int:
        """The failed requests that were sent before a time, or in its cell."""
        return sum(second.sent for cell, second in self.cells.items() if cell <= seconds // self.width)

    def ended_with(self, kind: str) -> int:
        """The failed requests that ended in the cell of an exception of this class, or in the next ones."""
        return sum(second.ended for second in self._seconds_with(kind))

    def sent_with(self, kind: str) -> int:
        """The failed requests that were sent in the cell of an exception of this class, or in the next ones."""
        return sum(second.sent for second in self._seconds_with(kind))

    def _seconds_with(self, kind: str) -> list[Second]:
        if self.width > WIDEST_CELL:
            return []
        return [second for cell, second in self.cells.items() if kind in self._near(cell)]

    def _near(self, cell: int) -> frozenset[str]:
        return frozenset().union(*(self.cells.get(near, _EMPTY).kinds for near in (cell - 1, cell, cell + 1)))

    def _add(self, cell: int, second: Second) -> None:
        self.cells[cell] = self.cells.get(cell, _EMPTY).with_(second)
        while len(self.cells) > MOST_CELLS:
            self._widen(self.width * 2)

    def _widen(self, width: int) -> None:
        while self.width < width:
            cells, self.cells = self.cells, {}
            self.width *= 2
            for cell, second in cells.items():
                self.cells[cell // 2] = self.cells.get(cell // 2, _EMPTY).with_(second)


@dataclass(slots=True, eq=False)
class RaisedFacts(Counted):
    """Exceptions by class, the last of each class, what failed beside them, and when any but those of stops came."""

    by_kind: Tally = part(partial(Tally, MOST_KINDS))
    newest: dict[str, Raised] = merging(dict, _newest_of_both, _renumbered)
    beside: Beside = part(Beside)
    times: Spans = part(Spans)

    def add(self, raised: Raised) -> None:
        """Count an exception. Without a class it is one of UNNAMED, and no more is kept of it."""
        self.by_kind.add(raised.kind or UNNAMED)
        if raised.kind != STOPPED:
            self.times.add(raised.seconds)
        if not raised.kind:
            return
        kept = raised._replace(message=raised.message[:LONGEST_MESSAGE])
        self.newest[raised.kind] = max(kept, self.newest.get(raised.kind, kept))
        self.newest = _newest(self.newest)
        self.beside.add_exception(raised.seconds, raised.kind)

    def __bool__(self) -> bool:
        """Whether there was an exception, or a failed request."""
        return bool(self.by_kind.total or self.beside.cells)

    @property
    def last(self) -> Raised | None:
        """The last exception whose class is known."""
        return max(self.newest.values(), default=None)
