"""The logs of several apps as one, in the order of time, although each comes at its own pace."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from herodyno.logs.events import LogLine
from herodyno.logs.query.marks import Mark

_NEVER = datetime.min.replace(tzinfo=UTC)


class _Waiting(NamedTuple):
    """An item by its place in the whole. Items are never compared: `number` is each item's own."""

    at: datetime
    place: int
    number: int
    item: LogLine | Mark


class Interleaving:
    """Each item is held for `seconds` after its arrival, so that older ones of other apps can come before it.

    The items of one app keep the order of their arrival. Items that come later than that stand where they come. What is
    without a time goes with the item before it.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last: dict[int, datetime] = {}
        self._waiting: list[_Waiting] = []
        self._arrivals: deque[tuple[float, datetime]] = deque()
        self._number = 0

    def add(self, place: int, items: Iterable[LogLine | Mark], arrived: float) -> None:
        """Take the next items of the app at this place."""
        last = self._last.get(place, _NEVER)
        for item in items:
            last = max(last, item.at or last)
            self._number += 1
            heapq.heappush(self._waiting, _Waiting(last, place, self._number, item))
            self._arrivals.append((arrived, last))
        self._last[place] = last

    def ready(self, now: float) -> list[LogLine | Mark]:
        """The items that have waited long enough, and those of other apps that are older."""
        until: datetime | None = None
        while self._arrivals and self._arrivals[0][0] <= now - self._seconds:
            at = self._arrivals.popleft()[1]
            until = at if until is None else max(until, at)
        found: list[LogLine | Mark] = []
        while until is not None and self._waiting and self._waiting[0].at <= until:
            found.append(heapq.heappop(self._waiting).item)
        return found

    def rest(self) -> list[LogLine | Mark]:
        """All items that still wait."""
        self._arrivals.clear()
        return [heapq.heappop(self._waiting).item for _ in range(len(self._waiting))]


def interleaved(logs: Sequence[Sequence[LogLine | Mark]]) -> Iterator[LogLine | Mark]:
    """Whole logs as one."""
    whole = Interleaving(0.0)
    for place, items in enumerate(logs):
        whole.add(place, items, 0.0)
    yield from whole.rest()


def last_lines(items: Sequence[LogLine | Mark], most: int | None) -> Sequence[LogLine | Mark]:
    """The end of a log with at most so many lines, and the marks between them. None is all of it."""
    if most is None or len(items) <= most:
        return items
    start, lines = len(items), 0
    while start and lines < most:
        start -= 1
        lines += isinstance(items[start], LogLine)
    return items[start:]
