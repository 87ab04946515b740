"""The data behind the pictures, once for all of them: tables by column, times as cells of one clock.

Texts here are foreign. They are values in tables, and never become a part of an expression.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, NamedTuple, TypeAlias

from herodyno.diagnosis.report.report import Change, Diagnosis
from herodyno.diagnosis.report.row import IncarnationRow
from herodyno.diagnosis.report.series import Series
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.dynos import short_id
from herodyno.render.clean import clean
from herodyno.render.text import cut
from herodyno.units import clock, date, tick, zone_name

Columns: TypeAlias = dict[str, list[Any]]

# More names than these are a wall, not a picture. The tables of the page hold the others.
MOST_NAMES = 24
_LONGEST_NAME = 18
_LONGEST_TEXT = 120
NO_DYNO = "(no dyno)"
# Changes that pictures draw as data, and not as marks on the clock.
_DRAWN_AS_DATA = ("errors", "memory")


class Clock(NamedTuple):
    """The x axis: its start and the width of a cell in ms, how many cells, and the zone it is labelled with.

    Times are shifted by the zone's offset, and drawn as if they were UTC: a browser far away shows the same times.
    """

    start_ms: int
    cell_ms: int
    cells: int
    zone: str
    offset: timedelta

    def ms(self, at: datetime) -> int:
        """A time on this axis."""
        return round(at.timestamp() * 1000 + self.offset.total_seconds() * 1000)

    @property
    def end_ms(self) -> int:
        """The end of the last cell."""
        return self.start_ms + self.cells * self.cell_ms


class Data(NamedTuple):
    """The tables by name, the clock (None for a log without a time), what the pictures are of, and who is not drawn."""

    tables: dict[str, Columns]
    clock: Clock | None
    caption: str
    names: tuple[str, ...]
    left_out: tuple[str, ...]

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """The tables by row, as Vega wants them."""
        return {name: list(_rows(columns)) for name, columns in self.tables.items()}


def data_of(diagnosis: Diagnosis, zone: tzinfo) -> Data:
    """The tables of all pictures. `zone` is that of the time axis."""
    names, left_out = names_of(diagnosis)
    drawn = drawn_rows(diagnosis)
    axis = _clock(diagnosis, zone)
    unnamed = diagnosis.without_dyno if any(diagnosis.without_dyno.errors) else None
    tables = {
        "cells": _cells(drawn, unnamed),
        "dynos": _dynos(drawn, names, diagnosis, axis),
        "service": _service(drawn),
        "events": _events(diagnosis, axis),
        "compared": _compared(diagnosis, zone),
        "gaps": _gaps(diagnosis, axis),
    }
    shown = (*(_name(name) for name in names), *([NO_DYNO] if unnamed else []))
    return Data(tables, axis, _caption(diagnosis, zone), shown, left_out)


def names_of(diagnosis: Diagnosis) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the dynos that are drawn, and of those that are not."""
    every = tuple(dict.fromkeys(row.dyno for row in diagnosis.incarnations))
    return every[:MOST_NAMES], every[MOST_NAMES:]


def drawn_rows(diagnosis: Diagnosis) -> list[IncarnationRow]:
    """The incarnations that are drawn, in the order of the tables' `r`. Errors without a dyno come after them."""
    names = set(names_of(diagnosis)[0])
    return [row for row in diagnosis.incarnations if row.dyno in names]


def _clock(diagnosis: Diagnosis, zone: tzinfo) -> Clock | None:
    own = diagnosis.clock
    if own is None:
        return None
    end = own.start + timedelta(seconds=own.seconds * own.cells)
    offset = end.astimezone(zone).utcoffset() or timedelta(0)
    if own.start.astimezone(zone).utcoffset() != offset:  # summer time began or ended: one axis has one offset
        offset, zone = timedelta(0), UTC
    start = round((own.start.timestamp() + offset.total_seconds()) * 1000)
    return Clock(start, own.seconds * 1000, own.cells, zone_name(end, zone), offset)


def _caption(diagnosis: Diagnosis, zone: tzinfo) -> str:
    """What every picture says of itself, so that it can stand alone: app, day, window, zone."""
    coverage = diagnosis.coverage
    app = cut(clean(diagnosis.app.name), 40)
    if coverage.start is None or coverage.end is None:
        return app
    named = zone_name(coverage.end, zone)
    if (day := date(coverage.start, zone)) != (last_day := date(coverage.end, zone)):
        first, last = (tick(at.astimezone(zone), is_day=False) for at in (coverage.start, coverage.end))
        return " · ".join(filter(None, (app, f"{day} {first} to {last_day} {last} {named}")))
    first, last = (clock(at, zone, today=coverage.end) for at in (coverage.start, coverage.end))
    return " · ".join(filter(None, (app, f"{day}, {first}-{last} {named}")))


