"""`config`: each setting and who says so, as a table and as `herodyno.config/1`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from herodyno.render.text import Column, Field, Span, Table, table


class Setting(NamedTuple):
    """One setting, its value as text, and who says so: a flag, a variable, the file, the default."""

    key: str
    value: str | tuple[str, ...]
    origin: str


FIELDS = (
    Field[Setting](Column("SETTING"), lambda it: Span(it.key)),
    Field[Setting](Column("VALUE"), lambda it: Span(_text(it.value) or "-")),
    Field[Setting](Column("FROM"), lambda it: Span(it.origin or "-")),
)


def config_table(settings: Sequence[Setting]) -> Table:
    """One line per setting."""
    return table(FIELDS, settings)


def config_document(settings: Sequence[Setting], *, file: str, file_exists: bool) -> dict[str, Any]:
    """`herodyno.config/1`."""
    return {
        "schema": "herodyno.config/1",
        "file": file,
        "file_exists": file_exists,
        "settings": [setting._asdict() for setting in settings],
    }


def _text(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ", ".join(value)
