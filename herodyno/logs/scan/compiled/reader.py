"""Blocks of text as the compiled part matches them; None for a block that it leaves to Python's `re`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from herodyno.logs.scan.compiled.held_block import HeldBlock
from herodyno.logs.scan.compiled.library import Columns, library
from herodyno.logs.scan.compiled.lists import lists_of
from herodyno.logs.scan.compiled.rows import HeldRowsInOrder
from herodyno.logs.scan.matched import Matched
from herodyno.logs.scan.stamps import Stamps

if TYPE_CHECKING:
    from ctypes import CDLL

_REST_OF_HOUR = b":00:00.000000"


class CompiledReader:
    """Reads blocks of text by a compiled part."""

    def __init__(self, part: CDLL) -> None:
        self._columns = Columns(part)

    def matched(self, text: bytes, first: int, stamps: Stamps) -> Matched | None:
        """The rows of lines that end with LF each, numbered from `first`. They hold until the next call.

        None where the part fails, or where an hour does not exist: then Python looks at each time.
        """
        rows = self._rows(text, first, stamps)
        return lists_of(self._columns, rows) if rows is not None else None

    def held(self, text: bytes, first: int, stamps: Stamps, slot_seconds: int) -> HeldBlock | None:
        """The same, but the rows stay inside as far as counting does not ask for them."""
        rows = self._rows(text, first, stamps)
        return HeldBlock(self._columns, rows, slot_seconds) if rows is not None else None

    def _rows(self, text: bytes, first: int, stamps: Stamps) -> HeldRowsInOrder | None:
        columns = self._columns
        text = b"\n" + text
        n = columns.read(text, first)
        if n < 0 or not stamps.are_times([hour + _REST_OF_HOUR for hour in set(columns.texts("hours"))]):
            return None
        unmatched = list(zip(columns.numbers("unmatched_places"), columns.texts("unmatched_lines"), strict=True))
        return HeldRowsInOrder(columns, text, first, n, unmatched)


def compiled_reader() -> CompiledReader | None:
    """A reader by the compiled part of this package; None where there is none."""
    part = library()
    return CompiledReader(part) if part else None
