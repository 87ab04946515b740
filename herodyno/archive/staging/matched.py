"""The commonest lines of a text as columns by kind: by the compiled part, or by `re` where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import compress, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from herodyno.archive.folder import US_PER_SECOND
from herodyno.logs.scan.common_lines import HUNDREDTHS, KINDS, MESSAGE_ROW, PRIORITY, STAMP, WHOLE, Kind
from herodyno.logs.scan.compiled.tables import Buffers, line_tables
from herodyno.logs.scan.rows import BLANK, row_numbers
from herodyno.units import USABLE_YEARS

if TYPE_CHECKING:
    import pyarrow as pa

_FIRST_US, _END_US = (
    round(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * US_PER_SECOND
    for year in (USABLE_YEARS.start, USABLE_YEARS.stop)
)
_OF_ROWS = ("ts_us", "arrival", "priority")


class Matched(NamedTuple):
    """The lines of a text, `lines` of them. `rows` are those that matched: columns of each kind by their names, with
    the time `ts_us`, the number `arrival` and the `priority`. `unmatched` are the numbers of the others, in order, each
    with the time of the row right before it, if one is. `last_us` is the time of the last line, if that is a row.
    """

    lines: int
    rows: list[tuple[Kind, dict[str, pa.Array]]]
    unmatched: list[tuple[int, int | None]]
    last_us: int | None


def by_compiled_part(text: bytes, first: int, row: bytes) -> Matched | None:
    """The lines of a text as the compiled part reads them. None where there is no such part, or where it fails."""
    tables = line_tables()
    if tables is None or tables.read(b"\n" + text, first, are_messages=row == MESSAGE_ROW) < 0:
        return None
    found = []
    for number, kind in enumerate(KINDS):
        columns = {name: _array(name, tables.buffers(number, name)) for name in (*_OF_ROWS, *kind.groups)}
        if len(columns["ts_us"]):
            found.append((kind, columns))
    *unmatched, (end, last_us) = zip(
        *(_array(name, tables.buffers(-1, name)).to_pylist() for name in ("arrival", "before_us")), strict=True
    )
    return Matched(end - first, found, unmatched, last_us)


def _array(name: str, buffers: Buffers) -> pa.Array:
    """The column of these buffers."""
    import pyarrow as pa

    valid, offsets, data = map(pa.py_buffer, buffers)
    type_ = _type(name)
    if type_ == pa.string():
        return pa.Array.from_buffers(type_, max(offsets.size // 4 - 1, 0), [valid, offsets, data])
    return pa.Array.from_buffers(type_, data.size // 8, [valid, data])


def by_re(text: bytes, first: int, row: bytes) -> Matched | None:
    """The lines of a text as `re` reads them. None where a time does not exist."""
    import pyarrow as pa

    pattern = re.compile(row)
    step = pattern.groups + 1
    flat: list[Any] = pattern.split(b"\n" + text)
    flat[-1] = flat[-1][:-1]
    rows = len(flat) // step
    times = _microseconds(flat[STAMP::step])
    if times is None:
        return None
    between = flat[::step]
    places = [
        at for at in compress(range(rows + 1), between) for line in between[at][1:].split(b"\n") if line.strip(BLANK)
    ]
    unmatched = [
        (first + at + before, times[at - 1].as_py() if at > done else None)
        for before, (done, at) in enumerate(pairwise([0, *places]))
    ]
    numbers = row_numbers(first, rows, places)

    def column(name: str, values: Iterable[Any]) -> pa.Array:
        if name == "client":
            values = (value and value.decode().partition(",")[0].strip() for value in values)
        if name != "message":
            values = (value or None for value in values)
        return pa.array(list(values), pa.string()).cast(_type(name))

    found = []
    for kind in KINDS:
        matches = flat[kind.group :: step]
        if own := list(compress(range(rows), matches)):
            columns = {name: column(name, compress(flat[group::step], matches)) for name, group in kind.groups.items()}
            columns["priority"] = column("priority", compress(flat[PRIORITY::step], matches))
            columns["ts_us"] = times.take(pa.array(own, pa.int64()))
            columns["arrival"] = pa.array([numbers[place] for place in own], pa.int64())
            found.append((kind, columns))
    is_row_last = rows > (places[-1] if places else 0)
    return Matched(rows + len(places), found, unmatched, times[-1].as_py() if is_row_last else None)


def _type(name: str) -> pa.DataType:
    import pyarrow as pa

    if name in WHOLE or name in (*_OF_ROWS, "before_us"):
        return pa.int64()
    return pa.float64() if name in HUNDREDTHS else pa.string()


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
