"""Many lines at a time: one pattern reads the commonest lines of a text log, `event_of` all others.

The pattern matches a line only if `event_of` gives the same fields (a test compares them on real and on made-up
lines). One `split` over a block gives the fields of all matched lines as columns and, between the rows, the
unmatched lines. The pattern is fast because of possessive quantifiers and `[^"]*`, the fastest loop of Python's
`re`. Each branch begins with the source of the line, so that no text of an app makes it search the rest of the
block.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import compress
from typing import Any, TypeAlias

from herodyno.heroku_facts import UUID_PATTERN
from herodyno.logs.codes.router_codes import ROUTER_CODES
from herodyno.logs.decoding.lines import Year
from herodyno.logs.events import Event, LogLine, RouterRequest
from herodyno.logs.scan.blocks import Batch
from herodyno.logs.scan.columns import Block, Failures, PlainLines, Requests, Samples
from herodyno.logs.scan.fast_reject import NO_TELLING_WORDS, NO_TRACEBACK, has_telling_words, may_mean_more
from herodyno.logs.scan.last_lines import last_lines
from herodyno.logs.scan.stamps import Stamps
from herodyno.logs.scan.unmatched import BLANK, Rows, UnmatchedReader, text_lines

# A failed request: its code stands before the method, and is taken with it, so that a good one has no more fields.
_FAILED = b"error code="
_SERVER_CODES = b"|".join(code.code.encode() for code in ROUTER_CODES if code.kind == "server")
_WHY = _FAILED + rb"(?:" + _SERVER_CODES + rb") desc=\"[\w ().,/'-]{0,80}+\" method="
_ROUTER = (
    rb"heroku\[router\]: at=(?:info method=(?!e)|(?=e))((?:" + _WHY + rb")?+[A-Z]{1,16}+) "
    rb'path="([^"?]*+)[^"\n]*+" host=(?!")([^ ]*+) '
    rb'request_id=(?!")[^ \n]*+ fwd="([^"]*+)" dyno=([\w.-]{1,99}+) connect=\d++ms service=(\d{1,5}+)ms '
    rb"status=([2-5]\d\d) bytes=\d++(?: protocol=[\w.]{1,16}+(?: tls=\w{1,8}+(?: tls_version=[\w.]{1,16}+)?)?)?(?=\n)"
)
_APP = rb"app\[(?!api\]|log-shuttle\])([\w.-]{1,99}+)\]: "
_ID = UUID_PATTERN.encode()
_METRICS = (
    rb"source=[\w.-]{1,99}+ dyno=heroku\.\d{1,18}+\.(" + _ID + rb") sample#(?:memory_total=(\d{1,9}\.\d\d)MB "
    rb"sample#memory_rss=\d{1,9}\.\d\dMB sample#memory_cache=\d{1,9}\.\d\dMB sample#memory_swap=(\d{1,9}\.\d\d)MB "
    rb"sample#memory_pgpgin=(\d{1,18}+)pages sample#memory_pgpgout=\d{1,18}+pages "
    rb"sample#memory_quota=(\d{1,9}\.\d\d)MB"
    rb"|load_avg_1m=(\d{1,9}\.\d\d)(?: sample#load_avg_\d{1,2}m=\d{1,9}\.\d\d){0,2})"
)
_DYNO = (
    rb"heroku\[(?!router\]|api\]|logplex\])([\w.-]{1,99}+)\]: "
    rb"(" + _METRICS + rb"|Error R14 \(Memory quota exceeded\))(?=\n)"
)


def _row(of_app: bytes) -> re.Pattern[bytes]:
    app = _APP + of_app + NO_TRACEBACK + rb"[^\n]*+"
    return re.compile(rb"\n(?s:(.{26}))\+00:00 (?:" + _ROUTER + rb"|" + app + rb"|" + _DYNO + rb")")


_ROW = _row(b"")
_ROW_WITHOUT_TELLING = _row(NO_TELLING_WORDS)
_STAMP, _DYNO_NAME, _SPEAKER, _NAME = 1, 6, 9, 10
_UNBOUNDED = (3, 4, 5)
_REQUEST = range(2, 9)  # method, path, host, fwd, dyno, service, status
_SAMPLE = range(10, 18)  # name, rest, id, total, swap, pages, quota, load
_STEP = _ROW.groups + 1

_BEFORE, _BEHIND = [None] * 7, [None] * 8  # the fields before and behind the speaker

_HEADED = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:[0-5]\d:[0-5]\d\.\d{6})\+00:00 (?:app|heroku)\[[\w.-]{1,99}\]: ")
_APP_LINE = re.compile(
    rb"(\d{4}-\d\d-\d\dT\d\d:[0-5]\d:[0-5]\d\.\d{6})\+00:00 app\[(?!api\]|log-shuttle\])([\w.-]{1,99}+)\]: "
)

LONGEST_SERVICE = 100.0  # seconds; slower requests are left to `event_of`

# What `split` gives: unmatched lines, the fields of a row, unmatched lines, the fields of a row, unmatched lines …
# A field that a row does not have is None.
_Flat: TypeAlias = list[Any]


class Scanner:
    """Reads the blocks of several logs in turn. `year` as for read_lines. The next line has the number `number` + 1."""

    def __init__(self, *, year: Year) -> None:
        self.number = 0
        self.stamps = Stamps()
        self._unmatched = UnmatchedReader(year=year)

    def begin(self, *, year: Year) -> None:
        """Another log begins. Line numbers go on, and an open traceback may go on in the new log."""
        self._unmatched.begin(year=year)

    @property
    def has_undated(self) -> bool:
        """Whether a line of this log had a time without a year."""
        return self._unmatched.has_undated

    @property
    def is_open(self) -> bool:
        """Whether a traceback may still grow."""
        return bool(self._unmatched.joiner.open)

    def block(self, batch: Batch) -> Block:
        """Read some lines: text into rows and events, LogLines into events only."""
        if isinstance(batch, bytes):
            return self._block_of_text(batch)
        first, is_clean = self.number + 1, not self.is_open
        self.number += len(batch)
        return Block(first, is_clean, self.events(batch, first))

    def events(self, batch: Batch, number: int, names: re.Pattern[bytes] | None = None) -> list[Event]:
        """The events of some lines, numbered from `number`. With `names`, lines of text about other dynos may be left
        out."""
        events: list[Event] = []
        lines: Iterable[bytes | LogLine] = text_lines(batch) if isinstance(batch, bytes) else batch
        for at, line in enumerate(lines, start=number):
            headed = _HEADED.match(line) if names and isinstance(line, bytes) else None
            if not (names and headed) or names.search(headed.string) or not self.stamps.is_time(headed[1]):
                events += self._unmatched.event(line, at)
            elif self.is_open:
                events += self._unmatched.advance(headed[1])
        return events

    def _block_of_text(self, text: bytes) -> Block:
        row = _ROW_WITHOUT_TELLING if has_telling_words(text) else _ROW
        flat: _Flat = row.split(b"\n" + text)
        flat[-1] = flat[-1][:-1]
        if _crosses_lines(flat) or not self.stamps.are_times(flat[_STAMP::_STEP]):
            flat = self._one_by_one(text, row)
        flat, unmatched = self._fast_rejected(flat)
        rows = Rows(text, self.number + 1, flat[_STAMP::_STEP], flat[_SPEAKER::_STEP], flat[_NAME::_STEP], unmatched)
        self.number += len(rows) + len(unmatched)
        is_clean = not self.is_open
        events, taken = self._unmatched.events(rows)
        for place in taken:
            rows.speakers[place] = None
        return _block(flat, rows, is_clean, events)

    def close(self) -> list[Event]:
        """The tracebacks that were open at the end."""
        return self._unmatched.joiner.close()

    def _one_by_one(self, text: bytes, row: re.Pattern[bytes]) -> _Flat:
        """The outcome of `split`, line by line: for blocks in which a field crosses lines or a time does not exist."""
        flat: _Flat = []
        between: list[bytes] = []
        for line in text.split(b"\n")[:-1]:
            found = row.match(b"\n%b\n" % line)
            if found and found.end() <= len(line) + 1 and self.stamps.are_times([found[1]]):
                flat += [b"".join(between), *found.groups()]
                between = []
            else:
                between += [b"\n", line]
        return [*flat, b"".join(between)]

    def _fast_rejected(self, flat: _Flat) -> tuple[_Flat, list[tuple[int, bytes]]]:
        """Give fast-rejected lines of apps their rows. Returns the rows and the lines that stay unmatched, by place."""
        unmatched: list[tuple[int, bytes]] = []
        rejected: list[tuple[int, bytes, bytes]] = []
        for at in compress(range(0, len(flat), _STEP), flat[::_STEP]):
            for line in flat[at][1:].split(b"\n"):
                found = _APP_LINE.match(line)
                if found and not may_mean_more(line[found.end() :]) and self.stamps.is_time(found[1]):
                    rejected.append((at, found[1], found[2]))
                elif line.strip(BLANK):
                    unmatched.append((at // _STEP + len(rejected), line))
        if not rejected:
            return flat, unmatched
        merged: _Flat = []
        done = 0
        for at, stamp, name in rejected:
            merged += flat[done:at]
            merged += [b"", stamp, *_BEFORE, name, *_BEHIND]
            done = at
        return merged + flat[done:], unmatched


def _crosses_lines(flat: _Flat) -> bool:
    """Whether a field crosses the end of a line. For speed, the pattern does not exclude that in path, host and fwd."""
    return any(b"\n" in b"".join(filter(None, flat[at::_STEP])) for at in _UNBOUNDED)


def _block(flat: _Flat, rows: Rows, is_clean: bool, events: list[Event]) -> Block:
    dynos: list[Any] = flat[_DYNO_NAME::_STEP]
    requests = Requests(*(list(compress(flat[at::_STEP], dynos)) for at in (_STAMP, *_REQUEST)))
    requests, failures = _apart(requests, rows, dynos)
    plain = PlainLines(*rows.spoken())
    samples = Samples(
        *(list(compress(flat[at::_STEP], rows.names)) for at in (_STAMP, *_SAMPLE)),
        list(compress(rows.numbers, rows.names)),  # type: ignore[call-arg]  # the star's length
    )
    parts = [columns for columns in (requests, failures, plain, samples) if columns.stamps]
    return Block(
        rows.first,
        is_clean,
        events,
        sum(len(columns.stamps) for columns in parts),
        min((min(columns.stamps) for columns in parts), default=b""),
        max((max(columns.stamps) for columns in parts), default=b""),
        Requests(*_by_time(requests)),
        PlainLines(*_by_time(plain)),
        Samples(*_by_time(samples)),
        last_lines(rows),
        Failures(*_by_time(failures)),
    )


def _apart(requests: Requests, rows: Rows, dynos: list[Any]) -> tuple[Requests, Failures]:
    """Good and failed requests: a code that the router gives to a failure of the server, or a status of one."""
    statuses = {status for status in set(requests.statuses) if status.startswith(b"5")}
    methods = {method for method in set(requests.methods) if method.startswith(_FAILED)}
    if not (statuses or methods):
        return requests, Failures(*([] for _ in Failures._fields))
    failed = [
        method in methods or status in statuses
        for method, status in zip(requests.methods, requests.statuses, strict=True)
    ]
    places = list(compress([place for place, dyno in enumerate(dynos) if dyno], failed))
    bad = Requests(*(list(compress(column, failed)) for column in requests))
    failures = Failures(
        *bad._replace(methods=[method.rpartition(b"=")[2] for method in bad.methods]),
        codes=[method[len(_FAILED) :][:3] if method in methods else b"" for method in bad.methods],
        numbers=[rows.numbers[place] for place in places],
        lines=[rows.line(place) for place in places],
    )
    good = [not it for it in failed]
    return Requests(*(list(compress(column, good)) for column in requests)), failures


def _by_time(columns: tuple[list[Any], ...]) -> tuple[list[Any], ...]:
    stamps = columns[0]
    if stamps == sorted(stamps):
        return columns
    order = sorted(range(len(stamps)), key=stamps.__getitem__)
    return tuple([column[place] for place in order] for column in columns)


def is_slow(event: Event) -> bool:
    """Whether an event is a request too slow for the pattern."""
    return isinstance(event, RouterRequest) and (event.service_ms or 0) >= LONGEST_SERVICE * 1000
