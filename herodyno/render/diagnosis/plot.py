"""One metric of each dyno over time: small plots on one scale and one clock, the numbers beside, events below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.report.row import IncarnationRow
from herodyno.diagnosis.report.series import Clock, Metric
from herodyno.dynos import short_id
from herodyno.render.clean import clean
from herodyno.render.diagnosis.blame import rate_cell
from herodyno.render.diagnosis.over_time import cell_values, columns, marks, values
from herodyno.render.diagnosis.report import mark_of
from herodyno.render.paragraphs import folded
from herodyno.render.pictures.axis import event_lane, lane_legend, time_axis
from herodyno.render.pictures.panel import Lane, Panel, Series, glyph_of, panel_lines
from herodyno.render.pictures.signs import Signs
from herodyno.render.pictures.time_cells import TimeCells
from herodyno.render.text import Line, Span, cut, line
from herodyno.units import clock as time_of_day
from herodyno.units import count, megabytes, milliseconds, share, spoken_duration, zone_name, zone_of

WIDEST, NARROWEST = 300, 20
# Columns left of a plot, for the values of its scale: "129,024".
MARGIN = 8
# Lines of a plot without its heading, in a pipe and as the height of a terminal allows.
_USUAL, _LOWEST, _HIGHEST = 4, 2, 12
# What stands around the plots: title, axis, events, their legend, errors of no dyno, verdict, prompt.
_AROUND = 7
# Levels farther apart are not joined: runtime metrics come every 20 seconds or so, and a line may be lost.
_LONGEST_GAP = 150.0


class _Told(NamedTuple):
    """How a metric is told: its name, a value of its scale, the numbers of a dyno."""

    title: str
    label: Callable[[float], str]
    numbers: Callable[[IncarnationRow], str]


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _load(value: float) -> str:
    return f"{value:.2f}"


def _memory(it: IncarnationRow) -> str:
    memory = it.memory
    of_quota = f" ({share(memory.max_pct, 100)} of {megabytes(memory.quota_mb)})" if memory.quota_mb else ""
    codes = "".join(f", {code} x{n}" for code, n in (("R14", memory.r14), ("R15", memory.r15)) if n)
    return f"{megabytes(memory.last_mb)} at last, {megabytes(memory.max_mb)} at most{of_quota}{codes}"


def _swap(it: IncarnationRow) -> str:
    return _last_and_most(it.series.swap_mb, megabytes)


def _last_and_most(levels: Iterable[float | None], label: Callable[[float], str]) -> str:
    known = [value for value in levels if value is not None]
    return f"{label(known[-1])} at last, {label(max(known))} at most"


def _requests(it: IncarnationRow) -> str:
    return f"{count(it.requests.n, 'request')}, {share(it.requests.share)} of its type"


def _errors(it: IncarnationRow) -> str:
    rate = rate_cell(it.errors.rate, it.errors.rate_ci95)
    return f"{count(it.errors.n)} of {count(it.requests.n, 'request')}, {rate}"


def _latency(it: IncarnationRow) -> str:
    return f"all requests: median {milliseconds(it.requests.p50_ms)}, p95 {milliseconds(it.requests.p95_ms)}"


TOLD: dict[Metric, _Told] = {
    "memory": _Told("memory in MB", _whole, _memory),
    "swap": _Told("swap in MB", _whole, _swap),
    "load": _Told("load average of 1 minute", _load, lambda it: _last_and_most(it.series.load, _load)),
    "requests": _Told("requests", _whole, _requests),
    "errors": _Told("server errors", _whole, _errors),
    "latency": _Told("median ms of requests without error (within 5 %)", _whole, _latency),
}


def plot_lines(
    diagnosis: Diagnosis, metric: Metric, *, width: int, height: int | None, utc: bool, signs: Signs
) -> list[Line]:
    """A plot for each dyno name, worst first, then the axis and what happened. `height` None: no terminal limits it."""
    zone = zone_of(diagnosis.generated_at, utc=utc)
    width = max(NARROWEST, min(width, WIDEST))
    shown = _by_name(diagnosis, metric)
    clock, wide = diagnosis.clock, columns(diagnosis, width - MARGIN)
    if clock is None or wide is None or not shown:
        return [*_unmeasured(diagnosis, metric, width), _verdict(diagnosis, width)]
    panels = [_panel(rows, metric, clock, wide) for rows in shown]
    top = max(panel.limit or 0.0 for panel in panels)
    top = max(top, *(value for panel in panels for series in panel.series for _, value in series.points))
    beside = sum(len(rows) for rows in shown) + sum(1 for panel in panels for lane in panel.lanes if lane.spans)
    rows_each = _USUAL if height is None else (height - _AROUND - beside) // len(shown)
    rows_each = max(_LOWEST, min(_HIGHEST, rows_each))
    cells = wide.stretched(width - MARGIN)
    lines = _title(diagnosis, metric, wide, zone, width)
    for rows, panel in zip(shown, panels, strict=True):
        lines += _headings(rows, TOLD[metric], width)
        label = TOLD[metric].label
        lines += panel_lines(panel, cells, top=top, rows=rows_each, signs=signs, label=label, margin=MARGIN)
    return [*lines, *_below(diagnosis, cells, zone, width), *_no_dyno(diagnosis, metric), _verdict(diagnosis, width)]


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


def _title(diagnosis: Diagnosis, metric: Metric, wide: TimeCells, zone: tzinfo, width: int) -> list[Line]:
    app = f"{clean(diagnosis.app.name)}, " if diagnosis.app.name else ""
    ends = (datetime.fromtimestamp(at, UTC) for at in (wide.start, wide.end))
    first, last = (time_of_day(at, zone, today=diagnosis.generated_at) for at in ends)
    name = zone_name(diagnosis.generated_at, zone)
    text = f"{app}{TOLD[metric].title} by {spoken_duration(wide.seconds)}, {first} to {last} {name}"
    return [line(part, "heading") for part in folded(text, width, 0)]


def _headings(rows: Sequence[IncarnationRow], told: _Told, width: int) -> list[Line]:
    """The dyno's name, then the letter, the id and the numbers of each of its lines."""
    lines: list[Line] = []
    for number, it in enumerate(rows):
        name = clean(it.dyno)
        head = " " * len(name) if number else name
        dyno_id = short_id(it.id) if it.id else "id unknown"
        rest = cut(f"  {glyph_of(number)} {clean(dyno_id)}  {told.numbers(it)}", max(0, width - len(head)))
        lines.append((Span(head, "heading"), Span(rest)))
    return lines


