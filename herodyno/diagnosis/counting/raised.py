"""Exceptions that an incarnation raised: the last one of each class, and which failed requests came within a second.

An exception and the failed request have two lines, written by two processes. Only their times and their dyno join
them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from herodyno.diagnosis.counted import Counted, Renumber, merging, part
from herodyno.diagnosis.counting.errors.bursts import Spans
from herodyno.diagnosis.counting.tallies import Tally

# The class of a traceback whose class is not in the log.
UNNAMED = "unnamed"
MOST_KINDS = 50
LONGEST_MESSAGE = 300
MOST_CELLS = 512
MOST_KINDS_IN_A_CELL = 20
MOST_CLASSES = 1024  # of all cells, a class as often as it is in a cell
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


def _shortened(raised: Raised) -> Raised:
    message = raised.message
    return raised if len(message) <= LONGEST_MESSAGE else raised._replace(message=message[:LONGEST_MESSAGE])


def _newest_of_both(mine: dict[str, Raised], other: dict[str, Raised]) -> dict[str, Raised]:
    return _newest(mine | {kind: max(each, mine.get(kind, each)) for kind, each in other.items()})


def _renumbered(kept: dict[str, Raised], of: Renumber) -> dict[str, Raised]:
    return {kind: each._replace(number=of(each.number)) for kind, each in kept.items()}


_EMPTY: frozenset[str] = frozenset()
# A cell counts in one number: failed requests that ended in it, and above this bit those that were sent in it.
_SENT_BIT = 30
_ENDED = (1 << _SENT_BIT) - 1


@lru_cache(maxsize=1024)
def _alone(kind: str) -> frozenset[str]:
    """One set for all cells of one class."""
    return frozenset((kind,))


class Beside:
    """Failed requests and classes of exceptions by cells of one second, in any order.

    Beyond MOST_CELLS, or MOST_CLASSES in them, each two neighbours become one cell. Cells wider than WIDEST_CELL are
    given up, and only `failed` is left. A request that is never answered fails 30 s after its exception, so both its
    ends count.
    """

    __slots__ = ("classes", "failed", "n_classes", "requests", "width")

    def __init__(self) -> None:
        self.width = 1
        self.failed = 0
        self.requests: dict[int, int] = {}
        self.classes: dict[int, frozenset[str]] = {}
        self.n_classes = 0  # the sum of the sizes of `classes`

    def add_failure(self, seconds: float, sent: float) -> None:
        """Count a failed request that was sent at a time and ended at another."""
        self.failed += 1
        self._count(seconds, 1)
        self._count(sent, 1 << _SENT_BIT)

    def add_failures(self, seconds: Sequence[float], sent: Sequence[float]) -> None:
        """Count many. Cells are widened once all are counted."""
        self.failed += len(seconds)
        if self.width > WIDEST_CELL:
            return
        requests, width = self.requests, self.width
        for times, one in ((seconds, 1), (sent, 1 << _SENT_BIT)):
            for cell, n in Counter([int(at // width) for at in times]).items():
                requests[cell] = requests.get(cell, 0) + n * one
        self._widen(width)

    def add_exceptions(self, raised: Iterable[Raised]) -> None:
        """Take in exceptions whose class is known."""
        for each in raised:
            if each.kind:
                self._take(each.seconds, _alone(each.kind))

    def update(self, other: Beside) -> None:
        """Merge."""
        self._widen(other.width)
        self.failed += other.failed
        for cell, requests in other.requests.items():
            self._count(cell * other.width, requests)
        for cell, classes in other.classes.items():
            self._take(cell * other.width, classes)

    def with_each(self) -> dict[str, tuple[int, int]]:
        """Of each class that stands beside a failed request: how many of these ended, and how many were sent, in the
        cell of such an exception or in one next to it.
        """
        found: dict[str, tuple[int, int]] = {}
        classes = self.classes
        for cell, n in self.requests.items():
            near = classes.get(cell, _EMPTY).union(classes.get(cell - 1, ()), classes.get(cell + 1, ()))
            for kind in near:
                ended, sent = found.get(kind, (0, 0))
                found[kind] = (ended + (n & _ENDED), sent + (n >> _SENT_BIT))
        return found

    def sent_before(self, seconds: float) -> int:
        """The failed requests that were sent before a time, or in its cell."""
        return sum(n >> _SENT_BIT for cell, n in self.requests.items() if cell <= seconds // self.width)

    def _count(self, seconds: float, requests: int) -> None:
        if self.width <= WIDEST_CELL:
            cell = int(seconds // self.width)
            self.requests[cell] = self.requests.get(cell, 0) + requests
            self._widen(self.width)

    def _take(self, seconds: float, classes: frozenset[str]) -> None:
        """Take in classes. The first by name stay, which are the same in whatever order they come."""
        if self.width > WIDEST_CELL:
            return
        cell = int(seconds // self.width)
        kept = self.classes.get(cell, _EMPTY)
        if not classes <= kept:
            self._put(cell, kept | classes if kept else classes)
            self._widen(self.width)

    def _put(self, cell: int, classes: frozenset[str]) -> None:
        kept = self.classes.get(cell, _EMPTY)
        self.classes[cell] = _first(classes)
        self.n_classes += len(self.classes[cell]) - len(kept)

    def _widen(self, width: int) -> None:
        """Make cells of at least a width, and so wide that there are not too many."""
        while self.width < width or self._is_too_much:
            requests, classes = self.requests, self.classes
            self.width *= 2
            self.requests, self.classes, self.n_classes = {}, {}, 0
            if self.width > WIDEST_CELL:
                return
            for cell, n in requests.items():
                self.requests[cell // 2] = self.requests.get(cell // 2, 0) + n
            for cell, kinds in classes.items():
                self._put(cell // 2, self.classes.get(cell // 2, _EMPTY) | kinds)

    @property
    def _is_too_much(self) -> bool:
        return max(len(self.requests), len(self.classes)) > MOST_CELLS or self.n_classes > MOST_CLASSES


def _first(kinds: frozenset[str]) -> frozenset[str]:
    return kinds if len(kinds) <= MOST_KINDS_IN_A_CELL else frozenset(sorted(kinds)[:MOST_KINDS_IN_A_CELL])


@dataclass(slots=True, eq=False)
class RaisedFacts(Counted):
    """Exceptions by class, the last of each class, what failed beside them, and when any but those of stops came."""

    by_kind: Tally = part(Tally)
    newest: dict[str, Raised] = merging(dict, _newest_of_both, _renumbered)
    beside: Beside = part(Beside)
    times: Spans = part(Spans)

    def add(self, raised: Sequence[Raised]) -> None:
        """Count exceptions. Those without a class are of UNNAMED, and no more is kept of them."""
        self.by_kind.add_each([each.kind or UNNAMED for each in raised])
        if times := [each.seconds for each in raised if each.kind != STOPPED]:
            self.times.add_all(times)
        newest = {each.kind: each for each in sorted(raised) if each.kind}
        self.newest = _newest_of_both(self.newest, {kind: _shortened(each) for kind, each in newest.items()})
        self.beside.add_exceptions(raised)

    def __bool__(self) -> bool:
        """Whether there was an exception, or a failed request."""
        return bool(self.by_kind.total or self.beside.failed)

    @property
    def last(self) -> Raised | None:
        """The last exception whose class is known."""
        return max(self.newest.values(), default=None)
