"""One metric of each dyno over time: small plots on one scale and one clock, the numbers beside, events below."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.report.row import IncarnationRow
from herodyno.diagnosis.report.series import Clock, Metric
from herodyno.dynos import short_id
from herodyno.heroku_facts import LONGEST_SAMPLE_GAP_SECONDS
from herodyno.render.clean import clean
from herodyno.render.diagnosis.heat import below_lines, heat_lines, title_lines
from herodyno.render.diagnosis.metrics import TOLD, Told
from herodyno.render.diagnosis.over_time import cell_values, columns, values
from herodyno.render.diagnosis.report import mark_of
from herodyno.render.paragraphs import folded
from herodyno.render.pictures.panel import Lane, Panel, Series, glyph_of, panel_lines
from herodyno.render.pictures.signs import Signs
from herodyno.render.pictures.time_cells import TimeCells
from herodyno.render.text import Line, Span, cut, line
from herodyno.units import count, zone_of

WIDEST, NARROWEST = 300, 20
# Columns left of a plot, for the values of its scale: "129,024".
MARGIN = 8
# More dynos than that are rows of shades.
MOST_PLOTS = 8
# Lines of a plot without its heading, in a pipe and as the height of a terminal allows.
_USUAL, _LOWEST, _HIGHEST = 4, 2, 12
# What stands around the plots: title, axis, events, their legend, errors of no dyno, verdict, prompt.
_AROUND = 7
# Levels farther apart are not joined: three samples may be lost, and more are a gap.
_LONGEST_GAP = 4.0 * LONGEST_SAMPLE_GAP_SECONDS


def plot_lines(
    diagnosis: Diagnosis, metric: Metric, *, width: int, height: int | None, utc: bool, signs: Signs
) -> list[Line]:
    """A plot for each dyno name, worst first, then the axis and what happened; of many dynos, a row of shades each.

    `height` None: no terminal limits it.
    """
    zone = zone_of(diagnosis.generated_at, utc=utc)
    width = max(NARROWEST, min(width, WIDEST))
    shown = _by_name(diagnosis, metric)
    clock, wide = diagnosis.clock, columns(diagnosis, width - MARGIN)
    if clock is None or wide is None or not shown:
        return [*_unmeasured(diagnosis, metric, width), _verdict(diagnosis, width)]
    if len(shown) > MOST_PLOTS:
        drawn = heat_lines(diagnosis, shown, metric, width=width, zone=zone, signs=signs)
        return [*drawn, *_no_dyno(diagnosis, metric), _verdict(diagnosis, width)]
    panels = [_panel(rows, metric, clock, wide) for rows in shown]
    top = max(panel.limit or 0.0 for panel in panels)
    top = max(top, *(value for panel in panels for series in panel.series for _, value in series.points))
    beside = sum(len(rows) for rows in shown) + sum(1 for panel in panels for lane in panel.lanes if lane.spans)
    rows_each = _USUAL if height is None else (height - _AROUND - beside) // len(shown)
    rows_each = max(_LOWEST, min(_HIGHEST, rows_each))
    cells = wide.stretched(width - MARGIN)
    lines = title_lines(diagnosis, metric, wide, zone, width)
    for rows, panel in zip(shown, panels, strict=True):
        lines += _headings(rows, TOLD[metric], width)
        label = TOLD[metric].label
        lines += panel_lines(panel, cells, top=top, rows=rows_each, signs=signs, label=label, margin=MARGIN)
    lines += below_lines(diagnosis, cells, zone, margin=MARGIN, width=width)
    return [*lines, *_no_dyno(diagnosis, metric), _verdict(diagnosis, width)]


def _by_name(diagnosis: Diagnosis, metric: Metric) -> list[list[IncarnationRow]]:
    """The incarnations of which something was measured, by name, each name's in order of time."""
    clock = diagnosis.clock
    names: dict[str, list[IncarnationRow]] = {}
    for it in diagnosis.incarnations:
        if clock and any(value is not None for _, value in cell_values(it, metric, clock)):
            names.setdefault(it.dyno, []).append(it)
    return [sorted(rows, key=lambda it: it.series.first) for rows in names.values()]


def _panel(rows: Sequence[IncarnationRow], metric: Metric, clock: Clock, wide: TimeCells) -> Panel:
    series = [Series(_points(it, metric, clock, wide), max(_LONGEST_GAP, 1.5 * wide.seconds)) for it in rows]
    if metric not in ("memory", "swap"):
        return Panel(series)
    begin, seconds = clock.start.timestamp(), clock.seconds
    r14 = [(begin + cell * seconds, begin + (cell + 0.999) * seconds) for it in rows for cell in it.series.r14]
    r15 = [(it.end.timestamp(), it.end.timestamp()) for it in rows if it.memory.r15 and it.end]
    limit = rows[-1].memory.quota_mb if metric == "memory" else None
    return Panel(series, limit, (Lane("R14", r14), Lane("R15", r15)))


def _points(it: IncarnationRow, metric: Metric, clock: Clock, wide: TimeCells) -> list[tuple[float, float]]:
    """The value of each cell, at the middle of the cell."""
    own = enumerate(values(it, metric, clock, wide))
    return [(wide.start + (place + 0.5) * wide.seconds, value) for place, value in own if value is not None]


def _headings(rows: Sequence[IncarnationRow], told: Told, width: int) -> list[Line]:
    """The dyno's name, then the letter, the id and the numbers of each of its lines."""
    lines: list[Line] = []
    for number, it in enumerate(rows):
        name = clean(it.dyno)
        head = " " * len(name) if number else name
        dyno_id = short_id(it.id) if it.id else "id unknown"
        rest = cut(f"  {glyph_of(number)} {clean(dyno_id)}  {told.numbers(it)}", max(0, width - len(head)))
        lines.append((Span(head, "heading"), Span(rest)))
    return lines


def _no_dyno(diagnosis: Diagnosis, metric: Metric) -> list[Line]:
    errors = diagnosis.unattributed.errors
    told = count(errors, "error names none", "errors name none")
    return [line(f"(no dyno)  {told}")] if metric == "errors" and errors else []


def _unmeasured(diagnosis: Diagnosis, metric: Metric, width: int) -> list[Line]:
    """That there is nothing to draw, and what the report says of what is missing."""
    told = f"no {TOLD[metric].title} in this log"
    return [line(part) for text in (told, *diagnosis.coverage.notes) for part in folded(text, width, 0)]


def _verdict(diagnosis: Diagnosis, width: int) -> Line:
    sign, role = mark_of(diagnosis.verdict)
    return line(cut(f"{sign:<3}{clean(diagnosis.verdict.summary)}", width), role)
