"""Lines that the pattern of the scan did not match become events. Rows between such lines may end open tracebacks."""

from __future__ import annotations

from datetime import datetime

from herodyno.logs.decoding.lines import LineReader, Year
from herodyno.logs.events import Event, LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.logs.parsing.tracebacks import TracebackJoiner
from herodyno.logs.scan.rows import Rows


class UnmatchedReader:
    """Reads the lines that the pattern left, block by block. `joiner` holds the open tracebacks."""

    def __init__(self, *, year: Year) -> None:
        self.joiner = TracebackJoiner()
        self.begin(year=year)

    def begin(self, *, year: Year) -> None:
        """Another log begins."""
        self._reader = LineReader(year=year)

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

    def event(self, line: bytes | LogLine, number: int) -> list[Event]:
        """The events that a line completes."""
        read = self._reader.numbered(line, number) if isinstance(line, bytes) else line
        return list(self.joiner.take(event_of(read if read.number == number else read._replace(number=number))))

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
        limit = self.joiner.forgotten_after()
        return limit.replace(tzinfo=None).isoformat(timespec="microseconds").encode() if limit else b"\xff"
