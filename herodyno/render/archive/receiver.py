"""The state of the receiver as lines, as a sentence and as `herodyno.archive-receive/1`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, NamedTuple

from herodyno.archive.receive.counters import Counters, DrainCounters
from herodyno.render.text import Column, Field, Line, Span, line, table
from herodyno.units import count, json_time, spoken_duration

# Ours: a drain of an app with runtime metrics sends every 20 s, so that such a silence is worth a look.
SILENT_SECONDS = 300.0


class Look(NamedTuple):
    """One look at the counters. `at_us` is its time, `seconds` how long the receiver has run, `before` the total as it
    was `interval` seconds ago."""

    address: str
    at_us: int
    seconds: float
    before: DrainCounters
    interval: float


class Row(NamedTuple):
    """A drain, and how long ago its last frame came."""

    name: str
    drain: DrainCounters
    silent_seconds: float


_REASONS = {
    400: "a broken body",
    401: "wrong drain or password",
    403: "from a web page, or by a foreign name",
    404: "no such address",
    405: "no POST",
    413: "too large",
    415: "of an unknown encoding",
    503: "too slow",
}

FIELDS = (
    Field[Row](Column("DRAIN", shrinks=True), lambda row: Span(row.name)),
    Field[Row](Column("APP"), lambda row: Span(row.drain.app or "-")),
    Field[Row](Column("FRAMES", right=True), lambda row: Span(f"{row.drain.frames:,}")),
    Field[Row](
        Column("MESSAGES", right=True), lambda row: Span(f"{row.drain.messages:,}" if row.drain.messages else "-")
    ),
    Field[Row](Column("MB", right=True), lambda row: Span(_mb(row.drain.bytes))),
    Field[Row](Column("LAG", right=True), lambda row: Span(_lag(row.drain))),
    Field[Row](
        Column("LAST", right=True),
        lambda row: Span(
            spoken_duration(row.silent_seconds), "warning" if row.silent_seconds >= SILENT_SECONDS else ""
        ),
    ),
    Field[Row](Column("REPEATED", right=True, optional=True), lambda row: Span(f"{row.drain.repeated:,}")),
    Field[Row](Column("MISCOUNTED", right=True, optional=True), lambda row: Span(f"{row.drain.miscounted:,}")),
    Field[Row](
        Column("DROPPED", right=True),
        lambda row: Span(f"{row.drain.dropped:,}", "warning" if row.drain.dropped else ""),
    ),
)


def state_lines(counters: Counters, look: Look, *, width: int | None = None) -> list[Line]:
    """The state: how long and where, what came, trouble, refusals, the drains."""
    lines = [line(f"receiving at {look.address} for {spoken_duration(look.seconds)}", "heading")]
    lines += came_lines(counters, look)
    if counters.trouble or counters.trouble_with_drains:
        lines.append(line(state_note(counters), "critical"))
    lines += [
        line(f"refused: {number:,} ({status}: {_REASONS.get(status, 'other')})", "warning")
        for status, number in sorted(counters.refused.items())
    ]
    if counters.dropped_spans:
        lines.append(
            line(f"{counters.dropped_spans:,} spans of traces dropped: send logs and metrics alone", "warning")
        )
    rows = _rows(counters, look)
    return [*lines, *table(FIELDS, rows).lines(width)] if rows else lines


def came_lines(counters: Counters, look: Look) -> list[Line]:
    """What came in all and lately, how late, what is missing, and which drains have been silent for long."""
    total, seconds = counters.total(), max(look.interval, 1e-9)
    frames, messages = total.frames - look.before.frames, total.messages - look.before.messages
    gaps = f"; {total.dropped:,} messages dropped by Heroku before they came" if total.dropped else ""
    lines = [
        line(
            f"{total.frames:,} frames, {total.messages:,} messages, {_mb(total.bytes)} MB; "
            f"{frames / seconds:,.1f} frames/s, {messages / seconds:,.0f} messages/s; lag {_lag(total)}{gaps}"
        )
    ]
    silent = [row for row in _rows(counters, look) if row.silent_seconds >= SILENT_SECONDS]
    if silent:
        longest = max(silent, key=lambda row: row.silent_seconds)
        whose = f"{longest.name} ({longest.drain.app})" if longest.drain.app else longest.name
        told = f"longest {whose} for {spoken_duration(longest.silent_seconds)}"
        lines.append(line(f"{len(silent):,} of {count(len(counters.drains), 'drain')} silent: {told}", "warning"))
    return lines


def state_note(counters: Counters) -> str:
    """What the receiver cannot do now, or that it can again."""
    if counters.trouble:
        return f"the disk takes nothing ({counters.trouble}): not listening, so that Heroku keeps what it has"
    return counters.trouble_with_drains or "receiving again"


def state_document(counters: Counters, look: Look) -> dict[str, Any]:
    """`herodyno.archive-receive/1`: the counts since the start, and of the time since the document before."""
    total = counters.total()
    drains = [{"drain": drain, **_record(each)} for drain, each in sorted(counters.drains.items())]
    return {
        "schema": "herodyno.archive-receive/1",
        "address": look.address,
        "seconds": round(look.seconds, 3),
        "total": {name: value for name, value in _record(total).items() if name != "app"},
        "new_frames": total.frames - look.before.frames,
        "new_messages": total.messages - look.before.messages,
        "refused": [{"status": status, "requests": number} for status, number in sorted(counters.refused.items())],
        "dropped_spans": counters.dropped_spans,
        "disk_failures": counters.disk_failures,
        "trouble": counters.trouble or counters.trouble_with_drains or None,
        "drains": drains,
    }


def _record(drain: DrainCounters) -> dict[str, Any]:
    record = asdict(drain)
    last = record.pop("last_us")
    return {**record, "last_at": json_time(datetime.fromtimestamp(last / 1e6, UTC)) if last else None}


def _rows(counters: Counters, look: Look) -> list[Row]:
    return [
        Row(name, drain, (look.at_us - drain.last_us) / 1e6 if drain.last_us else 0.0)
        for name, drain in sorted(counters.drains.items())
    ]


def _counted(messages: int) -> str:
    """Telemetry drains do not say how many they send."""
    return f"{messages:,}" if messages else "-"


def _mb(size: int) -> str:
    return f"{size / 1e6:,.1f}"


def _lag(drain: DrainCounters) -> str:
    return "-" if drain.lag_seconds is None else f"{drain.lag_seconds:,.1f} s"
