"""The rows of a block inside the compiled part, in the order of the log: Rows (scan/rows.py)."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cached_property

from herodyno.logs.scan.compiled.library import Columns
from herodyno.logs.scan.rows import Row
from herodyno.logs.scan.stamps import LENGTH


class HeldRowsInOrder:
    """So many rows of the block that was read last. `text` has an LF before the first line."""

    def __init__(
        self, columns: Columns, text: bytes, first: int, n: int, unmatched: Sequence[tuple[int, bytes]]
    ) -> None:
        self.first = first
        self.unmatched = unmatched
        self._columns = columns
        self._text = text
        self._n = n

    def __len__(self) -> int:
        return self._n

    def next_row(self, names: bytes, limit: bytes, begin: int, end: int) -> int:
        """As in Rows."""
        place = self._columns.next_row(self._text, names, limit, begin, end)
        return place if place >= 0 else begin  # one that is none is looked at, and passed

    def row(self, place: int) -> Row:
        """The row at a place."""
        who, start = self._who[place], self._starts[place]
        stamp, name = self._text[start : start + LENGTH], self._text[who >> 8 : (who >> 8) + (who >> 1 & 127)] or None
        return Row(stamp, name, None) if who & 1 else Row(stamp, None, name)

    def line(self, place: int) -> bytes:
        """A row's line."""
        start = self._starts[place]
        return self._text[start : self._text.index(b"\n", start)]

    @cached_property
    def _starts(self) -> array[int]:
        return self._columns.numbers("rows_starts")

    @cached_property
    def _who(self) -> array[int]:
        return self._columns.numbers("rows_who")
