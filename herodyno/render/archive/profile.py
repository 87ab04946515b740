"""`profile`: what each process type used, as a table, as `herodyno.profile/1`, and the same as TOML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from math import floor
from typing import Any, NamedTuple

from herodyno.archive.profile import Levels, Profile, TypeProfile
from herodyno.archive.rows import time_of
from herodyno.diagnosis.report.phrases import interval
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.operations.size_advice import SizeAdvice
from herodyno.render.text import Column, Field, Line, Span, Table, line, table
from herodyno.units import clocks, count, duration, json_time, megabytes, milliseconds, zone_name

_BEYOND = re.compile(r"[^ -~]")


class Profiled(NamedTuple):
    """A profile of an app: the times of its first and last line, how many lines, and the advice for each type."""

    app: str
    first: datetime
    last: datetime
    lines: int
    profile: Profile
    advice: Mapping[str, SizeAdvice]


def profile_table(found: Profiled) -> Table:
    """One line for each process type."""
    fields = (
        Field[TypeProfile](Column("TYPE", shrinks=True), lambda own: Span(own.type)),
        Field[TypeProfile](Column("MEASURED", right=True), lambda own: Span(_measured(own))),
        Field[TypeProfile](Column("DYNO HOURS", right=True), lambda own: Span(f"{own.dyno_hours:,}")),
        Field[TypeProfile](Column("MEMORY p95", right=True), lambda own: Span(_of(own.memory, megabytes))),
        Field[TypeProfile](Column("BY DAY", right=True), lambda own: Span(_by_day(own.memory))),
        Field[TypeProfile](Column("MOST", right=True), lambda own: Span(_most(own.memory))),
        Field[TypeProfile](Column("LOAD p95", right=True), lambda own: Span(_of(own.load, lambda it: f"{it:.2f}"))),
        Field[TypeProfile](Column("REQUESTS", right=True), lambda own: Span(f"{own.requests:,}")),
        Field[TypeProfile](Column("5xx (95 %)"), lambda own: Span(_failed(own))),
        Field[TypeProfile](Column("SERVICE p95", right=True), lambda own: Span(_of(own.service, milliseconds))),
    )
    return table(fields, found.profile.types)


def profile_lines(found: Profiled, *, now: datetime, zone: tzinfo) -> list[Line]:
    """The advice for each type, and what the numbers are of."""
    told = [line(f"{name}: {advice.sentence}") for name, advice in found.advice.items()]
    first, last = clocks(found.first, found.last, zone, today=now)
    told.append(line(f"of {count(found.lines, 'line')} from {first} to {last} {zone_name(found.last, zone)}", "quiet"))
    if found.profile.without_dyno:
        told.append(line(f"{count(found.profile.without_dyno, 'request')} of no dyno in no row", "quiet"))
    return told


def profile_document(found: Profiled) -> dict[str, Any]:
    """`herodyno.profile/1`."""
    return {
        "schema": "herodyno.profile/1",
        "app": {"name": found.app},
        "window": {"from": json_time(found.first), "to": json_time(found.last), "lines": found.lines},
        "requests_without_dyno": found.profile.without_dyno,
        "types": [_type(own, found.advice[own.type]) for own in found.profile.types],
    }


def _type(own: TypeProfile, advice: SizeAdvice) -> dict[str, Any]:
    return {
        "type": own.type,
        "measured_hours": floor(own.measured_seconds / 36) / 100,
        "dyno_hours": own.dyno_hours,
        "most_dynos": own.most_dynos,
        "memory_mb": _levels(own.memory),
        "memory_quotas_mb": own.quotas_mb,
        "load_1m": _levels(own.load),
        "service_ms": _levels(own.service),
        "requests": {
            "n": own.requests,
            "failed": own.failed,
            "failed_ci95": [round(part, 6) for part in wilson(own.failed, own.requests)] if own.requests else None,
            "busiest_hour": own.busiest and {"from": json_time(time_of(own.busiest[0])), "n": own.busiest[1]},
        },
        "codes": [{"code": code, "n": n} for code, n in sorted(own.codes.items())],
        "size": {
            "advice": advice.kind,
            "sentence": advice.sentence,
            "now": advice.size or None,
            "advised": advice.advised or None,
            "needed_mb": None if advice.needed_mb is None else round(advice.needed_mb, 1),
            "cents_per_month": advice.cents,
        },
    }


def _levels(levels: Levels | None) -> dict[str, Any] | None:
    if levels is None:
        return None
    return {"n": levels.n, "p50": levels.p50, "p95": levels.p95, "max": levels.highest,
            "days": levels.days, "p95_of_a_day": list(levels.day_p95)}  # fmt: skip


def _of(levels: Levels | None, shown: Any) -> str:
    return "-" if levels is None else str(shown(levels.p95))


def _by_day(levels: Levels | None) -> str:
    return "-" if levels is None else f"{levels.day_p95[0]:,.0f}-{levels.day_p95[1]:,.0f} in {levels.days} d"


def _measured(own: TypeProfile) -> str:
    return duration(own.measured_seconds) if own.memory else "-"


def _most(levels: Levels | None) -> str:
    return "-" if levels is None else megabytes(levels.highest)


def _failed(own: TypeProfile) -> str:
    return f"{own.failed:,} ({interval(own.failed, own.requests)})" if own.requests else "-"


def toml_text(document: Mapping[str, Any]) -> str:
    """A document as TOML 1.0. TOML has no null: a key without a value is left out."""
    return "\n".join(_toml(document, "")).lstrip("\n") + "\n"


def _toml(table: Mapping[str, Any], path: str) -> Iterator[str]:
    nested = {}
    for key, value in table.items():
        if isinstance(value, Mapping) or _is_tables(value):
            nested[key] = value
        elif value is not None:
            yield f"{key} = {_toml_value(value)}"
    for key, value in nested.items():
        name = f"{path}{key}"
        for each in [value] if isinstance(value, Mapping) else value:
            yield f"\n[{name}]" if isinstance(value, Mapping) else f"\n[[{name}]]"
            yield from _toml(each, f"{name}.")


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _toml_value(value: Any) -> str:
    # JSON's numbers, strings and lists are TOML's, but for signs beyond ASCII: TOML knows no pairs of surrogates.
    return _BEYOND.sub(_escaped, json.dumps(value, ensure_ascii=False))


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\U{0xFFFD if 0xD800 <= code < 0xE000 else code:08x}"
