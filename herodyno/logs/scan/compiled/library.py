"""The door to the compiled part: a shared library with functions over buffers, called through ctypes.

It is used only where it was built from the grammar of this very package. HERODYNO_PURE=1 switches it off.
"""

from __future__ import annotations

import os
from array import array
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from herodyno.logs.scan.compiled.grammar import FINGERPRINT, NUMBERS, TEXTS
from herodyno.logs.scan.stamps import LENGTH

if TYPE_CHECKING:
    from ctypes import CDLL

_PATH = Path(__file__).with_name("_compiled.so")


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
            ("herodyno_keep", ctypes.c_int64, [pointer]),
            ("herodyno_group", ctypes.c_int64, [pointer, ctypes.c_int64]),
            ("herodyno_forget", ctypes.c_int64, [pointer]),
            ("herodyno_texts", pointer, [pointer, size, ctypes.POINTER(size)]),
            ("herodyno_numbers", pointer, [pointer, size, ctypes.POINTER(size)]),
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
        from ctypes import c_size_t

        self._part = part
        self._length = c_size_t()
        self._columns = part.herodyno_new()

    def __del__(self) -> None:
        self._part.herodyno_free(self._columns)

    def read(self, text: bytes, first: int) -> int:
        """Fill the columns from lines with an LF before and behind each. Returns the number of rows; -1: not filled."""
        return int(self._part.herodyno_read(self._columns, text, len(text), first))

    def keep(self) -> int:
        """Put the requests of the block behind those that wait. Returns how many wait; -1: there is no memory."""
        return int(self._part.herodyno_keep(self._columns))

    def group(self, microseconds: int) -> int:
        """Put the waiting requests in order of dyno. Returns how many they are; -1: not done."""
        return int(self._part.herodyno_group(self._columns, microseconds))

    def forget(self) -> None:
        """Forget the waiting requests."""
        self._part.herodyno_forget(self._columns)

    def joined(self, name: str) -> bytes:
        """The texts of a column, with an LF between them."""
        start = self._part.herodyno_texts(self._columns, TEXTS.index(name), self._length)
        length = self._length.value
        return _bytes_at(start, length - 1) if length else b""

    def length(self, name: str) -> int:
        """The number of stamps in a column of stamps."""
        self._part.herodyno_texts(self._columns, TEXTS.index(name), self._length)
        return self._length.value // (LENGTH + 1)

    def texts(self, name: str) -> list[bytes]:
        """The texts of a column."""
        joined = self.joined(name)
        return joined.split(b"\n") if self._length.value else []

    def numbers(self, name: str) -> list[int]:
        """The numbers of a column."""
        found = array("q")
        start = self._part.herodyno_numbers(self._columns, NUMBERS.index(name), self._length)
        found.frombytes(_bytes_at(start, self._length.value * found.itemsize))
        return found.tolist()


def _bytes_at(start: int, length: int) -> bytes:
    from ctypes import string_at

    return string_at(start, length)
