"""Parquet of log lines as lines: of Vector (`heroku_logs` into a Parquet sink), and of another archive.

Vector keeps the fields of the syslog head under its own names: `app_name` is "app" or "heroku", `proc_id` the process.
Source: Vector's documentation of the source `heroku_logs`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from herodyno.archive.engines.duckdb import engine
from herodyno.archive.history import line_of
from herodyno.archive.parquet.columns import require_known, schema_of
from herodyno.archive.rows import Delivery
from herodyno.errors import Refused
from herodyno.logs.events import LogLine

_OF_LINE = ("ts_us", "source", "proc", "kind", "message")
_OF_DELIVERY = ("app", "origin", "recv_us", "drain_token", "frame_id", "frame_seq")
_KNOWN = ("app_id", "facility", "severity", "release", "dyno_uuid", "dyno_uuid_how", "attrs")


class _Shape(NamedTuple):
    """The columns that a file needs, and the text that asks for those of a line and of its delivery."""

    columns: frozenset[str]
    text: str


_SHAPES = (
    _Shape(
        frozenset({*_OF_LINE, *_OF_DELIVERY, *_KNOWN, "arrival"}),
        f"SELECT {', '.join(_OF_LINE + _OF_DELIVERY + _KNOWN)} FROM events "  # noqa: S608
        "ORDER BY ts_us, arrival, file_row_number",
    ),
    _Shape(
        frozenset({"timestamp", "app_name", "proc_id", "message"}),
        "SELECT epoch_us(CAST(timestamp AS TIMESTAMPTZ)), app_name, proc_id, '', message FROM events "
        "WHERE timestamp IS NOT NULL AND app_name IS NOT NULL AND proc_id IS NOT NULL AND message IS NOT NULL "
        "ORDER BY file_row_number",
    ),
)


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet does."""
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def parquet_lines(path: Path) -> Iterator[tuple[LogLine, Delivery]]:
    """The lines of a file, and how each came; Vector's name no app.

    Raises Refused for columns that are neither Vector's nor an archive's, and for damage.
    """
    require_known([path], whole=False)
    with engine([path]) as found:
        columns = set(schema_of(path).names)
        shape = next((shape for shape in _SHAPES if shape.columns <= columns), None)
        if shape is None:
            wanted = " or ".join(", ".join(sorted(shape.columns)) for shape in reversed(_SHAPES))
            raise Refused(f"{path} is Parquet of other columns", next_step=f"herodyno reads: {wanted}")
        number = 0
        for batch in found.batches(shape.text):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                line, told = row[: len(_OF_LINE)], row[len(_OF_LINE) :]
                yield line_of(line, number), _delivery(told) if told else Delivery("")


def _delivery(told: tuple[Any, ...]) -> Delivery:
    """How a line came into the other archive. An id that follows from other lines is found again, from those here."""
    known = dict(zip(_KNOWN, told[len(_OF_DELIVERY) :], strict=True))
    if known["dyno_uuid_how"] != "otlp":
        known["dyno_uuid"] = known["dyno_uuid_how"] = None
    return Delivery(*told[: len(_OF_DELIVERY)])._replace(known=known)
