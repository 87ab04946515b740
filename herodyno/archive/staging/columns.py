"""Lines as columns of `events`, many at a time: the commonest lines by one pattern, all others are given back.

A line that may hold a secret, and a line of a name that is no dyno's, is given back too. A test compares both ways on
real and on hostile lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

from herodyno.archive.folder import US_PER_SECOND
from herodyno.archive.parquet import Batch, events_schema
from herodyno.archive.rows import Delivery, is_good, priority_of
from herodyno.archive.staging.common_lines import (
    EMPTY_IS_NONE,
    KINDS,
    PRIORITY,
    SPEAKING_APP,
    STAMP,
    STEP,
    TEXT_ROW,
    Kind,
)
from herodyno.diagnosis.report.secret_fast_reject import MAY_HOLD_SECRET
from herodyno.dynos import process_type_of
from herodyno.logs.parsing.event import is_dyno
from herodyno.logs.scan.fast_reject import NOT_PLAIN
from herodyno.logs.scan.rows import BLANK, row_numbers
from herodyno.units import US_PER_DAY, USABLE_YEARS, iso_day

if TYPE_CHECKING:
    import re

    import pyarrow as pa

_FIRST_US, _END_US = (
    round(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * US_PER_SECOND
    for year in (USABLE_YEARS.start, USABLE_YEARS.stop)
)


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


def columns_of(text: bytes, first: int, came: Delivery | pa.Table, row: re.Pattern[bytes] = TEXT_ROW) -> Columns | None:
    """The columns of lines that end with LF each, numbered from `first`. None where a time does not exist.

    `came` is how all lines came, or a table of how each did. `row` is the pattern of a line.
    """
    flat: list[Any] = row.split(b"\n" + _valid(text))
    flat[-1] = flat[-1][:-1]
    rows = len(flat) // STEP
    times = _microseconds(flat[STAMP::STEP])
    if times is None:
        return None
    between = flat[::STEP]
    unmatched = [
        (at, line)
        for at in compress(range(rows + 1), between)
        for line in between[at][1:].split(b"\n")
        if line.strip(BLANK)
    ]
    numbers = row_numbers(first, rows, [at for at, _ in unmatched])

    def stamped(at: int) -> Stamped:
        return Stamped(times[at].as_py(), _line(flat[at * STEP : (at + 1) * STEP + 1]))

    others: list[Other] = []
    done = 0
    for before, (at, line) in enumerate(unmatched):
        others.append(Other(first + at + before, line, stamped(at - 1) if at > done else None))
        done = at
    last = stamped(rows - 1) if rows > done else None
    texts = _texts(flat)
    refused = _refused(texts, flat[SPEAKING_APP::STEP])
    others += [Other(numbers[at], stamped(at).line) for at in refused]
    others.sort()
    for at in refused:  # of no kind any more
        flat[at * STEP + 1 : (at + 1) * STEP] = [None] * (STEP - 1)
    tables = []
    for kind in KINDS:
        if places := list(compress(range(rows), flat[kind.group :: STEP])):
            own = [numbers[place] for place in places]
            tables.append(_table(kind, flat, places, texts, times, _delivered(own, first, came)))
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

    groups = sorted({kind.groups["message"] for kind in KINDS})
    routed, said, measured = (flat[group::STEP] for group in groups)
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


def _delivered(numbers: list[int], first: int, came: Delivery | pa.Table) -> dict[str, Any]:
    """How some lines came, as values of all of them or as columns, and their numbers."""
    import pyarrow as pa

    lines = pa.chunked_array([pa.array(numbers, pa.int64())])
    if isinstance(came, Delivery):
        return {**came._asdict(), "arrival": lines}
    own = came.take(pa.array([number - first for number in numbers], pa.int64()))
    return {**{name: own[name] for name in own.column_names}, "arrival": lines}


def _table(
    kind: Kind,
    flat: list[Any],
    places: list[int],
    texts: pa.Array,
    times: pa.Array,
    delivered: dict[str, Any],
) -> Batch:
    """The rows of one kind. `delivered` are columns that the text does not tell."""
    import pyarrow as pa

    schema, at = events_schema(), pa.array(places, pa.int64())
    told = {name: list(compress(flat[group::STEP], flat[kind.group :: STEP])) for name, group in kind.groups.items()}
    same = {**delivered, "source": kind.source, "kind": kind.kind, "proc": kind.kind}
    if kind.kind == "metrics":
        same["dyno_uuid_how"] = "line"
    if "client" in told:
        told["client"] = [value.decode().partition(",")[0].strip() for value in told["client"]]
    names = told["dyno"]
    types = {name: process_type_of(name.decode()) if name else None for name in set(names)}
    ts_us = times.take(at)
    priorities = list(compress(flat[PRIORITY::STEP], flat[kind.group :: STEP]))
    known = {each: priority_of(int(each)) if each else (None, None) for each in set(priorities)}
    made = {
        "facility": pa.array([known[each][0] for each in priorities], schema.field("facility").type),
        "severity": pa.array([known[each][1] for each in priorities], schema.field("severity").type),
        "ts_us": ts_us,
        "ts": ts_us.cast(schema.field("ts").type),
        "process_type": pa.array([types[name] for name in names], pa.string()),
        "message": texts.take(at),
        "in_columns": _in_columns(kind.kind, told, texts.take(at)),
    }

    def column(field: pa.Field) -> Any:
        if field.name in made:
            return made[field.name]
        if field.name in told:
            values = told[field.name]
            values = [value or None for value in values] if field.name in EMPTY_IS_NONE else values
            return pa.array(values, pa.string()).cast(field.type)
        value = same.get(field.name)
        if value is None:
            return pa.nulls(len(places), field.type)
        if isinstance(value, pa.ChunkedArray):
            return value.cast(field.type)
        return pa.repeat(pa.scalar(value, field.type), len(places))

    return pa.table([column(field) for field in schema], schema=schema)


def _in_columns(kind: str, told: dict[str, list[Any]], texts: pa.Array) -> pa.Array:
    """Whether the columns hold all that is counted of each line: of good requests, samples, plain lines of apps."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if kind == "app":
        return pc.invert(pc.match_substring_regex(texts, NOT_PLAIN))
    if kind == "metrics":
        return pa.repeat(True, len(texts))
    fields = zip(told["code"], told["dyno"], told["status"], told["service_ms"], strict=True)
    good = [
        not code and bool(dyno) and is_good(int(status), int(service_ms)) for code, dyno, status, service_ms in fields
    ]
    return pa.array(good, pa.bool_())


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
    kind = next(kind for kind in KINDS if row[kind.group] is not None)
    proc = row[kind.groups["proc"]] if "proc" in kind.groups else kind.kind.encode()
    return b"%b+00:00 %b[%b]: %b" % (row[STAMP], kind.source.encode(), proc, row[kind.groups["message"]])