def _cells(rows: Sequence[IncarnationRow], unnamed: Series | None) -> Columns:
    """A row for each cell of each incarnation, and one more that ends the last cell. page.js makes the same rows."""
    table: Columns = {name: [] for name in ("r", "i", "requests", "errors", "p50", "mb", "swap", "load", "r14")}
    for r, series in enumerate([*(row.series for row in rows), *([unnamed] if unnamed else [])]):
        n = len(series.errors)
        if not n:
            continue
        marked = {cell - series.first for cell in series.r14}
        table["r"] += [r] * (n + 1)
        table["i"] += range(series.first, series.first + n + 1)
        table["requests"] += [*(series.requests or [0] * n), 0]
        table["errors"] += [*series.errors, 0]
        levels = (series.p50_ms, series.mb, series.swap_mb, series.load)
        for name, values in zip(("p50", "mb", "swap", "load"), levels, strict=True):
            table[name] += [*values, values[-1]] if values else [None] * (n + 1)
        table["r14"] += [*(int(i in marked) for i in range(n)), 0]
    return table


def _dynos(rows: Sequence[IncarnationRow], names: Sequence[str], diagnosis: Diagnosis, axis: Clock | None) -> Columns:
    """A row for each incarnation, in the order of the cells' `r`; the last is that of errors without a dyno."""
    order = {name: i for i, name in enumerate(names)}
    aged = {growth.name for growth in diagnosis.by_age}
    records = [
        {
            "order": order[row.dyno],
            "dyno": _name(row.dyno),
            "label": _label(row),
            "first": row.series.first,
            "end": row.series.first + len(row.series.errors),
            "requests": row.requests.n,
            "errors": row.errors.n,
            "request_share": row.requests.share,
            "error_share": row.errors.share,
            "p95": row.requests.p95_ms,
            "mb": row.memory.last_mb,
            "swap": row.memory.swap_mb,
            "quota": row.memory.quota_mb,
            "used": None if row.memory.last_pct is None else round(row.memory.last_pct),
            "running": int(row.end is None),
            "born": axis.ms(row.start) if axis and row.start and row.dyno in aged else None,
        }
        for row in rows
    ]
    if any(diagnosis.without_dyno.errors):
        records.append(
            dict.fromkeys(records[0] if records else ("order", "dyno", "label", "first", "end", "errors"))
            | {"order": len(names), "dyno": NO_DYNO, "label": NO_DYNO, "first": 0, "running": 0}
            | {"end": len(diagnosis.without_dyno.errors), "errors": diagnosis.unattributed.errors}
        )
    return {"r": list(range(len(records)))} | {
        name: [record[name] for record in records] for name in (records[0] if records else ())
    }


def _service(rows: Sequence[IncarnationRow]) -> Columns:
    steps = [(r, *step) for r, row in enumerate(rows) for step in row.series.service]
    return {name: [step[place] for step in steps] for place, name in enumerate(("r", "ms", "good", "failed"))}


def _events(diagnosis: Diagnosis, axis: Clock | None) -> Columns:
    """The changes inside the window, by kind, as texts with their place on the axis."""
    found = [
        (axis.ms(change.at), change.kind.replace("_", " "), cut(clean(change.text), _LONGEST_TEXT))
        for change in sorted(diagnosis.changes, key=lambda change: change.at)
        if axis and change.kind not in _DRAWN_AS_DATA and axis.start_ms <= axis.ms(change.at) <= axis.end_ms
    ]
    table: Columns = {name: [event[place] for event in found] for place, name in enumerate(("t", "kind", "text"))}
    return table | {"n": list(range(len(found)))}


def _gaps(diagnosis: Diagnosis, axis: Clock | None) -> Columns:
    """The stretches of the axis of which the log has no line."""
    spans = diagnosis.clock.gaps if diagnosis.clock and axis else ()
    return {
        name: [axis.start_ms + span[place] * axis.cell_ms for span in spans] if axis else []
        for place, name in enumerate(("t", "t2"))
    }


def _compared(diagnosis: Diagnosis, zone: tzinfo) -> Columns:
    """Failures before and after each change that has both, with their Wilson intervals."""
    found = [
        (f"{clock(change.at, zone, today=diagnosis.generated_at)} {cut(clean(change.text), 40)}", when, *_rate(pair))
        for change in diagnosis.changes
        for when, pair in _sides(change)
    ]
    names = ("change", "when", "errors", "requests", "rate", "low", "high")
    return {name: [record[place] for record in found] for place, name in enumerate(names)}


def _sides(change: Change) -> Iterable[tuple[str, tuple[int, int]]]:
    if change.before is not None and change.after is not None and change.before[1] and change.after[1]:
        return (("before", change.before), ("after", change.after))
    return ()


def _rate(pair: tuple[int, int]) -> tuple[float, ...]:
    low, high = wilson(*pair)
    return (*pair, round(pair[0] / pair[1], 4), round(low, 4), round(high, 4))


def _name(dyno: str) -> str:
    return cut(clean(dyno), _LONGEST_NAME)


def _label(row: IncarnationRow) -> str:
    return f"{_name(row.dyno)} {short_id(row.id) if row.id else 'unknown'}"


def _rows(columns: Columns) -> Iterator[dict[str, Any]]:
    names = list(columns)
    return (dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True))
