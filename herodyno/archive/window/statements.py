"""The statements of facts.sql by name, with their parts put in."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_HEAD = re.compile(r"^-- (part|name): (\w+)\n", re.MULTILINE)
_PART = re.compile(r"\{(\w+)\}")


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
