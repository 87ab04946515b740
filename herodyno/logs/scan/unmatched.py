"""Lines that the pattern of the scan did not match become events. Rows between such lines may end open tracebacks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from herodyno.logs.decoding.lines import LineReader, Year
from herodyno.logs.events import Event, LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.logs.parsing.tracebacks import TracebackJoiner
from herodyno.logs.scan.rows import Rows

# In the head "2026-03-02T12:00:01.000002+00:00 app[web.1]: " fraction and offset begin here, and the stamp ends.
_FRACTION, _OFFSET, _STAMP = 20, 26, 32
_LEAP_SECOND = b":60"
_NO_EVENTS: tuple[Event, ...] = ()


class UnmatchedReader:
    """Reads the lines that the pattern left, block by block. `joiner` holds the open tracebacks."""

    def __init__(self, *, year: Year) -> None:
        self.joiner = TracebackJoiner()
        self._limit_as: tuple[datetime | None, bytes] = (None, b"\xff")
        self.begin(year=year)

    def begin(self, *, year: Year) -> None:
        """Another log begins."""
        self._reader = LineReader(year=year)
        self._head = b""

    @property
    def has_undated(self) -> bool:
        """Whether a line of this log had a time without a year."""
        return self._reader.has_undated

    def events(self, rows: Rows) -> tuple[list[Event], list[int]]:
        """The events of the unmatched lines and of rows that may belong to a traceback, and these rows' places."""
        events: list[Event] = []
        taken: list[int] = []
        done = 0
        for before, (place, line) in enumerate(rows.unmatched):
            if self.joiner.open and done < place:
                events += self._passed(rows, done, place, taken)
            done = place
            events += self.event(line, rows.first + place + before)
        if self.joiner.open:
            events += self._passed(rows, done, len(rows), taken)
        return events, taken

    def event(self, line: bytes | LogLine, number: int) -> Sequence[Event]:
        """The events that a line completes."""
        if self._head and isinstance(line, bytes) and self._goes_on(line, number):
            return _NO_EVENTS
        read = self._reader.numbered(line, number) if isinstance(line, bytes) else line
        done = list(self.joiner.take(event_of(read if read.number == number else read._replace(number=number))))
        self._head = _head_of(line, read.proc) if self.joiner.may_go_on and isinstance(line, bytes) else b""
        return done

    def _goes_on(self, line: bytes, number: int) -> bool:
        """Take in a line whose head differs from that of the line before in the fraction of a second at most."""
        head = self._head
        if line[:_FRACTION] != head[:_FRACTION] or line[_OFFSET : len(head)] != head[_OFFSET:]:
            return False
        if not line[_FRACTION:_OFFSET].isdigit():
            return False
        text = line[len(head) :].decode("utf-8", "replace").removesuffix("\r")
        return self.joiner.goes_on(text, datetime.fromisoformat(line[:_STAMP].decode()), number)

    def advance(self, stamp: bytes, spoken_of: bytes = b"") -> list[Event]:
        """The tracebacks that a line of this time ends. The line is no app's; `spoken_of` is the dyno in the line."""
        return self.joiner.advance(datetime.fromisoformat(f"{stamp.decode()}+00:00"), spoken_of.decode())

    def _passed(self, rows: Rows, begin: int, end: int, taken: list[int]) -> list[Event]:
        """Show rows to the open tracebacks. Rows that may belong to one become events; their places go into `taken`."""
        events: list[Event] = []
        joiner = self.joiner
        while joiner.open and begin < end:
            place = rows.next_row([name.encode() for name in joiner.open], self._limit(), begin, end)
            if place == end:
                break
            row = rows.row(place)
            if (row.speaker or b"").decode() in joiner.open:
                taken.append(place)
                events += self.event(row.line, row.number)
            else:
                events += self.advance(row.stamp, row.name or b"")
            begin = place + 1
        return events

    def _limit(self) -> bytes:
        """The stamp after which some open traceback ends."""
        limit = self.joiner.forgotten_after
        if limit is not self._limit_as[0]:
            stamp = limit.replace(tzinfo=None).isoformat(timespec="microseconds").encode() if limit else b"\xff"
            self._limit_as = (limit, stamp)
        return self._limit_as[1]


def _head_of(line: bytes, name: str) -> bytes:
    """The head of a line of a dyno if its stamp has microseconds in UTC, else b""."""
    who = b"+00:00 app[%b]: " % name.encode()
    is_usual = line.startswith(who, _OFFSET) and line[_FRACTION:_OFFSET].isdigit() and line[16:19] != _LEAP_SECOND
    return line[: _OFFSET + len(who)] if is_usual else b""
