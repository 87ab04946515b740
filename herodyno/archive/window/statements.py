"""The statements of facts.sql by name, with their parts and values put in."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

_HEAD = re.compile(r"^-- (part|name): (\w+)\n", re.MULTILINE)
_PART = re.compile(r"\{(\w+)\}")
_VALUE = re.compile(r"\$([a-z_]+)")


def statement(name: str, **values: Any) -> str:
    """A statement. Values are numbers, texts, tuples of these, or Rows."""
    return _VALUE.sub(lambda found: _literal(values[found[1]]), _statements()[name])


class Rows(tuple[tuple[Any, ...], ...]):
    """Rows of a relation that stands in a statement."""


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


def _literal(value: Any) -> str:
    if isinstance(value, Rows):
        return ", ".join(map(_literal, value))
    if isinstance(value, tuple):
        return f"({', '.join(map(_literal, value))})"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)
