"""Lines that the pattern of the scan did not match become events. Rows between such lines may end open tracebacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from datetime import datetime
from functools import cached_property
from itertools import compress

from herodyno.logs.decoding.lines import LineReader, Year
from herodyno.logs.events import Event, LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.logs.parsing.tracebacks import TracebackJoiner

BLANK = b"\0 \t\r\n\v\f"
# In the head "2026-03-02T12:00:01.000002+00:00 app[web.1]: " fraction and offset begin here, and the stamp ends.
_FRACTION, _OFFSET, _STAMP = 20, 26, 32
_LEAP_SECOND = b":60"
_AT_ONCE = 64
_NO_EVENTS: tuple[Event, ...] = ()


class Rows:
    """The rows of a block in the order of the log: `speakers` wrote a row, `names` are the dynos that a row is about.

    `unmatched` are the lines between the rows: (index of the row that follows, line). `first` is the number of
    the first line of `text`, `numbers` are the numbers of the rows' lines. `columns` gives stamps, speakers and names:
    only an open traceback needs all three.
    """

    def __init__(
        self,
        text: bytes,
        first: int,
        rows: int,
        columns: Callable[[], tuple[Sequence[bytes], list[bytes | None], list[bytes | None]]],
        unmatched: Sequence[tuple[int, bytes]],
    ) -> None:
        self.unmatched = unmatched
        self.first = first
        self._text = text
        self._rows = rows
        self._given = columns

    def __len__(self) -> int:
        return self._rows

    @cached_property
    def _columns(self) -> tuple[Sequence[bytes], list[bytes | None], list[bytes | None]]:
        return self._given()

    @property
    def stamps(self) -> Sequence[bytes]:
        """The stamp of each row."""
        return self._columns[0]

    @property
    def speakers(self) -> list[bytes | None]:
        """The app process that wrote each row."""
        return self._columns[1]

    @property
    def names(self) -> list[bytes | None]:
        """The dyno that each row of the dyno manager is about."""
        return self._columns[2]

    @cached_property
    def numbers(self) -> list[int]:
        """The number of each row's line."""
        return row_numbers(self.first, self._rows, [place for place, _ in self.unmatched])

    def place(self, names: Set[bytes | None], limit: bytes, begin: int, end: int) -> int:
        """The first row between two places that one of these dynos wrote or that is about it, or that is later than
        `limit`; `end` when there is none."""
        who, stamps = self._who, self.stamps
        for first in range(begin, end, _AT_ONCE):
            last = min(first + _AT_ONCE, end)
            if not names.isdisjoint(who[first:last]) or max(stamps[first:last]) > limit:
                return next(place for place in range(first, last) if who[place] in names or stamps[place] > limit)
        return end

    def line(self, place: int) -> bytes:
        """A row's line."""
        return self._lines[self.numbers[place] - self.first]

    def lines_of(self, numbers: Sequence[int]) -> list[bytes]:
        """The lines with these numbers."""
        lines, first = self._lines, self.first
        return [lines[number - first] for number in numbers]

    @cached_property
    def _who(self) -> list[bytes | None]:
        return [speaker or spoken_of for speaker, spoken_of in zip(self.speakers, self.names, strict=True)]

    @cached_property
    def _lines(self) -> list[bytes]:
        lines = self._text.split(b"\n")
        return lines if len(lines) == len(self) + len(self.unmatched) + 1 else text_lines(self._text)


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
            place = rows.place({name.encode() for name in joiner.open}, self._limit(), begin, end)
            if place == end:
                break
            if (rows.speakers[place] or b"").decode() in joiner.open:
                taken.append(place)
                events += self.event(rows.line(place), rows.numbers[place])
            else:
                events += self.advance(rows.stamps[place], rows.names[place] or b"")
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


def row_numbers(first: int, rows: int, unmatched: Sequence[int]) -> list[int]:
    """The numbers of the lines of the rows. Unmatched lines stand before the rows at these places."""
    is_row = bytearray(b"\1") * (rows + len(unmatched))
    for before, place in enumerate(unmatched):
        is_row[place + before] = 0
    return list(compress(range(first, first + len(is_row)), is_row))


def text_lines(text: bytes) -> list[bytes]:
    """The lines of a block. A line of blanks only is layout and has no number."""
    return [line for line in text.split(b"\n") if line.strip(BLANK)]
