"""The figures of `logs --stats` as a table and as JSON."""

from __future__ import annotations

from typing import Any

from herodyno.logs.query.reading import Seen
from herodyno.logs.query.statistics import Statistics
from herodyno.render.text import Column, Span, Table


def stats_table(statistics: Statistics) -> Table:
    """A row for each group, the greatest first."""
    asked = statistics.question
    columns = [Column(heading=name, shrinks=True) for name in asked.by]
    columns += [Column(heading=figure.title, right=True) for figure in asked.figures]
    rows = [
        tuple(Span(cell) for cell in (*(value or "-" for value in key), *map(_number, numbers)))
        for key, numbers in statistics.rows()
    ]
    return Table(columns=tuple(columns), rows=tuple(rows))


def stats_document(statistics: Statistics, seen: Seen) -> dict[str, Any]:
    """`herodyno.log-stats/1`."""
    asked = statistics.question
    return {
        "schema": "herodyno.log-stats/1",
        "by": list(asked.by),
        "figures": [figure.title for figure in asked.figures],
        "rows": [{"group": list(key), "values": list(numbers)} for key, numbers in statistics.rows()],
        "lines": seen.lines,
    }


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.3g}" if abs(value) < 100 else f"{value:,.1f}"