def _below(diagnosis: Diagnosis, cells: TimeCells, zone: tzinfo, width: int) -> list[Line]:
    """Times of day, events, and what their letters mean."""
    indent = " " * MARGIN
    lines = [line(indent + time_axis(cells, zone), "quiet")]
    if (lane := event_lane(marks(diagnosis), cells)).strip():
        legend = cut(lane_legend(marks(diagnosis), cells), width - MARGIN)
        lines += [line(indent + lane), line(indent + legend, "quiet")]
    return lines


def _no_dyno(diagnosis: Diagnosis, metric: Metric) -> list[Line]:
    errors = diagnosis.unattributed.errors
    return [line(f"(no dyno)  {count(errors, 'error')} name none")] if metric == "errors" and errors else []


def _unmeasured(diagnosis: Diagnosis, metric: Metric, width: int) -> list[Line]:
    """That there is nothing to draw, and what the report says of what is missing."""
    told = f"no {TOLD[metric].title} in this log"
    return [line(part) for text in (told, *diagnosis.coverage.notes) for part in folded(text, width, 0)]


def _verdict(diagnosis: Diagnosis, width: int) -> Line:
    sign, role = mark_of(diagnosis.verdict)
    return line(cut(f"{sign:<3}{clean(diagnosis.verdict.summary)}", width), role)
