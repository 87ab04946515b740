"""The number that a line has among all lines of a window, where only some of the lines were read.

Only few numbers are kept in facts. So the engine counts the lines before the times of those, and gives the lines of
these times.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from herodyno.archive.folder import US_PER_SECOND
from herodyno.archive.history import batch_of
from herodyno.logs.scan.blocks import Batch


class OtherLines:
    """The lines of a window that an engine does not count, as a log. `times` are their times once they were read."""

    def __init__(self, asked: Callable[[], Iterable[list[tuple[Any, ...]]]]) -> None:
        self._asked = asked
        self.times = array("q")

    def __call__(self) -> Iterator[Batch]:
        """The lines, numbered from 1."""
        number = 0
        for rows in self._asked():
            if number == len(self.times):
                self.times.extend(row[0] for row in rows)
            yield batch_of(rows, number)
            number += len(rows)

    def place_of(self, number: int) -> tuple[int, int]:
        """The time of a line, and how many of these lines of the same time come before it."""
        ts_us = self.times[number - 1]
        return ts_us, number - 1 - bisect_left(self.times, ts_us)


class NumberedLine(NamedTuple):
    """A line of a window with its number. `counted` is the kind of a line that the engine counts, else None. `place` is
    how many lines come before it at its time: of those that are read, as OtherLines tells it; of its dyno's kind."""

    number: int
    ts_us: int
    counted: str | None
    place: int
    dyno: str | None
    dyno_id: str | None
    message: str | None


def second_of(ts_us: int) -> int:
    """The second of a time, in microseconds."""
    return ts_us - ts_us % US_PER_SECOND


def numbered(
    rows: Iterable[tuple[int, str | None, str | None, str | None, str | None]], before: dict[int, int]
) -> Iterator[NumberedLine]:
    """The lines of some times, given how many lines come before each time."""
    for ts_us, of_time in groupby(rows, itemgetter(0)):
        places: Counter[tuple[str | None, str | None]] = Counter()
        for number, (_, counted, dyno, dyno_id, message) in enumerate(of_time, start=before[ts_us] + 1):
            alike = (counted, dyno if counted else None)
            yield NumberedLine(number, ts_us, counted, places[alike], dyno, dyno_id, message)
            places[alike] += 1
