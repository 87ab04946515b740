"""The patterns of a log: each line is counted under its template, requests under what the router says of them.

Lines of apps and of the platform become templates of masked words. A traceback is one entry: its exception and the
frame that raised it. A request is told by its code, method and status, not by its path. All metrics of a dyno
type or an add-on are one pattern: they say how something is, not what happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from herodyno.dynos import process_type_of
from herodyno.logs.events import AppException, Event, LogLine, Unread
from herodyno.logs.parsing.event import dyno_of, event_of
from herodyno.logs.parsing.exceptions import LEVELS, role_of
from herodyno.logs.parsing.router_lines import router_request
from herodyno.logs.parsing.tracebacks import TracebackJoiner
from herodyno.logs.patterns.masks import LONGEST_LINE, ZEROS, masked, masked_zeroed
from herodyno.logs.patterns.pattern_counts import SLOT_SECONDS, CellClock, PatternCounts
from herodyno.logs.patterns.templates import Templates, Words
from herodyno.logs.patterns.word_marks import ID, NUMBER
from herodyno.logs.scan.fast_reject import NO_TRACEBACK, may_mean_more
from herodyno.units import time_at

Kind: TypeAlias = Literal["line", "exception", "request", "metrics"]

METRICS: Words = ("metrics", "(sample#...)")
BLANK: Words = ("(blank)",)
MOST_SPEAKERS = 200  # sources with process types; lines of others are those of others
_OTHERS = ("", "others")
_MOST_KNOWN = 16_384
# The commonest line of the router. All that differ are left to router_request.
_SERVED = re.compile(
    r"at=info method=([A-Z]{1,16}) path=\"[^\"]*+\" host=[^ \"=]*+ request_id=[^ \"=]*+ fwd=\"[^\"=]*+\" "
    r"dyno=([^ \"=]*+) connect=\d{0,9}ms service=\d{0,9}ms status=(\d{0,9}) bytes=\d{0,18}(?: protocol=[\w. =]{1,48})?",
    re.ASCII,
)
# What tells one line of the platform from another: a code, an exit status.
_PLATFORM = frozenset({"api", "log-shuttle"})
_PLATFORM_NUMBER = re.compile(
    rb"^\s{0,9}(?:Error |Process exited with status )?([HRL]\d\d(?=[ :])|(?<=status )\d{1,3})\b"
)


_NO_TRACEBACK = re.compile(NO_TRACEBACK)
_LEVELS = tuple(level.encode() for level in LEVELS)

# A table, the masked words that a line has in it, and whether the line may belong to a traceback.
_Shape: TypeAlias = tuple[Templates[PatternCounts], Words, bool]


class Pattern(NamedTuple):
    """One pattern: who prints it (`source` and process `type`, such as app and web), its template, its counts."""

    source: str
    type: str
    kind: Kind
    template: str
    counts: PatternCounts

    @property
    def who(self) -> str:
        """As the head of a log line says it, with the type in the dyno's place: "app[web]"."""
        return f"{self.source}[{self.type}]" if self.source else self.type


