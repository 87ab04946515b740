"""Many lines at a time: the commonest lines of a text log read by one pattern, every other by the grammar.

The pattern may refuse a line, never read it differently: what it accepts, `event_of` reads the same
(a test compares them on real and on made-up lines). It stands on possessive quantifiers and on
`[^"]*`, the fastest loop of Python's `re`; each branch begins with who speaks, so that no text of an
app can send it through the rest of the block.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from herodyno.logs.events import Event, RouterRequest
from herodyno.logs.grammar import event_of
from herodyno.logs.lines import LineReader
from herodyno.logs.ordinary import ORDINARY, is_suspect
from herodyno.logs.tracebacks import Joiner

_ROUTER = (
    rb'heroku\[router\]: at=info method=([A-Z]{1,16}+) path="([^"?]*+)(?:\?[^"]*+)?" host=([^ "=\n]*+) '
    rb'request_id=[^ "=\n]*+ fwd="([^"=,\n]*+)[^"=\n]*+" dyno=([\w.-]{1,99}+) connect=\d{1,9}+ms '
    rb"service=([1-5]?\d{1,4}+)ms status=([1-4]\d\d) bytes=\d{1,9}+"
    rb"(?: protocol=[\w.]{1,16}+(?: tls=\w{1,8}+(?: tls_version=[\w.]{1,16}+)?)?)?(?=\n)"
)
_APP = rb"app\[(?!api\]|log-shuttle\])([\w.-]{1,99}+)\]: " + ORDINARY
_DYNO = (
    rb"heroku\[(?!router\]|api\]|logplex\])([\w.-]{1,99}+)\]: "
    rb"(source=[^\n]*+|Error R14 \(Memory quota exceeded\)(?=\n))"
)
_ROW = re.compile(
    rb"\n(?:(?s:((.{19})\..{6}))\+00:00 (?:" + _ROUTER + rb"|" + _APP + rb"|" + _DYNO + rb")|)"
)  # fmt: skip

# What stands in a row. A line the pattern refuses is a row of nothing but b"".
STAMP, SECOND, METHOD, PATH, HOST, CLIENT, DYNO, SERVICE, STATUS, APP, NAME, REST = range(12)
Row: TypeAlias = tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes]
REFUSED: Row = (b"",) * 12

LONGEST_SERVICE = 60.0  # seconds; the pattern leaves slower requests to the grammar

_STAMP, _SECOND = itemgetter(STAMP), itemgetter(SECOND)
_ID = rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_METRICS = re.compile(
    rb"source=[\w.-]{1,99}+ dyno=heroku\.\d{1,18}+\.(" + _ID + rb") (?:sample#memory_total=(\d{1,9}\.\d\d)MB "
    rb"sample#memory_rss=\d{1,9}\.\d\dMB sample#memory_cache=\d{1,9}\.\d\dMB sample#memory_swap=(\d{1,9}\.\d\d)MB "
    rb"sample#memory_pgpgin=(\d{1,18}+)pages sample#memory_pgpgout=\d{1,18}+pages "
    rb"sample#memory_quota=(\d{1,9}\.\d\d)MB"
    rb"|sample#load_avg_1m=\d{1,9}\.\d\d(?: sample#load_avg_\d{1,2}m=\d{1,9}\.\d\d){0,2})"
)
_APP_LINE = re.compile(rb"(?s:((.{19})\..{6}))\+00:00 app\[(?!api\]|log-shuttle\])([\w.-]{1,99}+)\]: ")
_DIGITS = b"0123456789"
_BLANK = b"\0 \t\r\n\v\f"


class Sample(NamedTuple):
    """A runtime-metrics line, or an R14 line (`id` b""). `total` b"" when it is of load. `raw` is the line."""

    row: Row
    number: int
    raw: bytes
    id: bytes
    total: bytes
    swap: bytes
    pages: bytes
    quota: bytes


class Block(NamedTuple):
    """What some lines hold. `rows` has the lines read by the pattern, `samples` those of `rows` about memory and
    load, `events` all the others, tracebacks joined. `first` numbers the first line, `lines` how many there were.
    `is_clean`: no traceback was open before the first line. `ordered` are the rows by time."""

    first: int
    lines: int
    rows: list[Row]
    ordered: list[Row]
    samples: list[Sample]
    events: list[Event]
    is_clean: bool


class Scanner:
    """Reads blocks of lines of one log after the other. `year` as for read_lines.

    Lines are numbered from `number` + 1. `seconds` has the seconds since 1970 of each SECOND of the last block.
    """

    def __init__(self, *, year: int) -> None:
        self.number = 0
        self.seconds: dict[bytes, int | None] = {}
        self._minutes: dict[bytes, int | None] = {}
        self.joiner = Joiner()
        self.begin(year=year)

    def begin(self, *, year: int) -> None:
        """Another log begins; its lines go on being numbered, and a traceback may go on in it."""
        self._reader = LineReader(year=year)

    @property
    def has_undated(self) -> bool:
        """Whether a line of this log had a time without a year."""
        return self._reader.has_undated

    def block(self, lines: list[bytes], by_grammar: frozenset[bytes] = frozenset()) -> Block:
        """Read some lines. Those of the dynos in `by_grammar` are all read by the grammar."""
        rows = self._rows(lines)
        if len(rows) != len(lines):  # a quotation ran over the end of its line
            rows = [REFUSED] * len(lines)
        if REFUSED in rows:
            rows, lines = _read_again(rows, lines)
        self._refuse_odd_times(rows)
        if by_grammar:
            rows = [REFUSED if {row[DYNO], row[APP], row[NAME]} & by_grammar else row for row in rows]
        first, self.number = self.number + 1, self.number + len(lines)
        is_clean = not self.joiner.open
        samples, odd = self._odd(rows, lines, first)
        events = self._events(rows, lines, odd, first)
        kept = [row for row in rows if row[STAMP]]
        stamps = list(map(_STAMP, kept))
        ordered = kept if stamps == sorted(stamps) else sorted(kept, key=_STAMP)
        return Block(first, len(lines), kept, ordered, samples, events, is_clean)

    def close(self) -> list[Event]:
        """The tracebacks that were open at the end."""
        return self.joiner.close()

    def time(self, row: Row) -> float:
        """When a row was logged, in seconds since 1970."""
        return ((self.seconds[row[SECOND]] or 0) * 1_000_000 + int(row[STAMP][20:])) / 1_000_000

    def _rows(self, lines: list[bytes]) -> list[Row]:
        rows = _ROW.findall(b"\n".join([b"", *lines, b""]))
        rows.pop()  # what follows the last line end
        return rows

    def _refuse_odd_times(self, rows: list[Row]) -> None:
        seconds = set(map(_SECOND, rows))
        known = self.seconds = {second: self._second(second) for second in seconds}
        is_odd = any(known[second] is None for second in seconds if second)
        stamps = b"".join(map(_STAMP, rows))
        if is_odd or len(stamps.translate(None, _DIGITS)) * 26 != len(stamps) * 6:
            for i, row in enumerate(rows):
                if known[row[SECOND]] is None or not row[STAMP][20:].isdigit():
                    rows[i] = REFUSED

    def _second(self, second: bytes) -> int | None:
        """The seconds since 1970 of "2026-03-02T12:00:00"; None when there is no such time."""
        minute, rest = second[:17], second[17:]
        if minute not in self._minutes:
            at = LineReader(year=1970).line(minute + b"00.000000+00:00 app[web.1]: ").at
            self._minutes = {minute: int(at.timestamp()) if at else None}
        base = self._minutes[minute]
        return None if base is None or not rest.isdigit() or rest >= b"60" else base + int(rest)

    def _odd(self, rows: list[Row], lines: Sequence[bytes], first: int) -> tuple[list[Sample], list[int]]:
        """The metric lines, and where lines stand that are no requests and no plain output."""
        samples: list[Sample] = []
        odd = [i for i, row in enumerate(rows) if row[NAME] or not row[STAMP]]
        for i in odd:
            row = rows[i]
            rest = row[REST]
            if not rest:
                continue
            if rest.startswith(b"E"):
                samples.append(Sample(row, first + i, lines[i], b"", b"", b"", b"", b""))
            elif found := _METRICS.fullmatch(rest):
                samples.append(Sample(row, first + i, lines[i], *found.groups(b"")))
            else:
                rows[i] = REFUSED
        return samples, odd

    def _events(self, rows: list[Row], lines: Sequence[bytes], odd: Sequence[int], first: int) -> list[Event]:
        """What the grammar reads of the refused lines, and of the app's lines that a traceback may take in."""
        joiner = self.joiner
        events: list[Event] = []
        done = 0
        for i in odd:
            if joiner.open:
                events += self._passed(rows, lines, first, range(done, i))
            done = i + 1
            row = rows[i]
            if not row[STAMP]:
                events += self._event(lines[i], first + i)
            elif joiner.open:
                events += joiner.passed(self._moment(row), row[NAME].decode())
        if joiner.open:
            events += self._passed(rows, lines, first, range(done, len(rows)))
        return events

    def _event(self, line: bytes, number: int) -> list[Event]:
        return list(self.joiner.take(event_of(self._reader.numbered(line, number))))

    def _passed(self, rows: list[Row], lines: Sequence[bytes], first: int, places: range) -> list[Event]:
        """Let lines pass the open tracebacks: by their time, and by the dyno that printed them."""
        events: list[Event] = []
        joiner = self.joiner
        names, limit = {name.encode() for name in joiner.open}, self._limit()
        for i in places:
            row = rows[i]
            if row[APP] in names:
                rows[i] = REFUSED
                events += self._event(lines[i], first + i)
                if row[STAMP] < limit:  # late: then a traceback may be forgotten sooner
                    limit = min(limit, self._limit())
            elif row[STAMP] > limit:
                events += joiner.passed(self._moment(row))
                limit = self._limit()
            else:
                continue
            if not joiner.open:
                break
            names = {name.encode() for name in joiner.open}
        return events

    def _limit(self) -> bytes:
        """The stamp after which a traceback is forgotten."""
        limit = self.joiner.forgotten_after()
        return limit.replace(tzinfo=None).isoformat(timespec="microseconds").encode() if limit else b"\xff"

    def _moment(self, row: Row) -> datetime:
        return datetime.fromisoformat(f"{row[STAMP].decode()}+00:00")


def is_slow(event: Event) -> bool:
    """Whether an event is a request too slow for the pattern; these have segments of their own."""
    return isinstance(event, RouterRequest) and (event.service_ms or 0) >= LONGEST_SERVICE * 1000


def _read_again(rows: list[Row], lines: list[bytes]) -> tuple[list[Row], list[bytes]]:
    """Without lines of nothing but layout; and with those lines of apps that need a longer look to be told ordinary."""
    places = [i for i, row in enumerate(rows) if not row[STAMP]]
    if blank := {i for i in places if not lines[i].strip(_BLANK)}:
        kept = [i for i in range(len(lines)) if i not in blank]
        return _read_again([rows[i] for i in kept], [lines[i] for i in kept])
    for i in places:
        found = _APP_LINE.match(lines[i])
        if found and not is_suspect(lines[i][found.end() :]):
            rows[i] = (found[1], found[2], b"", b"", b"", b"", b"", b"", b"", found[3], b"", b"")
    return rows, lines
