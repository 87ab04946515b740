"""Blocks of text as the compiled part matches them; None for a block that it leaves to Python's `re`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from herodyno.logs.scan.columns import NO_REQUESTS, PlainLines, Requests, Samples
from herodyno.logs.scan.compiled.held import RequestsOfBlock
from herodyno.logs.scan.compiled.library import Columns, library
from herodyno.logs.scan.matched import Matched, failures_of
from herodyno.logs.scan.stamps import Stamps
from herodyno.logs.scan.unmatched import Rows

if TYPE_CHECKING:
    from ctypes import CDLL

_REST_OF_HOUR = b":00:00.000000"
_MAY_BE_MISSING = slice(Samples._fields.index("ids"), Samples._fields.index("numbers"))


class CompiledReader:
    """Reads blocks of text by a compiled part."""

    def __init__(self, part: CDLL) -> None:
        self._columns = Columns(part)

    def matched(self, text: bytes, first: int, stamps: Stamps, *, holds_requests: bool = False) -> Matched | None:
        """The rows of lines that end with LF each, numbered from `first`. They hold until the next call.

        With `holds_requests` the good requests stay inside (`held`).

        None where the part fails, or where an hour does not exist: then Python looks at each time.
        """
        texts, numbers = self._columns.texts, self._columns.numbers
        n = self._columns.read(b"\n" + text, first)
        if n < 0 or not stamps.are_times([hour + _REST_OF_HOUR for hour in set(texts("hours"))]):
            return None
        unmatched = list(zip(numbers("unmatched_places"), texts("unmatched_lines"), strict=True))
        samples: list[Any] = [texts(f"samples_{field}") for field in Samples._fields[:-1]]
        samples.append(numbers("samples_numbers"))
        samples[_MAY_BE_MISSING] = [[text or None for text in column] for column in samples[_MAY_BE_MISSING]]
        held = RequestsOfBlock(self._columns)
        return Matched(
            Rows(text, first, n, self._of_rows, unmatched),
            NO_REQUESTS if holds_requests else held.read(),
            failures_of(
                Requests(*(texts(f"failures_{field}") for field in Requests._fields)),
                numbers("failures_numbers"),
                texts("failures_lines"),
            ),
            PlainLines(texts("plain_stamps"), texts("plain_names"), numbers("plain_numbers"), texts("plain_lines")),
            Samples(*samples),
            held if holds_requests else None,
        )

    def _of_rows(self) -> tuple[list[bytes], list[bytes | None], list[bytes | None]]:
        speakers, names = (
            [name or None for name in self._columns.texts(f"rows_{each}")] for each in ("speakers", "names")
        )
        return self._columns.texts("rows_stamps"), speakers, names


def compiled_reader() -> CompiledReader | None:
    """A reader by the compiled part of this package; None where there is none."""
    part = library()
    return CompiledReader(part) if part else None