class LogPatterns:
    """Counts lines. `split` divides them into those before and those from this time on.

    `lines` and `bytes` are those of all lines counted; `clock` has the times that they cover.
    """

    def __init__(self, split: datetime | None = None) -> None:
        self.lines = 0
        self.bytes = 0
        self.clock = CellClock()
        self._split = split
        self._tables: dict[tuple[str, str, Kind], Templates[PatternCounts]] = {}
        self._known: dict[tuple[str, str, bytes, bytes], _Shape] = {}
        self._requests: dict[tuple[str, str, str, str], tuple[Templates[PatternCounts], Words]] = {}
        self._joiner = TracebackJoiner()
        self._open_bytes: dict[str, int] = {}  # dyno -> bytes of the traceback that may still grow
        self._open_dyno = ""
        self._ends_at: datetime | None = None  # a later line ends a traceback by its time alone

    def add(self, line: LogLine) -> None:
        """Count a line."""
        size = _size(line)
        self.lines += 1
        self.bytes += size
        if self._joiner.open and self._concerns_open(line):
            self._add_joined(line, size)
        else:
            self._add_plain(line, size, may_open=True)

    def close(self) -> None:
        """The log has ended: count the tracebacks that might have grown."""
        for event in self._joiner.close():
            self._add_event(event)

    def __iter__(self) -> Iterator[Pattern]:
        """Each pattern. A traceback that may still grow is in none."""
        for (source, process_type, kind), table in self._tables.items():
            for words, counts in table:
                for cells in counts.cells:
                    cells.widen(self.clock.level)
                yield Pattern(source, process_type, kind, " ".join(words), counts)

    def _add_request(self, line: LogLine, size: int) -> bool:
        """Count a request for the dyno that it went to. False for a line of the router that is no request."""
        if found := _SERVED.fullmatch(line.text):
            method, dyno, status = found.groups()
            code, level = "", "info"
        elif request := router_request(line):
            method, dyno, code, level = request.method, request.dyno, request.code, request.level
            status = "" if request.status is None else str(request.status)
        else:
            return False
        request_key = (level, code, method, status)
        known = self._requests.get(request_key)
        if known is None:
            if len(self._requests) >= _MOST_KNOWN:
                self._requests.clear()
            pairs = zip(("at", "code", "method", "status"), request_key, strict=True)
            words = tuple(f"{name}={value}" for name, value in pairs if value)
            known = self._requests[request_key] = self._table("heroku", "router", "request"), words
        self._count(*known, line, dyno, 1, size)
        return True

    def _add_plain(self, line: LogLine, size: int, *, may_open: bool = False) -> None:
        """Count a line by itself, unless it `may_open` a traceback and does."""
        if line.proc == "router" and line.source == "heroku" and self._add_request(line, size):
            return
        table, words, opens = self._known_shape(line)
        if opens and may_open:
            self._add_joined(line, size)
        else:
            self._count(table, words, line, line.proc, 1, size)

    def _known_shape(self, line: LogLine) -> _Shape:
        """What is known of lines like this one: those that differ in digits only are masked once."""
        text = line.text[:LONGEST_LINE].encode("utf-8", "replace")
        told = _PLATFORM_NUMBER.search(text) if line.source == "heroku" or line.proc in _PLATFORM else None
        number = told[1] if told else b""
        key = (line.source, line.proc, text.translate(ZEROS), number)
        known = self._known.get(key)
        if known is None:
            known = self._shape(line, text, key[2].decode(), number.decode())
            if not any(ID in word for word in known[1]):  # an id does not come again
                if len(self._known) >= _MOST_KNOWN:
                    self._known.clear()
                self._known[key] = known
        return known

    def _shape(self, line: LogLine, text: bytes, zeroed: str, number: str) -> _Shape:
        source, process_type = line.source, process_type_of(line.proc)
        if zeroed.startswith("source=") and ("sample#" in zeroed or " measure=" in zeroed):
            return self._table(source, process_type, "metrics"), METRICS, False
        if "process with command" in zeroed and line.proc != "router" and (source == "heroku" or line.proc == "api"):
            before, _, command = zeroed.partition("`")
            zeroed = f"{before}`command`{command.rpartition('`')[2]}"  # quotations in it would end early
        words = masked_zeroed(zeroed) or BLANK
        if number:
            code, shown = f"{number[:1]}{NUMBER}", number[:1].isalpha()
            words = tuple(number if word == (code if shown else NUMBER) else word for word in words)
        return self._table(source, process_type, "line"), words, source == "app" and _may_open(line, text)

    def _concerns_open(self, line: LogLine) -> bool:
        """Whether a line may end an open traceback, or be of one."""
        if line.proc in self._joiner.open or not line.source:
            return True
        return line.at is not None and self._ends_at is not None and line.at > self._ends_at

    def _add_joined(self, line: LogLine, size: int) -> None:
        """Show a line to the open tracebacks, and count what that completes."""
        event = event_of(line)
        is_held = True
        for each in list(self._joiner.take(event)):
            if each is event:
                is_held = False
                self._add_plain(line, size)
            else:
                self._add_event(each)
        if is_held:
            dyno = self._open_dyno if isinstance(event, Unread) else line.proc
            self._open_bytes[dyno] = self._open_bytes.get(dyno, 0) + size
            self._open_dyno = dyno
        limit = self._joiner.forgotten_after
        self._ends_at = None if limit is None else time_at(limit)

    def _add_event(self, event: Event) -> None:
        """Count what was held back: a traceback, or a line that turned out to be of none."""
        line = event.line
        size = self._open_bytes.pop(line.proc, 0)
        if not isinstance(event, AppException):
            self._add_plain(line, _size(line))
            return
        said = f"{event.kind}: {event.message}".strip(": ") or line.text
        words = (*masked(said), *masked(event.place))
        table = self._table("app", process_type_of(event.dyno), "exception")
        self._count(table, words or BLANK, line, event.dyno, event.lines, size)

    def _table(self, source: str, process_type: str, kind: Kind) -> Templates[PatternCounts]:
        table = self._tables.get((source, process_type, kind))
        if table is None:
            if len(self._tables) >= MOST_SPEAKERS:
                source, process_type = _OTHERS
            table = self._tables.setdefault((source, process_type, kind), Templates(PatternCounts))
        return table

    def _count(
        self, table: Templates[PatternCounts], words: Words, line: LogLine, dyno: str, lines: int, size: int
    ) -> None:
        counts, at = table.at(words), line.at
        counts.add(line, dyno, lines, size)
        if at is not None:
            slot = int(at.timestamp()) // SLOT_SECONDS
            clock = self.clock
            if not clock.earliest <= slot <= clock.latest:
                clock.see(slot)
            counts.cells[self._split is None or at >= self._split].add(slot, clock.level)


def _size(line: LogLine) -> int:
    """The bytes of a line with its end."""
    raw = line.raw
    return (len(raw) if raw.isascii() else len(raw.encode("utf-8", "replace"))) + 1


def _may_open(line: LogLine, text: bytes) -> bool:
    """Whether an app's line may begin a traceback. The first tests are fast, and err to one side."""
    if _NO_TRACEBACK.match(text) and not any(level in text for level in _LEVELS):
        return False
    return may_mean_more(text) and bool(dyno_of(line)) and role_of(line.text) not in ("plain", "detail")
