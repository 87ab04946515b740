"""`logs --stats`: groups of lines and their figures, as a table and as `herodyno.log-stats/1`."""

from __future__ import annotations

from typing import Any

from herodyno.logs.query.reading import LogSummary
from herodyno.logs.query.statistics import Statistics
from herodyno.render.text import Column, Span, Table


def stats_table(statistics: Statistics) -> Table:
    """The groups as rows, the greatest first."""
    asked = statistics.query
    columns = [Column(name, shrinks=True) for name in asked.by]
    columns += [Column(figure.title, right=True) for figure in asked.figures]
    rows = [
        tuple(Span(cell) for cell in (*(value or "-" for value in key), *map(_number, numbers)))
        for key, numbers in statistics.rows()
    ]
    return Table(columns=tuple(columns), rows=tuple(rows))


def stats_document(statistics: Statistics, seen: LogSummary) -> dict[str, Any]:
    """`herodyno.log-stats/1`."""
    asked = statistics.query
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
