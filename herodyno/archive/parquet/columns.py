"""The columns of each kind of file, the version they were written in, and what a file's end tells of it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from herodyno.archive.rows import SCHEMA_VERSION, Row
from herodyno.errors import Refused

if TYPE_CHECKING:
    import pyarrow as pa

_NARROW = {"facility": "int8", "severity": "int8", "status": "int16", "exit_status": "int16", "frame_seq": "int32",
           "connect_ms": "int32", "service_ms": "int32"}  # fmt: skip
VERSION_KEY = "herodyno.schema"
_VERSION_KEY = VERSION_KEY.encode()
_HELD_KEY = b"herodyno.held"
_LISTED_KEY = b"herodyno.listed"
# Of `incarnations`, until the API's lists were kept.
_COLUMNS_BEFORE_LISTS = 10
UPDATE = "update: pip install -U 'herodyno[archive]'"
KNOWN_VERSIONS = frozenset(str(version) for version in range(1, SCHEMA_VERSION + 1))


@cache
def events_schema() -> pa.Schema:
    """The columns of `events`. `ts` is `ts_us` again, for people and for tools that draw."""
    import pyarrow as pa

    hints = get_type_hints(Row)
    fields = [pa.field(name, _type(name, hint), nullable=hint not in (int, str, bool)) for name, hint in hints.items()]
    ts = pa.field("ts", pa.timestamp("us", tz="UTC"), nullable=False)
    return pa.schema([fields[0], ts, *fields[1:]], metadata={_VERSION_KEY: str(SCHEMA_VERSION).encode()})


def whole_day_schema(held: int, listed: int = 0) -> pa.Schema:
    """`events_schema` of a file that holds all segments up to a number, written when the API's lists of its day had so
    many bytes."""
    schema = events_schema()
    told = {_HELD_KEY: held, _LISTED_KEY: listed}
    return schema.with_metadata(schema.metadata | {key: str(n).encode() for key, n in told.items() if n})


@cache
def incarnations_schema() -> pa.Schema:
    """The columns of `incarnations`: one dyno each, from `start_us` to before `end_us`."""
    import pyarrow as pa

    texts = ("app", "dyno", "process_type", "dyno_uuid", "dyno_uuid_how", "release")
    fields = [pa.field(name, pa.string()) for name in texts]
    fields += [pa.field("start_us", pa.int64()), pa.field("end_us", pa.int64())]
    fields += [pa.field("exit_reason", pa.string()), pa.field("exit_status", pa.int64())]
    # Since the API's lists are kept. Days written before lack these.
    fields += [pa.field(name, pa.string()) for name in ("size", "state", "start_how", "end_how")]
    fields += [pa.field("first_seen_us", pa.int64()), pa.field("last_seen_us", pa.int64())]
    return pa.schema(fields, metadata={_VERSION_KEY: str(SCHEMA_VERSION).encode()})


def held_in(path: Path) -> int:
    """The number up to which a day's file holds the segments. 0 for a file that cannot be read: its reader says so."""
    return _number_in(path, _HELD_KEY)


def listed_in(path: Path) -> int:
    """How many bytes the API's lists of a day had when its file was written."""
    return _number_in(path, _LISTED_KEY)


def rows_in(path: Path) -> int:
    """How many rows a file has, by its end."""
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def _number_in(path: Path, key: bytes) -> int:
    try:
        return int((schema_of(path).metadata or {}).get(key, 0))
    except (OSError, ValueError):
        return 0


def is_ours(path: Path) -> bool:
    """Whether a file has the columns of `events`, as this herodyno writes them."""
    schema, ours = schema_of(path), events_schema()
    told = (schema.metadata or {}).get(_VERSION_KEY)
    return bool(schema.equals(ours)) and told == ours.metadata[_VERSION_KEY]


def has_incarnations(path: Path) -> bool:
    """Whether a file has the columns of `incarnations`, as this or an older herodyno writes them."""
    schema, ours = schema_of(path), incarnations_schema()
    olds = [ours.names[:_COLUMNS_BEFORE_LISTS], ours.names]
    is_known = schema.names in olds and all(schema.field(name).equals(ours.field(name)) for name in schema.names)
    return bool(is_known and schema.metadata == ours.metadata)


def require_known(paths: Iterable[Path], *, whole: bool) -> None:
    """Raise Refused for a file of a newer herodyno and, with `whole`, for one that lacks a column of `events`.

    A file that cannot be read passes: its reader says so.
    """
    for path in paths:
        with suppress(OSError, ValueError):
            schema = schema_of(path)
            version = (schema.metadata or {}).get(_VERSION_KEY, b"1").decode("ascii", "replace")
            if version not in KNOWN_VERSIONS:
                raise Refused(
                    f"{path} was written by a newer herodyno (schema {version}); nothing was read or written",
                    next_step=UPDATE,
                )
            if whole and (missing := [name for name in events_schema().names if name not in schema.names]):
                raise Refused(
                    f"{path} has no {', '.join(missing)}: another tool wrote it; nothing was read or written",
                    next_step="move it out of the archive, then import its day again",
                )


def schema_of(path: Path) -> pa.Schema:
    """The columns of a file, with the version that it was written with."""
    import pyarrow.parquet as pq

    return pq.read_schema(path)


def _type(name: str, hint: Any) -> pa.DataType:
    import pyarrow as pa

    if name in _NARROW:
        return getattr(pa, _NARROW[name])()
    if hint is bool:
        return pa.bool_()
    if hint in (int, int | None):
        return pa.int64()
    return pa.float64() if hint == float | None else pa.string()
