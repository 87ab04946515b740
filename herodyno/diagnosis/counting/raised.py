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


class Second:
    """One cell: failed requests that ended in it, failed requests that were sent in it, classes of exceptions."""

    __slots__ = ("ended", "kinds", "sent")

    def __init__(self) -> None:
        self.ended = 0
        self.sent = 0
        self.kinds: frozenset[str] = frozenset()

    def update(self, other: Second) -> None:
        """Merge."""
        self.ended += other.ended
        self.sent += other.sent
        self.add(other.kinds)

    def add(self, kinds: frozenset[str]) -> None:
        """Take in classes. The first by name stay, which are the same in whatever order they come."""
        if kinds <= self.kinds:
            return
        self.kinds |= kinds
        if len(self.kinds) > MOST_KINDS_IN_A_CELL:
            self.kinds = frozenset(sorted(self.kinds)[:MOST_KINDS_IN_A_CELL])


_EMPTY: frozenset[str] = frozenset()


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
        self._at(seconds).ended += 1
        self._at(sent).sent += 1

    def add_exception(self, seconds: float, kind: str) -> None:
        """Take in an exception."""
        self._at(seconds).add(frozenset((kind,)))

    def update(self, other: Beside) -> None:
        """Merge."""
        self._widen(other.width)
        for cell, second in other.cells.items():
            self._at(cell * other.width).update(second)

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
        beside = (self.cells.get(near) for near in (cell - 1, cell, cell + 1))
        return _EMPTY.union(*(second.kinds for second in beside if second))

    def _at(self, seconds: float) -> Second:
        """The cell of a time, made when there is none."""
        second = self.cells.get(int(seconds // self.width))
        if second is None:
            second = self.cells[int(seconds // self.width)] = Second()
            if len(self.cells) > MOST_CELLS:
                self._widen(self.width * 2)
                second = self._at(seconds)
        return second

    def _widen(self, width: int) -> None:
        while self.width < width or len(self.cells) > MOST_CELLS:
            cells, self.cells = self.cells, {}
            self.width *= 2
            for cell, second in cells.items():
                wider = self.cells.get(cell // 2)
                if wider is None:
                    self.cells[cell // 2] = second
                else:
                    wider.update(second)


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
