"""Rows as tables of pyarrow, which its first function loads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from herodyno.archive.parquet.columns import events_schema
from herodyno.archive.rows import Row

if TYPE_CHECKING:
    import pyarrow as pa

# Some rows, column by column.
Batch: TypeAlias = "pa.RecordBatch | pa.Table"


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
