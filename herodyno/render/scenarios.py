"""`sandbox scenarios`: what happens in each, as a table and as `herodyno.sandbox-scenarios/1`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from herodyno.render.text import Column, Field, Span, Table, table

FIELDS = (
    Field[tuple[str, str]](Column("SCENARIO"), lambda it: Span(it[0])),
    Field[tuple[str, str]](Column("WHAT HAPPENS", shrinks=True), lambda it: Span(it[1])),
)


def scenarios_table(summaries: Mapping[str, str]) -> Table:
    """One line per scenario; the mapping is from its name to what happens."""
    return table(FIELDS, summaries.items())


def scenarios_document(summaries: Mapping[str, str]) -> dict[str, Any]:
    """`herodyno.sandbox-scenarios/1`."""
    listed = [{"name": name, "summary": summary} for name, summary in summaries.items()]
    return {"schema": "herodyno.sandbox-scenarios/1", "scenarios": listed}
