"""`ps --wide` and `ps --mem`: the dynos with what their log shows of each, requests and errors or memory.

A dyno is measured under its own id: what a dyno of its name did before it is not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.report.row import IncarnationRow
from herodyno.dynos import Dyno
from herodyno.render.diagnosis.blame import rate_cell
from herodyno.render.diagnosis.incarnation_record import series_record
from herodyno.render.diagnosis.over_time import columns, heading_of, values
from herodyno.render.dynos import dyno_fields
from herodyno.render.pictures.rows import share_bar, sparkline
from herodyno.render.pictures.signs import Signs
from herodyno.render.text import Column, Field, Role, Span, Table, table
from herodyno.units import count, json_time, megabytes, milliseconds, share

BAR = 10
NARROWEST_STRIP, WIDEST_STRIP = 12, 60
# Columns of `ps --mem` beside the strip. On a terminal narrower than `_NARROW` the numbers leave it no room.
_BESIDE, _NARROW = 80, 60


def wide_table(
    dynos: Sequence[Dyno], diagnosis: Diagnosis, *, newest: int | None, now: datetime, zone: tzinfo
) -> Table:
    """Each dyno with its requests, errors, service time and memory."""
    rows = measured(diagnosis)
    fields = dyno_fields(now=now, zone=zone, newest=newest)
    rate = _field("RATE (95 %)", rows, lambda it: rate_cell(it.errors.rate, it.errors.rate_ci95), right=False)
    parts: list[Field[Dyno]] = [
        fields["dyno"],
        *(_optional(fields[name]) for name in ("id", "state", "age", "size", "release")),
        _field("REQ", rows, lambda it: count(it.requests.n)),
        _field("ERR", rows, lambda it: count(it.errors.n)),
        _optional(rate),
        _field("p95", rows, lambda it: milliseconds(it.requests.p95_ms)),
        _field("MEMORY", rows, lambda it: megabytes(it.memory.last_mb)),
        Field(Column("USED", right=True), lambda dyno: _used(rows.get(dyno.id))),
    ]
    return table(parts, dynos)


def memory_table(
    dynos: Sequence[Dyno], diagnosis: Diagnosis, *, now: datetime, zone: tzinfo, signs: Signs, width: int
) -> Table:
    """Each dyno with its memory level, a bar of its quota, swap, R14, and the level over time where it has room."""
    rows = measured(diagnosis)
    fields = dyno_fields(now=now, zone=zone)
    parts: list[Field[Dyno]] = [
        fields["dyno"],
        *(_optional(fields[name]) for name in ("id", "state")),
        _field("MEMORY", rows, lambda it: megabytes(it.memory.last_mb)),
        _optional(_field("QUOTA", rows, lambda it: megabytes(it.memory.quota_mb))),
        Field(Column("USED"), lambda dyno: _bar(rows.get(dyno.id), signs)),
        _optional(_field("SWAP", rows, lambda it: megabytes(it.memory.swap_mb))),
        _field("R14", rows, lambda it: count(it.memory.r14)),
    ]
    clock = diagnosis.clock
    cells = columns(diagnosis, max(NARROWEST_STRIP, min(WIDEST_STRIP, width - _BESIDE)))
    own = [it for dyno in dynos if (it := rows.get(dyno.id)) and it.memory.n]
    if clock and cells and own and width >= _NARROW:
        strips = {it.id: values(it, "memory", clock, cells) for it in own}
        top = max(value for strip in strips.values() for value in strip if value is not None)

        def strip_of(dyno: Dyno) -> Span:
            return Span(sparkline(strips.get(dyno.id, []), top=top, signs=signs))

        parts.append(Field(Column(heading_of("memory", cells, now, zone)), strip_of))
    return table(parts, dynos)


def measured(diagnosis: Diagnosis) -> dict[str, IncarnationRow]:
    """What was seen of each dyno, by its id. A dyno without a line was not measured: it has no zeros."""
    return {it.id: it for it in diagnosis.incarnations if it.id and it.lines}


def measured_record(it: IncarnationRow | None) -> dict[str, Any] | None:
    """The numbers of a dyno in JSON; None where the log shows nothing of it."""
    if it is None:
        return None
    interval = it.errors.rate_ci95
    return {
        "requests": it.requests.n,
        "errors": it.errors.n,
        "rate": it.errors.rate,
        "rate_ci95": list(interval) if interval else None,
        "p95_ms": it.requests.p95_ms,
        "memory_mb": it.memory.last_mb,
        "memory_at": json_time(it.memory.last_at),
        "quota_mb": it.memory.quota_mb,
        "swap_mb": it.memory.swap_mb,
        "r14": it.memory.r14,
        "series": series_record(it.series),
    }


def _field(
    name: str, rows: Mapping[str, IncarnationRow], text: Callable[[IncarnationRow], str], *, right: bool = True
) -> Field[Dyno]:
    """A column of numbers; "-" for a dyno of which the log shows nothing."""

    def cell(dyno: Dyno) -> Span:
        it = rows.get(dyno.id)
        return Span(text(it) if it else "-")

    return Field(Column(name, right=right), cell)


def _optional(field: Field[Dyno]) -> Field[Dyno]:
    """The same column, which a narrow terminal may leave out."""
    return field._replace(column=field.column._replace(optional=True))


def _used(it: IncarnationRow | None) -> Span:
    return Span(share(it.memory.last_pct if it else None, 100), _role(it))


def _bar(it: IncarnationRow | None, signs: Signs) -> Span:
    """The quota as a bar, full where it is reached, and the part in per cent."""
    part = it.memory.last_pct if it else None
    return Span(f"{share_bar((part or 0) / 100, BAR, signs.errors):<{BAR}}{share(part, 100):>6}", _role(it))


def _role(it: IncarnationRow | None) -> Role:
    return "critical" if it and (it.memory.last_pct or 0) > 100 else ""
