"""The door to the compiled part: a shared library with functions over buffers, called through ctypes.

It is used only where it was built from the grammar of this very package. HERODYNO_PURE=1 switches it off.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from herodyno.logs.scan.compiled.grammar import FINGERPRINT, NUMBERS, TEXTS
from herodyno.logs.scan.stamps import LENGTH

if TYPE_CHECKING:
    from ctypes import CDLL

# The work of `herodyno_do`, in order (lib.rs). The number is a table of TABLES, a span of time in microseconds, or how
# many of the newest lines are kept.
WORK = (
    *("keep", "forget", "group_samples", "group_failures", "keep_last", "forget_last"),
    *("keep_requests", "forget_requests"),
)
TABLES = ("samples", "failures")

_PATH = Path(__file__).with_name("_compiled.so")
_TEXTS, _NUMBERS = ({name: place for place, name in enumerate(names)} for names in (TEXTS, NUMBERS))
_NUMBER_BYTES = 8


@cache
def library() -> CDLL | None:
    """The compiled part of this package, or None."""
    if os.environ.get("HERODYNO_PURE", "") not in ("", "0") or not _PATH.exists():
        return None
    return loaded(_PATH)


def loaded(path: Path) -> CDLL | None:
    """The compiled part in a file, or None where the file is no such part, or is of another grammar."""
    import ctypes  # start-up counts, also where nothing is compiled

    size, pointer = ctypes.c_size_t, ctypes.c_void_p
    try:
        part = ctypes.CDLL(str(path))
        for name, result, arguments in (
            ("herodyno_fingerprint", pointer, [ctypes.POINTER(size)]),
            ("herodyno_new", pointer, []),
            ("herodyno_free", None, [pointer]),
            ("herodyno_read", ctypes.c_int64, [pointer, ctypes.c_char_p, size, ctypes.c_int64]),
            ("herodyno_close", ctypes.c_int64, [pointer, ctypes.c_char_p, size, ctypes.c_int64]),
            ("herodyno_next_row", ctypes.c_int64, [pointer, *(ctypes.c_char_p, size) * 3, *(ctypes.c_int64,) * 2]),
            ("herodyno_take_lines", ctypes.c_int64, [pointer, *(size,) * 3]),
            ("herodyno_do", ctypes.c_int64, [pointer, size, ctypes.c_int64]),
            ("herodyno_count_requests", ctypes.c_int64, [pointer, ctypes.c_char_p, size, size]),
            ("herodyno_texts", pointer, [pointer, size, ctypes.POINTER(size)]),
            ("herodyno_numbers", pointer, [pointer, size, ctypes.POINTER(size)]),
            ("herodyno_messages", ctypes.c_int64, [ctypes.c_char_p, size]),
            ("herodyno_is_sound", ctypes.c_int64, [ctypes.c_char_p, size]),
            ("herodyno_sieve_new", pointer, [ctypes.c_int64, ctypes.c_int64, ctypes.c_bool, ctypes.c_bool]),
            ("herodyno_sieve_free", None, [pointer]),
            ("herodyno_sieve_look_for", ctypes.c_int64, [pointer, ctypes.c_char_p, size]),
            ("herodyno_sieve_learn", ctypes.c_int64, [pointer, ctypes.c_char_p, size, ctypes.c_bool]),
            ("herodyno_sieve_read", ctypes.c_int64, [pointer, ctypes.c_char_p, size]),
            ("herodyno_sieve_kept", pointer, [pointer, ctypes.POINTER(size)]),
            ("herodyno_sieve_unknown", pointer, [pointer, ctypes.POINTER(size)]),
            ("herodyno_tables_new", pointer, []),
            ("herodyno_tables_free", None, [pointer]),
            ("herodyno_tables_read", ctypes.c_int64, [pointer, ctypes.c_char_p, size, ctypes.c_int64, ctypes.c_bool]),
            ("herodyno_tables_buffer", pointer, [pointer, size, size, ctypes.POINTER(size)]),
        ):
            function: Any = getattr(part, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError):
        return None
    length = size()
    return part if _bytes_at(part.herodyno_fingerprint(length), length.value) == FINGERPRINT else None


class Columns:
    """Columns that the compiled part fills. To be used by one thread at a time."""

    def __init__(self, part: CDLL) -> None:
        from ctypes import c_size_t, string_at

        self._part = part
        self._bytes_at = string_at
        self._length = c_size_t()
        self._columns = part.herodyno_new()

    def __del__(self) -> None:
        self._part.herodyno_free(self._columns)

    def read(self, text: bytes, first: int) -> int:
        """Fill the columns from lines with an LF before and behind each. Returns the number of rows; -1: not filled."""
        return int(self._part.herodyno_read(self._columns, text, len(text), first))

    def close(self, left_out: Sequence[int], microseconds: int) -> int:
        """Close the block, the lines of apps with these numbers left out. Returns the number of others; -1: not done.

        So many microseconds are a slot.
        """
        given = array("q", left_out).tobytes()
        return int(self._part.herodyno_close(self._columns, given, len(left_out), microseconds))

    def next_row(self, text: bytes, names: bytes, limit: bytes, begin: int, end: int) -> int:
        """The first row that is about one of some names (with an LF between) or later than a limit; -1: unknown."""
        place: int = self._part.herodyno_next_row(
            self._columns, text, len(text), names, len(names), limit, len(limit), begin, end
        )
        return place

    def take_lines(self, begin: int, end: int, longest: int) -> int:
        """Put lines of apps of the closed block, in order of time and cut to so many bytes, into the taken ones.

        Returns -1 where that fails.
        """
        return int(self._part.herodyno_take_lines(self._columns, begin, end, longest))

    def do(self, work: str, number: int = 0) -> int:
        """Do one of WORK. Returns -1, and changes nothing, where that fails."""
        return int(self._part.herodyno_do(self._columns, WORK.index(work), number))

    def count_requests(self, places: Sequence[int], most: int) -> int:
        """Count the waiting requests dyno by dyno, as `places` tells. Returns -1, and they wait, where that fails."""
        given = array("q", places).tobytes()
        return int(self._part.herodyno_count_requests(self._columns, given, len(places), most))

    def joined(self, name: str) -> bytes:
        """The texts of a column, with an LF between them."""
        start = self._part.herodyno_texts(self._columns, _TEXTS[name], self._length)
        length = self._length.value
        return self._bytes_at(start, length - 1) if length else b""

    def length(self, name: str) -> int:
        """The number of stamps in a column of stamps."""
        return self.size(name) // (LENGTH + 1)

    def size(self, name: str) -> int:
        """The bytes of a column of texts, with an LF after each."""
        self._part.herodyno_texts(self._columns, _TEXTS[name], self._length)
        return self._length.value

    def texts(self, name: str) -> list[bytes]:
        """The texts of a column."""
        joined = self.joined(name)
        return joined.split(b"\n") if self._length.value else []

    def numbers(self, name: str, begin: int = 0, end: int | None = None) -> array[int]:
        """The numbers of a column, or those between two places in it."""
        return self._numbers(array("q"), name, begin, end)

    def reals(self, name: str) -> array[float]:
        """The numbers of a column of floats."""
        return self._numbers(array("d"), name, 0, None)

    def _numbers(self, found: array[Any], name: str, begin: int, end: int | None) -> array[Any]:
        start = self._part.herodyno_numbers(self._columns, _NUMBERS[name], self._length)
        begin, end, _ = slice(begin, end).indices(self._length.value)
        found.frombytes(self._bytes_at(start + begin * _NUMBER_BYTES, (end - begin) * _NUMBER_BYTES))
        return found


def _bytes_at(start: int, length: int) -> bytes:
    from ctypes import string_at

    return string_at(start, length)
