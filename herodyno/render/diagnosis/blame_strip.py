"""The blame table of the first screen: shares as bars, and each dyno's errors on one clock with what happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import NamedTuple

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.report.row import IncarnationRow
from herodyno.diagnosis.report.series import Metric
from herodyno.dynos import short_id
from herodyno.render.diagnosis.blame import blame_mark, end_words, is_calm, rate_cell
from herodyno.render.diagnosis.over_time import borders, columns, heading_of, marks, values
from herodyno.render.pictures.axis import event_lane, lane_legend
from herodyno.render.pictures.rows import share_bar, sparkline
from herodyno.render.pictures.signs import Signs
from herodyno.render.pictures.time_cells import TimeCells
from herodyno.render.text import Column, Field, Line, Span, cell_width, cut, line, plain, table
from herodyno.units import clock, count, milliseconds, share

NO_EVENT = "no release, restart or scale here"


class _Layout(NamedTuple):
    """How many signs each part has; a part of 0 is left out."""

    id_signs: int
    bar: int
    spark: int
    has_p95: bool = False
    has_rate: bool = True
    has_memory: bool = True
    has_note: bool = True


# Above this width of the strip its heading names what it shows, and not the times alone.
_NARROW = 8
# The widest that fits is taken.
_LAYOUTS = (
    _Layout(8, 14, 40, has_p95=True),
    _Layout(8, 10, 24, has_p95=True),
    _Layout(8, 8, 12, has_p95=True),
    _Layout(8, 6, 12, has_p95=True),
    _Layout(4, 5, 8, has_p95=True),
    _Layout(4, 5, 8),
    _Layout(4, 0, 8),
    _Layout(4, 0, 8, has_memory=False),
    _Layout(4, 0, 8, has_memory=False, has_rate=False),
    _Layout(4, 0, 8, has_memory=False, has_rate=False, has_note=False),
    _Layout(0, 0, 8, has_memory=False, has_rate=False, has_note=False),
    _Layout(0, 0, 0, has_memory=False, has_rate=False, has_note=False),
)


def blame_strip(diagnosis: Diagnosis, *, width: int, rows: int, zone: tzinfo, signs: Signs) -> list[Line]:
    """A row for each dyno, worst first, in so many lines at most: heading, lane of events and the rest's sum too."""
    if not diagnosis.incarnations:
        return []
    shown = _worth_showing(diagnosis.incarnations, rows - lines_beside(diagnosis))
    for layout in _LAYOUTS:
        lines = _lines(diagnosis, shown, layout, width=width, zone=zone, signs=signs)
        if max(cell_width(plain(it)) for it in lines) <= width:
            break
    return lines


def lines_beside(diagnosis: Diagnosis) -> int:
    """The lines of the table that are no dynos: heading, events, errors that name no dyno."""
    return 3 if diagnosis.unattributed.errors else 2


def _worth_showing(rows: Sequence[IncarnationRow], most: int) -> list[IncarnationRow]:
    """Those with trouble first, then calm ones, in the order of the table. What is left out takes a line."""
    if len(rows) > most:
        most = max(1, most - 1)
    kept = {id(it) for it in sorted(rows, key=is_calm)[:most]}
    return [it for it in rows if id(it) in kept]


def _lines(
    diagnosis: Diagnosis, shown: Sequence[IncarnationRow], layout: _Layout, *, width: int, zone: tzinfo, signs: Signs
) -> list[Line]:
    metric: Metric = "memory" if _is_about_memory(diagnosis) else "errors"
    title = metric if layout.spark > _NARROW else ""
    cells = columns(diagnosis, max(layout.spark, len(f"{title} 02:07-02:13".strip()))) if layout.spark else None
    heading = heading_of(title, cells, diagnosis.generated_at, zone) if cells else ""
    fields = [
        Field[IncarnationRow](Column("DYNO", shrinks=True), lambda it: Span(it.dyno)),
        Field[IncarnationRow](Column(""), lambda it: Span(*blame_mark(it))),
        *_identity(layout),
        *(_shares(layout, signs) if any(it.requests.n for it in shown) else ()),
        *(_strip(diagnosis, shown, metric, cells, heading, signs) if cells else ()),
    ]
    if layout.has_memory and any(it.memory.last_mb for it in shown):
        fields.append(Field(Column("LAST" if metric == "memory" else "MEMORY"), _level))
    if layout.has_note and any(_note(it, diagnosis, zone) for it in shown):
        fields.append(Field(Column("NOTE"), lambda it: Span(_note(it, diagnosis, zone))))
    lines = table(fields, shown).lines(width if layout is _LAYOUTS[-1] else None)
    if cells:
        lines.append(_events(diagnosis, cells, plain(lines[0]).index(heading), width))
    if diagnosis.unattributed.errors:
        codes = ", ".join(f"{code} x{count(n)}" for code, n in diagnosis.unattributed.by_code)
        told = count(diagnosis.unattributed.errors, "error names none", "errors name none")
        lines.append(line(f"(no dyno)  {told}: {codes}"))
    if left_out := [it for it in diagnosis.incarnations if it not in shown]:
        failed, requests = sum(it.errors.n for it in left_out), sum(it.requests.n for it in left_out)
        rest = f"and {len(left_out)} more: {count(failed)} of {count(requests, 'request')} failed"
        lines.append(line(rest, "quiet"))
    return lines


