"""One metric of many dynos over time: a row of shades for each, the numbers beside it, the clock and events below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.report.row import IncarnationRow
from herodyno.diagnosis.report.series import Metric
from herodyno.dynos import short_id
from herodyno.render.clean import clean
from herodyno.render.diagnosis.metrics import TOLD
from herodyno.render.diagnosis.over_time import borders, columns, marks, values
from herodyno.render.paragraphs import folded
from herodyno.render.pictures.axis import event_lane, lane_legend, time_axis
from herodyno.render.pictures.rows import heat_strip
from herodyno.render.pictures.signs import Signs
from herodyno.render.pictures.time_cells import TimeCells
from herodyno.render.text import Line, Span, cut, line
from herodyno.units import clock as time_of_day
from herodyno.units import spoken_duration, zone_name

# Columns kept for the numbers, and the fewest and the most of a strip.
_NUMBERS, _FEWEST, _MOST = 36, 8, 120


def heat_lines(
    diagnosis: Diagnosis,
    shown: Sequence[Sequence[IncarnationRow]],
    metric: Metric,
    *,
    width: int,
    zone: tzinfo,
    signs: Signs,
) -> list[Line]:
    """The rows on one scale. A dyno id that followed another under its name stands below it."""
    clock = diagnosis.clock
    assert clock is not None
    names = {it.dyno: clean(it.dyno) for rows in shown for it in rows}
    margin = min(max(map(len, names.values())) + 2, max(0, width - _FEWEST))
    cells = columns(diagnosis, max(_FEWEST, min(_MOST, width - margin - _NUMBERS)))
    assert cells is not None
    drawn = [(it, values(it, metric, clock, cells)) for rows in shown for it in rows]
    top = max((value for _, row in drawn for value in row if value), default=0.0)
    lines = title_lines(diagnosis, metric, cells, zone, width)
    lines.append(line(cut(f"{signs.shades[-1]} is {TOLD[metric].label(top)}, {signs.zero} is 0", width), "quiet"))
    for it, row in drawn:
        strip = heat_strip(row, top=top, signs=signs, borders=borders(it, cells))
        numbers = f"  {clean(short_id(it.id)) if it.id else 'id unknown'}  {TOLD[metric].numbers(it)}"
        head = f"{cut(names[it.dyno], margin):<{margin}}"
        lines.append((Span(head, "heading"), Span(strip), Span(cut(numbers, max(0, width - margin - cells.n)))))
    return [*lines, *below_lines(diagnosis, cells, zone, margin=margin, width=width)]


def title_lines(diagnosis: Diagnosis, metric: Metric, wide: TimeCells, zone: tzinfo, width: int) -> list[Line]:
    """What is drawn, in which steps, from when to when."""
    app = f"{clean(diagnosis.app.name)}, " if diagnosis.app.name else ""
    ends = (datetime.fromtimestamp(at, UTC) for at in (wide.start, wide.end))
    first, last = (time_of_day(at, zone, today=diagnosis.generated_at) for at in ends)
    name = zone_name(diagnosis.generated_at, zone)
    text = f"{app}{TOLD[metric].title} by {spoken_duration(wide.seconds)}, {first} to {last} {name}"
    return [line(part, "heading") for part in folded(text, width, 0)]


def below_lines(diagnosis: Diagnosis, cells: TimeCells, zone: tzinfo, *, margin: int, width: int) -> list[Line]:
    """Times of day, events, and what their letters mean."""
    indent = " " * margin
    lines = [line(indent + time_axis(cells, zone), "quiet")]
    if (lane := event_lane(marks(diagnosis), cells)).strip():
        legend = cut(lane_legend(marks(diagnosis), cells), width - margin)
        lines += [line(indent + lane), line(indent + legend, "quiet")]
    return lines
