"""The JSON schemas that are shipped, by the command that prints such documents."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[2] / "render" / "schemas"
EVERY = "every command that fails"


def schemas() -> dict[str, dict[str, Any]]:
    """Each schema by the name that its documents have ("herodyno.ps/1")."""
    found = {}
    for path in sorted(_FOLDER.glob("*.json")):
        name, _, version = path.stem.rpartition("-")
        found[f"herodyno.{name}/{version}"] = json.loads(path.read_text(encoding="utf-8"))
    return found


def printed_by(schema: dict[str, Any]) -> tuple[str, ...]:
    """The commands whose documents the schema describes ("ps"). Its description names them and their flag."""
    said = re.sub(r"`help ", "`herodyno help ", schema["description"])
    return tuple(re.findall(r"`herodyno ([a-z][a-z -]*?) (?:--|-o)[^`]*`", said)) or (EVERY,)


def schemas_of(word: str) -> dict[str, dict[str, Any]]:
    """The schemas of a command ("ps") or of a name ("herodyno.ps/1"), by name; none for another word."""
    return {name: each for name, each in schemas().items() if word == name or word in printed_by(each)}


def schema_rows() -> list[tuple[str, str]]:
    """The name of each schema, and who prints such documents."""
    return [(name, ", ".join(printed_by(each))) for name, each in schemas().items()]
