"""Lines that the pattern of the scan did not match become events. Rows between such lines may end open tracebacks."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.logs.decoding.lines import LineReader, Year
from herodyno.logs.events import Event, LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.logs.parsing.trace_lines import told_by_bytes
from herodyno.logs.parsing.tracebacks import TracebackJoiner
from herodyno.logs.scan.rows import Rows
from herodyno.logs.scan.stamps import LENGTH, Stamps

# In the head "2026-03-02T12:00:01.000002+00:00 app[web.1]: " the fraction begins here.
_FRACTION = 20
_LEAP_SECOND = b":60"
_NO_EVENTS: tuple[Event, ...] = ()


class UnmatchedReader:
    """Reads the lines that the pattern left, block by block. `joiner` holds the open tracebacks."""

    def __init__(self, *, year: Year) -> None:
        self.joiner = TracebackJoiner()
        self._stamps = Stamps()
        self._limit_as: tuple[int | None, bytes] = (None, b"\xff")
        self.begin(year=year)

    def begin(self, *, year: Year) -> None:
        """Another log begins."""
        self._reader = LineReader(year=year)
        self._begin_with(b"", 0)

    @property
    def has_undated(self) -> bool:
        """Whether a line of this log had a time without a year."""
        return self._reader.has_undated

    def events(self, rows: Rows) -> tuple[list[Event], list[int]]:
        """The events of the unmatched lines and of rows that may belong to a traceback, and these rows' places."""
        events: list[Event] = []
        taken: list[int] = []
        done, number = 0, rows.first
        for place, line in rows.unmatched:
            if done < place and self.joiner.open:
                events += self._passed(rows, done, place, number - done, taken)
            number += place - done
            done = place
            if not self._head or not self._goes_on(line, number):
                events += self._read(line, number)
            number += 1
        if self.joiner.open:
            events += self._passed(rows, done, len(rows), number - done, taken)
        return events, taken

    def event(self, line: bytes | LogLine, number: int) -> Sequence[Event]:
        """The events that a line completes."""
        if self._head and isinstance(line, bytes) and self._goes_on(line, number):
            return _NO_EVENTS
        return self._read(line, number)

    def _read(self, line: bytes | LogLine, number: int) -> Sequence[Event]:
        read = self._reader.numbered(line, number) if isinstance(line, bytes) else line
        done = self.joiner.take(event_of(read if read.number == number else read._replace(number=number)))
        at = self.joiner.may_go_on_from
        if at is not None and isinstance(line, bytes):
            self._begin_with(_head_of(line, read.proc), at)
        else:
            self._head = b""
        return done

    def _begin_with(self, head: bytes, at: int) -> None:
        """The next line may go on if it has this head, perhaps with another fraction of the second; b"": it may not."""
        self._head = head
        self._second, self._who = head[:_FRACTION], head[LENGTH:]
        self._at = at  # the time of the head, in microseconds since 1970

    def _goes_on(self, line: bytes, number: int) -> bool:
        """Take in a line that goes on the traceback of the line before; whether it does."""
        at = self._at
        if not line.startswith(self._head):
            if not line.startswith(self._who, LENGTH) or not line.startswith(self._second):
                return False
            fraction = line[_FRACTION:LENGTH]
            if not fraction.isdigit():
                return False
            at += int(fraction) - int(self._head[_FRACTION:LENGTH])
        return self.joiner.goes_on(told_by_bytes(line[len(self._head) :]), at, number)

    def advance(self, stamp: bytes, spoken_of: bytes = b"") -> list[Event]:
        """The tracebacks that a line of this time ends. The line is no app's; `spoken_of` is the dyno in the line."""
        return self.joiner.advance(self._stamps.microseconds(stamp), spoken_of.decode())

    def _passed(self, rows: Rows, begin: int, end: int, first: int, taken: list[int]) -> list[Event]:
        """Show rows to the open tracebacks. Rows that may belong to one become events; their places go into `taken`.

        The row at place 0 would have the number `first` if no other lines came between.
        """
        events: list[Event] = []
        joiner = self.joiner
        while joiner.open and begin < end:
            if self._head and self._goes_on(rows.line(begin), first + begin):
                taken.append(begin)
                begin += 1
                continue
            place = rows.next_row("\n".join(joiner.open).encode(), self._limit(), begin, end)
            if place == end:
                break
            row = rows.row(place)
            if row.speaker and row.speaker.decode() in joiner.open:
                taken.append(place)
                events += self._read(rows.line(place), first + place)
            else:
                events += self.advance(row.stamp, row.name or b"")
            begin = place + 1
        return events

    def _limit(self) -> bytes:
        """The stamp after which some open traceback ends."""
        limit = self.joiner.forgotten_after
        if limit != self._limit_as[0]:
            self._limit_as = (limit, b"\xff" if limit is None else self._stamps.stamp(limit))
        return self._limit_as[1]


def _head_of(line: bytes, name: str) -> bytes:
    """The head of a line of a dyno if its stamp has microseconds in UTC, else b""."""
    who = b"+00:00 app[%b]: " % name.encode()
    is_usual = line.startswith(who, LENGTH) and line[_FRACTION:LENGTH].isdigit() and line[16:19] != _LEAP_SECOND
    return line[: LENGTH + len(who)] if is_usual else b""
