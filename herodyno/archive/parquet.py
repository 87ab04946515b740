"""The one writer of Parquet, so that each file has the same columns and types: the only door to pyarrow.

pyarrow is loaded by the first function that needs it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, get_type_hints

from herodyno.archive.durable import sync_folder
from herodyno.archive.rows import SCHEMA_VERSION, Row
from herodyno.errors import ExtraMissing, Refused
from herodyno.operations.state_files import open_file

if TYPE_CHECKING:
    import pyarrow as pa

# Some rows, column by column.
Batch: TypeAlias = "pa.RecordBatch | pa.Table"

# Ours, measured: 10,240 rows a group are read half as fast and take a tenth more. 122,880 are read no faster and take
# 3 % less, and a writer holds twice as many.
GROUP_ROWS = 61_440
# Ours, measured: of each staged file that is open, memory holds a page of each column, and what its end says of groups.
STAGED_GROUP_ROWS = 16_384
_STAGED_PAGE_BYTES = 1 << 17

_NARROW = {"facility": "int8", "severity": "int8", "status": "int16", "exit_status": "int16", "frame_seq": "int32",
           "connect_ms": "int32", "service_ms": "int32"}  # fmt: skip
_ALLOCATOR = "ARROW_DEFAULT_MEMORY_POOL"
VERSION_KEY = "herodyno.schema"
_VERSION_KEY = VERSION_KEY.encode()
_HELD_KEY = b"herodyno.held"
_LISTED_KEY = b"herodyno.listed"
# Of `incarnations`, until the API's lists were kept.
_COLUMNS_BEFORE_LISTS = 10
UPDATE = "update: pip install -U 'herodyno[archive]'"
KNOWN_VERSIONS = frozenset(str(version) for version in range(1, SCHEMA_VERSION + 1))


def require() -> None:
    """Raise ExtraMissing when a package of the archive is not installed."""
    missing = [name for name in ("duckdb", "pyarrow") if find_spec(name) is None]
    if missing:
        raise ExtraMissing(f"an archive needs {' and '.join(missing)}", next_step="pip install 'herodyno[archive]'")


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


def held_in(path: Path) -> int:
    """The number up to which a day's file holds the segments. 0 for a file that cannot be read: its reader says so."""
    return _number_in(path, _HELD_KEY)


def listed_in(path: Path) -> int:
    """How many bytes the API's lists of a day had when its file was written."""
    return _number_in(path, _LISTED_KEY)


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


def table_of(rows: Sequence[Row]) -> pa.Table:
    """The rows as a table of `events`."""
    try:
        return _table(rows)
    except UnicodeEncodeError:  # JSON may hold half a character
        return _table([Row(*(_whole(value) for value in row)) for row in rows])


def joined(tables: Sequence[pa.Table]) -> pa.Table:
    """The rows of some tables of the same columns."""
    import pyarrow as pa

    return pa.concat_tables(tables)


def _whole(value: Any) -> Any:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _table(rows: Sequence[Row]) -> pa.Table:
    import pyarrow as pa

    schema = events_schema()
    columns: dict[str, Any] = dict(zip(Row._fields, zip(*rows, strict=True), strict=True))
    columns["ts"] = columns["ts_us"]
    return pa.table(
        [pa.array(columns[field.name], type=field.type) for field in schema],
        schema=schema,
    )


