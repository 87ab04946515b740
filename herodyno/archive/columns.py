"""Lines of text as columns of `events`, many at a time: the commonest lines by one pattern, all others are given back.

The pattern matches a line only if `event_of` gives the same fields. A line that may hold a secret, and a line of a name
that is no dyno's, is given back too. A test compares both ways on real and on hostile lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

from herodyno.archive.folder import US_PER_SECOND
from herodyno.archive.parquet import Batch, events_schema
from herodyno.archive.rows import Delivery, is_good
from herodyno.diagnosis.report.secret_fast_reject import MAY_HOLD_SECRET
from herodyno.dynos import process_type_of
from herodyno.heroku_facts import UUID_PATTERN
from herodyno.logs.parsing.event import is_dyno
from herodyno.logs.scan.unmatched import BLANK, row_numbers
from herodyno.units import US_PER_DAY, USABLE_YEARS, iso_day

if TYPE_CHECKING:
    import pyarrow as pa

_ROUTER = (
    rb"heroku\[router\]: ((?:sock=\w{1,16}+ )?at=\w{1,16}+ (?:code=(H\d\d) desc=\"[^\"=\n]*+\" )?method=([A-Z]{1,16}+) "
    rb"path=\"([^\"?\n]*+)[^\"\n]*+\" host=([^ \"=\n]*+) request_id=([^ \"=\n]*+) fwd=\"([^\"=\n]*+)\" "
    rb"dyno=([^ \"=\n]*+) connect=(\d{1,9}+)ms service=(\d{1,9}+)ms status=(\d{1,4}+) bytes=(\d{1,18}+)"
    rb"(?: protocol=([\w.]{1,16}+)(?: tls=\w{1,8}+(?: tls_version=[\w.]{1,16}+)?)?)?(?=\n))"
)
_APP = rb"app\[(?!api\]|log-shuttle\])([\w.-]{1,99}+)\]: ([^\r\n]*+)(?=\n)"
_MB = rb"=(\d{1,9}\.\d\d)MB"
_LOAD = rb"=(\d{1,9}\.\d\d)"
_HEAD = rb"source=[\w.-]{1,99}+ dyno=heroku\.\d{1,18}+\.(" + UUID_PATTERN.encode() + rb") sample#"
_DYNO = (
    rb"heroku\[(?!router\]|api\]|logplex\])([\w.-]{1,99}+)\]: ("
    + _HEAD + rb"memory_total" + _MB + rb" sample#memory_rss" + _MB + rb" sample#memory_cache" + _MB
    + rb" sample#memory_swap" + _MB + rb" sample#memory_pgpgin=(\d{1,18}+)pages sample#memory_pgpgout=\d{1,18}+pages"
    + rb" sample#memory_quota" + _MB + rb"(?=\n)"
    + rb"|" + _HEAD + rb"load_avg_1m" + _LOAD + rb"(?: sample#load_avg_5m" + _LOAD + rb")?(?: sample#load_avg_15m"
    + _LOAD + rb")?(?=\n))"
)  # fmt: skip
_ROW = re.compile(
    rb"\n(\d{4}-\d\d-\d\dT\d\d:[0-5]\d:[0-5]\d\.\d{6})\+00:00 (?:" + _ROUTER + rb"|" + _APP + rb"|" + _DYNO + rb")"
)
_STEP = _ROW.groups + 1
_STAMP, _APP_NAME = 1, 15
_FIRST_US, _END_US = (
    round(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * US_PER_SECOND
    for year in (USABLE_YEARS.start, USABLE_YEARS.stop)
)


class _Kind(NamedTuple):
    """One kind of line: the group that only its lines have, and the group of each column."""

    group: int
    source: str
    kind: str
    groups: dict[str, int]


_KINDS = (
    _Kind(2, "heroku", "router", {
        "message": 2, "code": 3, "method": 4, "path": 5, "host": 6, "request_id": 7, "client": 8, "dyno": 9,
        "connect_ms": 10, "service_ms": 11, "status": 12, "bytes": 13, "protocol": 14,
    }),
    _Kind(15, "app", "app", {"proc": 15, "dyno": 15, "message": 16}),
    _Kind(19, "heroku", "metrics", {
        "proc": 17, "dyno": 17, "message": 18, "dyno_uuid": 19, "mem_total_mb": 20, "mem_rss_mb": 21,
        "mem_cache_mb": 22, "mem_swap_mb": 23, "mem_pages_in": 24, "mem_quota_mb": 25,
    }),
    _Kind(26, "heroku", "metrics", {
        "proc": 17, "dyno": 17, "message": 18, "dyno_uuid": 26, "load_1m": 27, "load_5m": 28, "load_15m": 29,
    }),
)  # fmt: skip
_EMPTY_IS_NONE = frozenset({"path", "host", "request_id", "client", "dyno"})


class Stamped(NamedTuple):
    """A line and its time in microseconds since 1970."""

    ts_us: int
    line: bytes


class Other(NamedTuple):
    """A line that is to be read as an event, and its number. `before` is the matched line right before it, if any."""

    number: int
    line: bytes
    before: Stamped | None = None


class Columns(NamedTuple):
    """The lines of a text: `lines` of them, those that matched as `tables`, the others in their order. `last` is the
    line at the end where that matched. `arrival` in the tables is the number of the line."""

    lines: int
    tables: list[Batch]
    others: list[Other]
    last: Stamped | None


def columns_of(text: bytes, first: int, came: Delivery) -> Columns | None:
    """The columns of lines that end with LF each, numbered from `first`. None where a time does not exist."""
    flat: list[Any] = _ROW.split(b"\n" + _valid(text))
    flat[-1] = flat[-1][:-1]
    rows = len(flat) // _STEP
    times = _microseconds(flat[_STAMP::_STEP])
    if times is None:
        return None
    between = flat[::_STEP]
    unmatched = [
        (at, line)
        for at in compress(range(rows + 1), between)
        for line in between[at][1:].split(b"\n")
        if line.strip(BLANK)
    ]
    numbers = row_numbers(first, rows, [at for at, _ in unmatched])

    def stamped(at: int) -> Stamped:
        return Stamped(times[at].as_py(), _line(flat[at * _STEP : (at + 1) * _STEP + 1]))

    others: list[Other] = []
    done = 0
    for before, (at, line) in enumerate(unmatched):
        others.append(Other(first + at + before, line, stamped(at - 1) if at > done else None))
        done = at
    last = stamped(rows - 1) if rows > done else None
    texts = _texts(flat)
    refused = _refused(texts, flat[_APP_NAME::_STEP])
    others += [Other(numbers[at], stamped(at).line) for at in refused]
    others.sort()
    for at in refused:  # of no kind any more
        flat[at * _STEP + 1 : (at + 1) * _STEP] = [None] * (_STEP - 1)
    tables = [
        _table(kind, flat, places, texts, times, numbers, came)
        for kind in _KINDS
        if (places := list(compress(range(rows), flat[kind.group :: _STEP])))
    ]
    return Columns(rows + len(unmatched), tables, others, last)


def by_day(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each day of UTC."""
    import pyarrow.compute as pc

    days = pc.floor(pc.divide(table["ts_us"].cast("float64"), float(US_PER_DAY))).cast("int64")
    for day in pc.unique(days).to_pylist():
        yield iso_day(day), table.filter(pc.equal(days, day))


