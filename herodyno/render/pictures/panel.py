"""One small plot of several that share clock and scale: lines from 0, a limit, lanes of marks below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from herodyno.render.pictures.canvas import Canvas
from herodyno.render.pictures.signs import GLYPHS, Signs
from herodyno.render.pictures.time_cells import TimeCells
from herodyno.render.text import Line, Span


class Series(NamedTuple):
    """One line: its points (seconds since 1970, value) by time. Points farther apart than `gap` are not joined."""

    points: Sequence[tuple[float, float]]
    gap: float


class Lane(NamedTuple):
    """A row of marks below a plot: its name, and the spans of time that are marked."""

    name: str
    spans: Sequence[tuple[float, float]]


class Panel(NamedTuple):
    """`series` are those of one dyno name, one for each dyno id: a restart begins a new line. `limit` is a level."""

    series: Sequence[Series]
    limit: float | None = None
    lanes: Sequence[Lane] = ()


def glyph_of(number: int) -> str:
    """The letter of the line with that number, from 0."""
    return GLYPHS[number % len(GLYPHS)]


def panel_lines(
    panel: Panel, cells: TimeCells, *, top: float, rows: int, signs: Signs, label: Callable[[float], str], margin: int
) -> list[Line]:
    """The plot, `margin` columns for the values at its left, then one column for each cell.

    The scale goes from 0 to `top`. `label` writes a value of it. A lane without a mark is left out.
    """
    canvas = Canvas(cells.n, rows, signs)
    span = cells.end - cells.start
    for number, series in enumerate(panel.series):
        for part in _unbroken(series):
            points = [((at - cells.start) / span, value / top if top else 0.0) for at, value in part]
            canvas.polyline(points, glyph_of(number), is_named=part[-1] == series.points[-1])
    starts = [series.points[0][0] for series in panel.series[1:] if series.points]
    borders = [cells.place(at) for at in starts]
    at_limit = canvas.level(panel.limit / top) if panel.limit is not None and top and panel.limit <= top else None
    values = {rows - 1: 0.0, 0: top, **({at_limit: panel.limit} if at_limit is not None else {})}
    lines: list[Line] = []
    for row in range(rows):
        value = values.get(row)
        text = label(value) if value is not None else ""
        ground = signs.limit if row == at_limit else " "
        lines.append(
            (
                Span(text[: margin - 1].rjust(margin - 1) + " ", "quiet"),
                Span(canvas.row(row, ground=ground, borders=borders)),
            )
        )
    return lines + [_lane(lane, cells, margin) for lane in panel.lanes if lane.spans]


def _unbroken(series: Series) -> Iterable[list[tuple[float, float]]]:
    """The points in runs without a gap."""
    run = list(series.points[:1])
    for (before, _), point in pairwise(series.points):
        if point[0] - before > series.gap:
            yield run
            run = []
        run.append(point)
    if run:
        yield run


def _lane(lane: Lane, cells: TimeCells, margin: int) -> Line:
    marked = [" "] * cells.n
    for start, end in lane.spans:
        for place in range(max(0, cells.place(start)), min(cells.n, cells.place(end) + 1)):
            marked[place] = "!"
    return (Span(lane.name[: margin - 1].rjust(margin - 1) + " ", "quiet"), Span("".join(marked), "critical"))