def write(path: Path, schema: pa.Schema, batches: Iterable[Batch], *, is_staged: bool = False) -> int:
    """Write a file that only its owner reads, whole or not at all, over an older one. Returns the number of rows.

    A staged file is read once, soon, and need not be on the disk.

    A killed writer leaves `NAME.tmp`, which no reader takes and the next writer replaces.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    beside = path.with_name(f"{path.name}.tmp")
    beside.unlink(missing_ok=True)
    rows = 0
    try:
        with os.fdopen(open_file(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
            compression = "lz4" if is_staged else "zstd"
            rows_of_group = STAGED_GROUP_ROWS if is_staged else GROUP_ROWS
            told = {"write_page_checksum": not is_staged, "write_statistics": not is_staged}
            pages = _STAGED_PAGE_BYTES if is_staged else None
            with pq.ParquetWriter(file, schema, compression=compression, data_page_size=pages, **told) as writer:
                for table in _groups(schema, batches, rows_of_group):
                    writer.write_table(table, row_group_size=rows_of_group)
                    pa.default_memory_pool().release_unused()
                    rows += table.num_rows
            file.flush()
            if not is_staged:
                os.fsync(file.fileno())
    except BaseException as error:
        beside.unlink(missing_ok=True)  # a full disk needs the room
        if isinstance(error, OSError):
            error.filename = error.filename or str(path)
        raise
    beside.replace(path)
    if not is_staged:
        sync_folder(path.parent)
    return rows


def keep_little_memory() -> None:
    """Let pyarrow take memory from the system, which is given back: its own allocator keeps twice of what it uses.

    This is for before pyarrow is loaded: it asks once, in the environment.
    """
    if _ALLOCATOR not in os.environ:
        os.environ[_ALLOCATOR] = "system"
        import pyarrow as pa

        pa.default_memory_pool()
        del os.environ[_ALLOCATOR]


def _groups(schema: pa.Schema, batches: Iterable[Batch], rows: int) -> Iterator[pa.Table]:
    """The rows in tables of whole groups of so many rows, the last of fewer."""
    import pyarrow as pa

    held: list[pa.Table] = []
    for batch in batches:
        table = batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch])
        held.append(table.select(schema.names).cast(schema))
        if sum(table.num_rows for table in held) >= rows:
            whole = pa.concat_tables(held)
            whole_groups = whole.num_rows // rows * rows
            yield whole.slice(0, whole_groups)
            held = [whole.slice(whole_groups)]
    if held:
        yield pa.concat_tables(held)


def table_of_records(records: Sequence[Mapping[str, Any]], schema: pa.Schema) -> Batch:
    """Records as a table of these columns."""
    import pyarrow as pa

    return pa.Table.from_pylist(records, schema=schema)


def table_of_columns(names: Sequence[str], columns: Sequence[Sequence[Any]]) -> Batch:
    """Columns of values as a table."""
    import pyarrow as pa

    return pa.table(dict(zip(names, map(pa.array, columns), strict=True)))


def with_texts(batch: Batch, columns: Mapping[str, Sequence[str | None]]) -> Batch:
    """The rows with other values in some columns of text."""
    import pyarrow as pa

    for name, values in columns.items():
        batch = batch.set_column(batch.schema.get_field_index(name), name, pa.array(values, pa.string()))
    return batch


def schema_of(path: Path) -> pa.Schema:
    """The columns of a file, with the version that it was written with."""
    import pyarrow.parquet as pq

    return pq.read_schema(path)


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


def require_undamaged(path: Path) -> None:
    """Read all of a file, each page with its checksum. Raises Refused, PermissionError where this user may not read."""
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            for _ in file.iter_batches():
                pass
    except PermissionError:
        raise
    except (OSError, ValueError) as error:
        raise Refused(f"it cannot be read: {str(error).partition(chr(10))[0]}") from None


def unreadable(error: Exception) -> Refused:
    """What is told of a file that cannot be read."""
    return Refused(
        f"the archive cannot be read: {str(error).partition(chr(10))[0]}",
        next_step="which file it is: herodyno archive verify --archive DIR",
    )


def rows_in(path: Path) -> int:
    """How many rows a file has, by its end."""
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def _type(name: str, hint: Any) -> pa.DataType:
    import pyarrow as pa

    if name in _NARROW:
        return getattr(pa, _NARROW[name])()
    if hint is bool:
        return pa.bool_()
    if hint in (int, int | None):
        return pa.int64()
    return pa.float64() if hint == float | None else pa.string()
