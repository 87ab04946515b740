"""A time becomes text in one module, and in JSON has one form: UTC, microseconds, Z."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from herodyno.cli.times import parse_time
from herodyno.heroku.api import wire
from herodyno.operations.journal import Journal, JournalEntry
from herodyno.operations.restart.roll import Item
from herodyno.operations.restart.roll_file import roll_from
from herodyno.units import json_time
from tests.cli.schemas import SCHEMAS
from tests.conftest import START

ROOT = Path(__file__).parent.parent / "herodyno"
# The sandbox shares no code with the client; a stamp of `unmatched` is compared with bytes of a log, never shown.
APART = ("sandbox/", "logs/scan/unmatched.py")
MODULES = [path for path in sorted(ROOT.rglob("*.py")) if not path.relative_to(ROOT).as_posix().startswith(APART)]


def written_times(tree: ast.Module) -> Iterator[int]:
    """The lines of a module that make a text of a time."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("isoformat", "strftime"):
            yield node.lineno
        if isinstance(node, ast.FormattedValue) and re.search(r"(?<!\d)%[a-zA-Z]", _spec(node)):
            yield node.lineno


def _spec(node: ast.FormattedValue) -> str:
    return ast.unparse(node.format_spec) if node.format_spec else ""


def test_only_units_makes_a_text_of_a_time() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in MODULES
        if path != ROOT / "units.py"
        for line in written_times(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_the_search_sees_each_way_to_write_a_time() -> None:
    for code in ("at.isoformat()", "at.strftime('%H')", "f'{at:%H:%M}'", "dumps(x, default=datetime.isoformat)"):
        assert list(written_times(ast.parse(code))), code


def times_of(schema: Any) -> Iterator[dict[str, Any]]:
    """The parts of a schema that say of a value that it is a time."""
    if isinstance(schema, dict):
        if schema.get("format") == "date-time":
            yield schema
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from times_of(part)


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.stem)
def test_every_time_in_a_schema_has_the_one_pattern(path: Path) -> None:
    for part in times_of(json.loads(path.read_text())):
        assert re.search(part["pattern"], json_time(START) or "")
        assert not re.search(part["pattern"], "2026-11-23T02:00:00Z")


# How earlier versions wrote a time into a bundle, the journal and the file of a rolling restart.
OLD_FORMS = ("2026-11-23T02:00:00Z", "2026-11-23T02:00:00+00:00", "2026-11-23T02:00:00.000000Z")


@pytest.mark.parametrize("written", OLD_FORMS)
def test_a_time_that_an_earlier_version_wrote_is_read_too(written: str, tmp_path: Path) -> None:
    assert wire.dynos_from([{"name": "web.1", "created_at": written}])[0].created_at == START
    assert parse_time(written, now=START, zone=UTC, flag="--since") == START
    journal = Journal(tmp_path)
    journal.intend(JournalEntry(key="k", at=START, app="example-app", verb="scale", call="PATCH /x"))
    journal.path.write_text(journal.path.read_text().replace(json_time(START) or "", written))
    assert [entry.at for entry in journal.entries()] == [START]
    item = Item(name="web.1", id="1", type="web", sent_at=written)  # type: ignore[arg-type] # as JSON has it
    roll = roll_from({"app": "a", "rules": {}, "items": [asdict(item)], "known_ids": [], "paused_until": written})
    assert (roll.paused_until, roll.items[0].sent_at) == (START, START)
