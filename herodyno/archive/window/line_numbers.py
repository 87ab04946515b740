"""The number that a line has among all lines of a window, where only some of the lines were read.

Only few numbers are kept in facts. So the engine counts the lines before the seconds of those, and gives the lines of
these seconds.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
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
    """A line of a window with its number. `place`: as OtherLines tells it, None for a line that the engine counts."""

    number: int
    ts_us: int
    place: int | None
    dyno: str | None
    dyno_id: str | None
    message: str | None


def second_of(ts_us: int) -> int:
    """The second of a time, in microseconds."""
    return ts_us - ts_us % US_PER_SECOND


def numbered(
    rows: Iterable[tuple[int, int, str | None, str | None, str | None]], before: dict[int, int]
) -> Iterator[NumberedLine]:
    """The lines of some seconds, given how many lines come before each second."""
    second = last_us = -1
    number = others = 0
    for ts_us, is_ordinary, dyno, dyno_id, message in rows:
        if second_of(ts_us) != second:
            second = second_of(ts_us)
            number = before[second]
        number += 1
        others = others if ts_us == last_us else 0
        last_us = ts_us
        yield NumberedLine(number, ts_us, None if is_ordinary else others, dyno, dyno_id, message)
        others += not is_ordinary
