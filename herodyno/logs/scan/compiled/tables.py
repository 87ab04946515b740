"""The commonest lines as tables that the compiled part fills, a table for each kind of line, in buffers of Arrow."""

from __future__ import annotations

from ctypes import c_size_t, string_at
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from herodyno.logs.scan.compiled.library import library
from herodyno.logs.scan.compiled.table_grammar import PLACES

if TYPE_CHECKING:
    from ctypes import CDLL

# Which rows have a value, the offsets of texts, the texts or numbers; as Arrow has them, in memory of their own.
Buffers: TypeAlias = tuple[bytes, bytes, bytes]


class LineTables:
    """Tables of the lines that were read last. To be used by one thread at a time."""

    def __init__(self, part: CDLL) -> None:
        self._part = part
        self._length = c_size_t()
        self._tables = part.herodyno_tables_new()

    def __del__(self) -> None:
        self._part.herodyno_tables_free(self._tables)

    def read(self, text: bytes, first: int, *, are_messages: bool) -> int:
        """Fill the tables from lines with an LF before and behind each, numbered from `first`. Returns how many lines
        they are, without those of blanks only; -1: not filled."""
        return int(self._part.herodyno_tables_read(self._tables, text, len(text), first, are_messages))

    def buffers(self, table: int, column: str) -> Buffers:
        """The buffers of a column: of a kind by its number in KINDS; of the lines that are no rows, -1."""
        place = PLACES[table][column]
        return self._buffer(place, 0), self._buffer(place, 1), self._buffer(place, 2)

    def _buffer(self, place: int, buffer: int) -> bytes:
        start = self._part.herodyno_tables_buffer(self._tables, place, buffer, self._length)
        return string_at(start, self._length.value)


@cache
def line_tables() -> LineTables | None:
    """The tables of this package's compiled part; None where there is none."""
    part = library()
    return LineTables(part) if part else None
