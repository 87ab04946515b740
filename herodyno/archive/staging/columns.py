"""Lines as columns of `events`, many at a time: the commonest lines as rows, all others are given back.

A line that may hold a secret, and a line of a name that is no dyno's, is given back too. A test compares both ways on
real and on hostile lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

from herodyno.archive.parquet.columns import events_schema
from herodyno.archive.parquet.tables import Batch
from herodyno.archive.rows import GOOD_STATUSES, Delivery
from herodyno.archive.staging.matched import Matched, by_compiled_part, by_re
from herodyno.diagnosis.report.secret_fast_reject import MAY_HOLD_SECRET
from herodyno.dynos import process_type_of
from herodyno.logs.parsing.event import is_dyno
from herodyno.logs.scan.common_lines import TEXT_ROW, Kind
from herodyno.logs.scan.fast_reject import NOT_PLAIN
from herodyno.logs.scan.rows import text_lines
from herodyno.logs.scan.scanner import LONGEST_SERVICE
from herodyno.units import US_PER_DAY, iso_day

if TYPE_CHECKING:
    import pyarrow as pa

_SEVERITIES, _PRIORITIES = 8, 192  # of syslog


class Stamped(NamedTuple):
    """A line and its time in microseconds since 1970."""

    ts_us: int
    line: bytes


class Other(NamedTuple):
    """A line that is to be read as an event, and its number. `before` is the row right before it, if one is."""

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


def columns_of(text: bytes, first: int, came: Delivery | pa.Table, row: bytes = TEXT_ROW) -> Columns | None:
    """The columns of lines that end with LF each, numbered from `first`. None where a time does not exist.

    `came` is how all lines came, or a table of how each did. `row` is the pattern of a line.
    """
    text = _valid(text)
    found = by_compiled_part(text, first, row) or by_re(text, first, row)
    if found is None:
        return None
    lines = text.split(b"\n")
    if len(lines) != found.lines + 1:
        lines = text_lines(text)

    def stamped(number: int, ts_us: int | None) -> Stamped | None:
        return None if ts_us is None else Stamped(ts_us, lines[number - first])

    others = [Other(number, lines[number - first], stamped(number - 1, us)) for number, us in found.unmatched]
    tables = []
    for (kind, columns), is_refused in zip(found.rows, _refused(found), strict=True):
        numbers, kept = _apart(columns, is_refused)
        others += [Other(number, lines[number - first]) for number in numbers]
        if len(kept["arrival"]):
            tables.append(_table(kind, kept, _delivered(kept["arrival"], first, came)))
    others.sort()
    return Columns(found.lines, tables, others, stamped(first + found.lines - 1, found.last_us))


def by_day(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each day of UTC."""
    import pyarrow.compute as pc

    times = pc.min_max(table["ts_us"]).as_py()
    if times["min"] // US_PER_DAY == times["max"] // US_PER_DAY:
        yield iso_day(times["min"] // US_PER_DAY), table
        return
    days = pc.divide(table["ts_us"], US_PER_DAY)  # whole numbers: a float has no exact microseconds after 2255
    for day in pc.unique(days).to_pylist():
        yield iso_day(day), table.filter(pc.equal(days, day))


def _valid(text: bytes) -> bytes:
    """The text in UTF-8, each broken character as U+FFFD."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return text.decode("utf-8", "replace").encode()
    return text


def _refused(found: Matched) -> Iterator[pa.Array]:
    """Of each kind: which rows are to be read as events."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not found.rows:
        return
    # All at once, since the pattern is made anew for each array.
    may_hold_secret = pc.match_substring_regex(
        pa.concat_arrays([columns["message"] for _, columns in found.rows]), MAY_HOLD_SECRET
    )
    begin = 0
    for kind, columns in found.rows:
        is_refused = may_hold_secret.slice(begin, len(columns["message"]))
        begin += len(is_refused)
        if kind.kind == "app":
            others = [name for name in pc.unique(columns["proc"]).to_pylist() if not is_dyno(name)]
            is_refused = pc.or_(is_refused, pc.is_in(columns["proc"], pa.array(others, pa.string())))
        yield is_refused


def _apart(columns: dict[str, pa.Array], is_refused: pa.Array) -> tuple[list[int], dict[str, pa.Array]]:
    """The numbers of the refused rows, and the columns without them."""
    import pyarrow.compute as pc

    if not pc.any(is_refused).as_py():
        return [], columns
    is_kept = pc.invert(is_refused)
    numbers: list[int] = columns["arrival"].filter(is_refused).to_pylist()
    return numbers, {name: column.filter(is_kept) for name, column in columns.items()}


def _delivered(numbers: pa.Array, first: int, came: Delivery | pa.Table) -> dict[str, Any]:
    """How some lines came, as values of all of them or as columns."""
    import pyarrow.compute as pc

    if isinstance(came, Delivery):
        return came._asdict()
    own = came.take(pc.subtract(numbers, first))
    return {name: own[name] for name in own.column_names}


def _table(kind: Kind, told: dict[str, pa.Array], delivered: dict[str, Any]) -> Batch:
    """The rows of one kind. `delivered` are columns that the text does not tell."""
    import pyarrow as pa
    import pyarrow.compute as pc

    schema = events_schema()
    same = {**delivered, "source": kind.source, "kind": kind.kind, "proc": kind.kind}
    if kind.kind == "metrics":
        same["dyno_uuid_how"] = "line"
    names = told["dyno"].dictionary_encode()
    types = pa.array([process_type_of(name) for name in names.dictionary.to_pylist()], pa.string())
    priorities = told["priority"]
    priorities = pc.if_else(pc.less(priorities, _PRIORITIES), priorities, None)
    made = {
        **told,
        "facility": pc.divide(priorities, _SEVERITIES),
        "severity": pc.bit_wise_and(priorities, _SEVERITIES - 1),
        "ts": told["ts_us"],
        "process_type": types.take(names.indices),
        "in_columns": _in_columns(kind.kind, told),
    }

    def column(field: pa.Field) -> Any:
        value = made.get(field.name, same.get(field.name))
        if value is None:
            return pa.nulls(len(names), field.type)
        if isinstance(value, (pa.Array, pa.ChunkedArray)):
            return value.cast(field.type)
        return pa.repeat(pa.scalar(value, field.type), len(names))

    return pa.table([column(field) for field in schema], schema=schema)


def _in_columns(kind: str, told: dict[str, pa.Array]) -> pa.Array:
    """Whether the columns hold all that is counted of each line: of good requests, samples, plain lines of apps."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if kind == "app":
        return pc.invert(pc.match_substring_regex(told["message"], NOT_PLAIN))
    if kind == "metrics":
        return pa.repeat(True, len(told["message"]))
    tests = [
        pc.is_null(told["code"]),
        pc.is_valid(told["dyno"]),
        pc.greater_equal(told["status"], GOOD_STATUSES.start),
        pc.less(told["status"], GOOD_STATUSES.stop),
        pc.less(told["service_ms"], LONGEST_SERVICE * 1000),
    ]
    return reduce(pc.and_, tests)
