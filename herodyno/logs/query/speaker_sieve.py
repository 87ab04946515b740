"""Lines of text of other times and of others than those wanted are dropped before they are cut, by the compiled part.

A splitter that gives fewer records, as in prefilter.py, but for selections that look at the line before.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from herodyno.logs.decoding.splitters import RECORD_LIMIT, LineSplitter
from herodyno.logs.query.selecting import Selection, Selector

if TYPE_CHECKING:
    from herodyno.logs.scan.compiled.sieve import LineSieve

_LONGEST = 4 * RECORD_LIMIT
_EPOCH = datetime.fromtimestamp(0, UTC)
_FIRST_US, _LAST_US = -(1 << 63), (1 << 63) - 1


def speaker_sieve(selection: Selection) -> Callable[[], LinesOfSpeakers] | None:
    """What cuts a text into the lines that may be wanted. None where a selection has neither names nor times, where it
    asks for incarnations, and where there is no compiled part."""
    if selection.judges_lines_alone or selection.lifetimes:
        return None
    from herodyno.logs.scan.compiled.sieve import line_sieve  # few searches are of text, and start-up counts

    selector = Selector(selection)
    needle = selection.needle_of_text
    sieve = line_sieve(
        _microseconds(selection.since, _FIRST_US),
        _microseconds(selection.until, _LAST_US),
        selector.fits if selection.targets or selection.without else None,
        by_dyno=selector.asks_spoken_of,
        needle=needle.encode() if needle.isascii() else b"",
    )
    return (lambda: LinesOfSpeakers(sieve)) if sieve else None


class LinesOfSpeakers:
    """Lines of text without those that a sieve drops."""

    def __init__(self, sieve: LineSieve) -> None:
        self._sieve: LineSieve | None = sieve
        self._lines = LineSplitter()
        self._left = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        if self._sieve is None:
            return self._lines.feed(chunk)
        data = self._left + chunk
        end = data.rfind(b"\n") + 1
        self._left = data[end:]
        if len(self._left) < _LONGEST:
            return self._lines.feed(self._sieve.wanted(data[:end])) if end else []
        # No log session makes so long a line. What cannot be looked at whole stays, and so does what follows.
        self._sieve, self._left = None, b""
        return self._lines.feed(data)

    def flush(self) -> list[bytes]:
        left, self._left = self._left, b""
        return (self._lines.feed(left) if left else []) + self._lines.flush()


def _microseconds(at: datetime | None, default: int) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1) if at else default
