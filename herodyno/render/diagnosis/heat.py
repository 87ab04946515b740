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
from herodyno.render.diagnosis.over_time import COUNTS, borders, columns, marks, raw_values, values
from herodyno.render.paragraphs import folded
from herodyno.render.pictures.axis import event_lane, lane_legend, time_axis
from herodyno.render.pictures.rows import heat_strip
from herodyno.render.pictures.signs import Signs
from herodyno.render.pictures.time_cells import TimeCells
from herodyno.render.text import Line, Span, cut, line
from herodyno.units import clocks, count, spoken_duration, zone_name

# Columns kept for the numbers, and the fewest and the most of a strip.
_NUMBERS, _FEWEST, _MOST = 36, 8, 120
# More dyno ids than that, as of a week, share the row of their name.
_MOST_ROWS = 40
_NUMBERS_OF_NAME = 20


def heat_lines(
    diagnosis: Diagnosis,
    shown: Sequence[Sequence[IncarnationRow]],
    metric: Metric,
    *,
    width: int,
    zone: tzinfo,
    signs: Signs,
) -> list[Line]:
    """The rows on one scale. A dyno id that followed another under its name stands below it.

    Of very many dyno ids, those of a name share its row, each behind a border.
    """
    clock = diagnosis.clock
    assert clock is not None
    names = {it.dyno: clean(it.dyno) for rows in shown for it in rows}
    margin = min(max(map(len, names.values())) + 2, max(0, width - _FEWEST))
    by_name = sum(map(len, shown)) > max(_MOST_ROWS, len(shown))
    cells = columns(diagnosis, max(_FEWEST, min(_MOST, width - margin - (_NUMBERS_OF_NAME if by_name else _NUMBERS))))
    assert cells is not None
    groups = shown if by_name else [[it] for rows in shown for it in rows]
    drawn = [(rows, _joined([values(it, metric, clock, cells) for it in rows], metric)) for rows in groups]
    top = max((value for _, row in drawn for value in row if value), default=0.0)
    lines = title_lines(diagnosis, metric, cells, zone, width)
    new = f", {signs.border} is a new dyno" if by_name else ""
    lines.append(line(cut(f"{signs.shades[-1]} is {TOLD[metric].label(top)}, {signs.zero} is 0{new}", width), "quiet"))
    for rows, row in drawn:
        began = {cells.place(it.start.timestamp()) for it in rows[1:] if it.start}
        if metric not in COUNTS:  # the levels beside a border are seen, the one below it is that of a fresh dyno
            row = [0.0 if place in began else value for place, value in enumerate(row)]
        strip = heat_strip(row, top=top, signs=signs, borders=began if by_name else borders(rows[0], cells))
        numbers = _numbers_of(rows, metric) if by_name else _numbers_of_one(rows[0], metric)
        head = f"{cut(names[rows[0].dyno], margin):<{margin}}"
        lines.append((Span(head, "heading"), Span(strip), Span(cut(numbers, max(0, width - margin - cells.n)))))
    return [*lines, *below_lines(diagnosis, cells, zone, margin=margin, width=width)]


def _joined(rows: Sequence[list[float | None]], metric: Metric) -> list[float | None]:
    """The values of dynos that had one name one after the other: counts add up, of levels the highest stays."""
    join = sum if metric in COUNTS else max
    known = [[value for value in column if value is not None] for column in zip(*rows, strict=True)]
    return [float(join(column)) if column else None for column in known]


def _numbers_of_one(it: IncarnationRow, metric: Metric) -> str:
    return f"  {clean(short_id(it.id)) if it.id else 'id unknown'}  {TOLD[metric].numbers(it)}"


def _numbers_of(rows: Sequence[IncarnationRow], metric: Metric) -> str:
    """How many dynos had the name, and their count in all or the highest level of any."""
    found = [value for it in rows for value in raw_values(it, metric) if value is not None]
    much = f"{sum(found):,.0f} in all" if metric in COUNTS else f"{TOLD[metric].label(max(found))} at most"
    return f"  {count(len(rows), 'dyno')}, {much}"


def title_lines(diagnosis: Diagnosis, metric: Metric, wide: TimeCells, zone: tzinfo, width: int) -> list[Line]:
    """What is drawn, in which steps, from when to when."""
    app = f"{clean(diagnosis.app.name)}, " if diagnosis.app.name else ""
    begin, end = (datetime.fromtimestamp(at, UTC) for at in (wide.start, wide.end))
    first, last = clocks(begin, end, zone, today=diagnosis.generated_at)
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
