"""The rows of a block in the order of the log, as an open traceback asks for them, and the lines between them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import compress
from typing import NamedTuple, Protocol

_AT_ONCE = 64  # rows that are looked through at once
BLANK = b"\0 \t\r\n\v\f"


class Row(NamedTuple):
    """A row: its stamp, the app process that wrote it, or the dyno that it is about."""

    stamp: bytes
    speaker: bytes | None
    name: bytes | None


class Rows(Protocol):
    """The rows of a block. `unmatched` are the lines between them: (index of the row that follows, line).

    `first` is the number of the first line.
    """

    first: int
    unmatched: Sequence[tuple[int, bytes]]

    def __len__(self) -> int: ...

    def next_row(self, names: bytes, limit: bytes, begin: int, end: int) -> int:
        """The first row between two places that one of these names (with an LF between) wrote, or that is about one of
        them, or that is later than the stamp `limit`; `end` when there is none."""

    def row(self, place: int) -> Row:
        """The row at a place."""

    def line(self, place: int) -> bytes:
        """A row's line."""


class ListedRows:
    """Rows whose stamps, speakers and names are lists, in lines of text."""

    def __init__(
        self,
        text: bytes,
        first: int,
        columns: tuple[Sequence[bytes], list[bytes | None], list[bytes | None]],
        unmatched: Sequence[tuple[int, bytes]],
    ) -> None:
        self.unmatched = unmatched
        self.first = first
        self.stamps, self.speakers, self.names = columns
        self._text = text

    def __len__(self) -> int:
        return len(self.stamps)

    @cached_property
    def numbers(self) -> list[int]:
        """The number of each row's line."""
        return row_numbers(self.first, len(self), [place for place, _ in self.unmatched])

    def next_row(self, names: bytes, limit: bytes, begin: int, end: int) -> int:
        """As in Rows."""
        who, stamps, wanted = self._who, self.stamps, set(names.split(b"\n"))
        for first in range(begin, end, _AT_ONCE):
            last = min(first + _AT_ONCE, end)
            if not wanted.isdisjoint(who[first:last]) or max(stamps[first:last]) > limit:
                return next(place for place in range(first, last) if who[place] in wanted or stamps[place] > limit)
        return end

    def row(self, place: int) -> Row:
        """The row at a place."""
        return Row(self.stamps[place], self.speakers[place], self.names[place])

    def line(self, place: int) -> bytes:
        """A row's line."""
        return self._lines[self.numbers[place] - self.first]

    def lines_of(self, numbers: Sequence[int]) -> list[bytes]:
        """The lines with these numbers."""
        lines, first = self._lines, self.first
        return [lines[number - first] for number in numbers]

    @cached_property
    def _who(self) -> list[bytes | None]:
        return [speaker or spoken_of for speaker, spoken_of in zip(self.speakers, self.names, strict=True)]

    @cached_property
    def _lines(self) -> list[bytes]:
        lines = self._text.split(b"\n")
        return lines if len(lines) == len(self) + len(self.unmatched) + 1 else text_lines(self._text)


def row_numbers(first: int, rows: int, unmatched: Sequence[int]) -> list[int]:
    """The numbers of the lines of the rows. Unmatched lines stand before the rows at these places."""
    is_row = bytearray(b"\1") * (rows + len(unmatched))
    for before, place in enumerate(unmatched):
        is_row[place + before] = 0
    return list(compress(range(first, first + len(is_row)), is_row))


def row_number(rows: Rows, place: int) -> int:
    """The number of the line of one row."""
    return rows.first + place + bisect_right(rows.unmatched, place, key=lambda each: each[0])


def text_lines(text: bytes) -> list[bytes]:
    """The lines of a block. A line of blanks only is layout and has no number."""
    return [line for line in text.split(b"\n") if line.strip(BLANK)]