def _valid(text: bytes) -> bytes:
    """The text in UTF-8, each broken character as U+FFFD."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return text.decode("utf-8", "replace").encode()
    return text


def _texts(flat: list[Any]) -> pa.Array:
    """The texts of the rows."""
    import pyarrow as pa

    groups = sorted({kind.groups["message"] for kind in _KINDS})
    routed, said, measured = (flat[group::_STEP] for group in groups)
    return pa.array(
        [a if a is not None else b if b is not None else c for a, b, c in zip(routed, said, measured, strict=True)],
        pa.string(),
    )


def _refused(texts: pa.Array, speakers: Sequence[bytes | None]) -> list[int]:
    """The places of rows that are to be read as events."""
    import pyarrow as pa
    import pyarrow.compute as pc

    is_refused = pc.match_substring_regex(texts, MAY_HOLD_SECRET)
    others = {name for name in set(speakers) if name and not is_dyno(name.decode())}
    if others:
        is_refused = pc.or_(is_refused, pa.array([name in others for name in speakers]))
    places: list[int] = pc.indices_nonzero(is_refused).to_pylist()
    return places


def _table(
    kind: _Kind,
    flat: list[Any],
    places: list[int],
    texts: pa.Array,
    times: pa.Array,
    numbers: list[int],
    came: Delivery,
) -> Batch:
    """The rows of one kind."""
    import pyarrow as pa

    schema, at = events_schema(), pa.array(places, pa.int64())
    told = {name: list(compress(flat[group::_STEP], flat[kind.group :: _STEP])) for name, group in kind.groups.items()}
    same = {**came._asdict(), "source": kind.source, "kind": kind.kind, "proc": kind.kind}
    if kind.kind == "metrics":
        same["dyno_uuid_how"] = "line"
    if "client" in told:
        told["client"] = [value.decode().partition(",")[0].strip() for value in told["client"]]
    names = told["dyno"]
    types = {name: process_type_of(name.decode()) if name else None for name in set(names)}
    ts_us = times.take(at)
    made = {
        "ts_us": ts_us,
        "ts": ts_us.cast(schema.field("ts").type),
        "process_type": pa.array([types[name] for name in names], pa.string()),
        "arrival": pa.array([numbers[place] for place in places], pa.int64()),
        "message": texts.take(at),
        "in_columns": pa.array(_in_columns(kind.kind, told, len(places)), pa.bool_()),
    }

    def column(field: pa.Field) -> Any:
        if field.name in made:
            return made[field.name]
        if field.name in told:
            values = told[field.name]
            values = [value or None for value in values] if field.name in _EMPTY_IS_NONE else values
            return pa.array(values, pa.string()).cast(field.type)
        value = same.get(field.name)
        return (
            pa.nulls(len(places), field.type) if value is None else pa.repeat(pa.scalar(value, field.type), len(places))
        )

    return pa.table([column(field) for field in schema], schema=schema)


def _in_columns(kind: str, told: dict[str, list[Any]], rows: int) -> list[bool]:
    """Whether the columns hold all that is counted of each line: of a good request, and of a matched sample."""
    if kind != "router":
        return [kind == "metrics"] * rows
    fields = zip(told["code"], told["dyno"], told["status"], told["service_ms"], strict=True)
    return [
        not code and bool(dyno) and is_good(int(status), int(service_ms)) for code, dyno, status, service_ms in fields
    ]


def _microseconds(stamps: Sequence[bytes]) -> pa.Array | None:
    """The times in microseconds since 1970; None where one does not exist."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        times = pa.array(stamps, pa.string()).cast(pa.timestamp("us")).cast(pa.int64())
    except pa.ArrowInvalid:
        return None
    if len(times):
        span = pc.min_max(times).as_py()
        if span["min"] < _FIRST_US or span["max"] >= _END_US:
            return None
    return times


def _line(row: Sequence[Any]) -> bytes:
    """The line that a row was."""
    kind = next(kind for kind in _KINDS if row[kind.group] is not None)
    proc = row[kind.groups["proc"]] if "proc" in kind.groups else kind.kind.encode()
    return b"%b+00:00 %b[%b]: %b" % (row[_STAMP], kind.source.encode(), proc, row[kind.groups["message"]])
