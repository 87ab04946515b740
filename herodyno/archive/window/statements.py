"""The statements of facts.sql by name, with their parts put in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from herodyno.archive.engines.engine import Engine
from herodyno.archive.parquet.tables import Batch

_HEAD = re.compile(r"^-- (part|name): (\w+)\n", re.MULTILINE)
_PART = re.compile(r"\{(\w+)\}")

Row: TypeAlias = tuple[Any, ...]


def rows_of(engine: Engine, name: str, values: Mapping[str, Any]) -> Iterator[Row]:
    """The answer to a statement, row by row. It may be of any size."""
    for batch in engine.batches(statement(name), **values):
        yield from rows_in(batch)


def rows_in(batch: Batch) -> Iterator[Row]:
    """The rows of some columns."""
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def statement(name: str) -> str:
    """A statement, with `$name` for its values."""
    return _statements()[name]


@cache
def _statements() -> dict[str, str]:
    text = Path(__file__).parents[1].joinpath("facts.sql").read_text(encoding="utf-8")
    _, *pieces = _HEAD.split(text)
    parts: dict[str, str] = {}
    found: dict[str, str] = {}
    for what, name, body in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        lines = [line for line in body.splitlines() if not line.startswith("--")]
        whole = _PART.sub(lambda part: parts[part[1]], "\n".join(lines).strip())
        (parts if what == "part" else found)[name] = whole
    return found