def _identity(layout: _Layout) -> list[Field[IncarnationRow]]:
    if not layout.id_signs:
        return []
    return [Field(Column("ID"), lambda it: Span(short_id(it.id)[: layout.id_signs] if it.id else "-"))]


def _shares(layout: _Layout, signs: Signs) -> list[Field[IncarnationRow]]:
    """Shares of requests and of errors, the rate, the service time."""
    width = layout.bar

    def bar(part: float | None, sign: str) -> Span:
        return Span(f"{share_bar(part, width, sign):<{width}}{share(part):>6}" if width else share(part))

    fields: list[Field[IncarnationRow]] = [
        Field(Column("REQUESTS", right=not width, optional=True), lambda it: bar(it.requests.share, signs.requests)),
        Field(Column("ERRORS", right=not width), lambda it: bar(it.errors.share, signs.errors)),
    ]
    if layout.has_rate:
        fields.append(Field(Column("RATE (95 %)"), lambda it: Span(rate_cell(it.errors.rate, it.errors.rate_ci95))))
    if layout.has_p95:
        fields.append(Field(Column("p95", right=True), lambda it: Span(milliseconds(it.requests.p95_ms))))
    return fields


def _strip(
    diagnosis: Diagnosis,
    shown: Sequence[IncarnationRow],
    metric: Metric,
    cells: TimeCells,
    heading: str,
    signs: Signs,
) -> list[Field[IncarnationRow]]:
    clock = diagnosis.clock
    assert clock is not None
    drawn = {id(it): values(it, metric, clock, cells) for it in shown}
    top = max((value for row in drawn.values() for value in row if value), default=0.0)

    def strip(it: IncarnationRow) -> Span:
        return Span(sparkline(drawn[id(it)], top=top, signs=signs, borders=borders(it, cells)))

    return [Field(Column(heading), strip)]


def _is_about_memory(diagnosis: Diagnosis) -> bool:
    """Whether levels tell more than errors: the verdict is of memory, or no dyno was sent a request."""
    return diagnosis.verdict.kind == "memory" or not any(it.requests.n for it in diagnosis.incarnations)


def _level(it: IncarnationRow) -> Span:
    memory = it.memory
    codes = "".join(f" {code}" for code, n in (("R14", memory.r14), ("R15", memory.r15)) if n)
    return Span(share(memory.last_pct, 100) + codes, "warning" if codes else "")


def _note(it: IncarnationRow, diagnosis: Diagnosis, zone: tzinfo) -> str:
    """How it ended, or that its trouble is over; the rest its mark says."""
    over = it.outlier.ended_at if not it.end else None
    since = f"over since {clock(over, zone, today=diagnosis.generated_at)}" if over else ""
    return ", ".join(filter(None, ["slower" if it.latency.slower else "", since, end_words(it, diagnosis, zone)]))


def _events(diagnosis: Diagnosis, cells: TimeCells, at: int, width: int) -> Line:
    """The lane of events below the strip, its legend to the left."""
    lane = event_lane(marks(diagnosis), cells).rstrip()
    if not lane:
        return line(" " * max(0, min(at, width - len(NO_EVENT))) + NO_EVENT, "quiet")
    legend = cut(lane_legend(marks(diagnosis), cells), at - 2)
    return (Span(f"{legend:>{at - 2}}  ", "quiet"), Span(lane))
