"""Bytes of a log that grows to lines, as soon as a line is whole; the unfinished end is kept apart."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable

from herodyno.logs.decoding.frames import PIECE_BYTES, FrameSplitter, whole
from herodyno.logs.decoding.framing import RECORD_LIMIT, LineSplitter, Splitter, SseSplitter, sniff
from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.events import LogLine

_SPLITTERS: dict[str, Callable[[], Splitter]] = {"sse": SseSplitter, "frames": FrameSplitter}
_MOST_HELD = RECORD_LIMIT // PIECE_BYTES + 1
_LAYOUT = b"\0 \t\r\n\v\f"


class LiveLines:
    """One session's lines. `reader` numbers them through all sessions.

    `content_type` decides how they travel: `text/event-stream`, `text/plain`; without it that is judged
    by the first bytes, and may be drain frames too. NUL heartbeats and blank layout give no line.
    """

    def __init__(self, reader: LineReader, *, content_type: str = "") -> None:
        self._reader = reader
        self._splitter: Splitter | None = None
        if content_type == "text/event-stream":
            self._splitter = SseSplitter()
        elif content_type == "text/plain":
            self._splitter = LineSplitter()
        self._head = b""
        self._held: list[bytes] = []  # pieces of a long message whose rest may follow

    def feed(self, chunk: bytes) -> list[LogLine]:
        """The lines that the chunk completes."""
        if self._splitter is None:
            self._head += chunk
            kind = sniff(self._head.lstrip(b"\0"))
            if kind is None:
                return []
            self._splitter = _SPLITTERS.get(kind, LineSplitter)()
            chunk = self._head.removeprefix(BOM_UTF8)
        records = self._held + self._splitter.feed(chunk)
        at = len(records)
        while at and len(records[at - 1]) > PIECE_BYTES and len(records) - at < _MOST_HELD:
            at -= 1
        self._held = records[at:]
        return self._lines(records[:at])

    def quiet(self) -> list[LogLine]:
        """What was held back for a rest that does not come."""
        held, self._held = self._held, []
        return self._lines(held)

    def unfinished(self) -> list[LogLine]:
        """What the session left behind when it ended in the middle of a line."""
        held, self._held = self._held, []
        if self._splitter is None:
            self._splitter = LineSplitter()
            held += self._splitter.feed(self._head)
        return self._lines(held + self._splitter.flush())

    def _lines(self, records: list[bytes]) -> list[LogLine]:
        return [self._reader.line(record) for record in whole(records) if record.strip(_LAYOUT)]
