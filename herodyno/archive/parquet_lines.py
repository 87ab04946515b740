"""Parquet of log lines as lines: of Vector (`heroku_logs` into a Parquet sink), and of another archive.

Vector keeps the fields of the syslog head under its own names: `app_name` is "app" or "heroku", `proc_id` the process.
Source: Vector's documentation of the source `heroku_logs`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from herodyno.archive.engines.duckdb import engine
from herodyno.archive.history import line_of
from herodyno.archive.parquet import schema_of
from herodyno.errors import Refused
from herodyno.logs.events import LogLine


class _Shape(NamedTuple):
    """The columns that a file needs, and the text that asks for (time in µs, source, proc, kind, message, app)."""

    columns: frozenset[str]
    text: str


_SHAPES = (
    _Shape(
        frozenset({"ts_us", "app", "source", "proc", "kind", "message", "arrival"}),
        "SELECT ts_us, source, proc, kind, message, app FROM events ORDER BY ts_us, arrival, file_row_number",
    ),
    _Shape(
        frozenset({"timestamp", "app_name", "proc_id", "message"}),
        "SELECT epoch_us(CAST(timestamp AS TIMESTAMPTZ)), app_name, proc_id, '', message, '' FROM events "
        "WHERE timestamp IS NOT NULL AND app_name IS NOT NULL AND proc_id IS NOT NULL AND message IS NOT NULL "
        "ORDER BY file_row_number",
    ),
)


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet does."""
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def parquet_lines(path: Path) -> Iterator[LogLine]:
    """The lines of a file. Raises Refused for columns that are neither Vector's nor an archive's, and for damage."""
    with engine([path]) as found:
        columns = set(schema_of(path).names)
        shape = next((shape for shape in _SHAPES if shape.columns <= columns), None)
        if shape is None:
            wanted = " or ".join(", ".join(sorted(shape.columns)) for shape in reversed(_SHAPES))
            raise Refused(f"{path} is Parquet of other columns", next_step=f"herodyno reads: {wanted}")
        number = 0
        for batch in found.batches(shape.text):
            for *row, app in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield line_of(tuple(row), number)._replace(app=app)
