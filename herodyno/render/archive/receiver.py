"""The state of the receiver as lines, as a sentence and as `herodyno.archive-receive/1`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from herodyno.archive.receive.counters import Counters, DrainCounters
from herodyno.render.text import Column, Field, Line, Span, line, table
from herodyno.units import json_time, spoken_duration

Row = tuple[str, DrainCounters]

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
    Field[Row](Column("DRAIN", shrinks=True), lambda row: Span(row[0])),
    Field[Row](Column("APP"), lambda row: Span(row[1].app or "-")),
    Field[Row](Column("FRAMES", right=True), lambda row: Span(f"{row[1].frames:,}")),
    Field[Row](Column("MESSAGES", right=True), lambda row: Span(f"{row[1].messages:,}")),
    Field[Row](Column("MB", right=True), lambda row: Span(_mb(row[1].bytes))),
    Field[Row](Column("LAG", right=True), lambda row: Span(_lag(row[1]))),
    Field[Row](Column("REPEATED", right=True, optional=True), lambda row: Span(f"{row[1].repeated:,}")),
    Field[Row](Column("MISCOUNTED", right=True, optional=True), lambda row: Span(f"{row[1].miscounted:,}")),
    Field[Row](
        Column("DROPPED", right=True),
        lambda row: Span(f"{row[1].dropped:,}", "warning" if row[1].dropped else ""),
    ),
)


def state_lines(
    counters: Counters, before: DrainCounters, address: str, seconds: float, *, width: int | None = None
) -> list[Line]:
    """The state: how long and where, what came in all and since `before`, trouble, refusals, the drains."""
    total = counters.total()
    came = (
        f"{total.frames:,} frames, {total.messages:,} messages, {_mb(total.bytes)} MB; "
        f"since the last look {total.frames - before.frames:,} and {total.messages - before.messages:,}; "
        f"lag {_lag(total)}"
    )
    lines = [line(f"receiving at {address} for {spoken_duration(seconds)}", "heading"), line(came)]
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
    return [*lines, *table(FIELDS, sorted(counters.drains.items())).lines(width)] if counters.drains else lines


def state_note(counters: Counters) -> str:
    """What the receiver cannot do now, or that it can again."""
    if counters.trouble:
        return f"the disk takes nothing ({counters.trouble}): not listening, so that Heroku keeps what it has"
    return counters.trouble_with_drains or "receiving again"


def state_document(counters: Counters, before: DrainCounters, address: str, seconds: float) -> dict[str, Any]:
    """`herodyno.archive-receive/1`: the counts since the start, and of the time since the document before."""
    total = counters.total()
    drains = [{"drain": drain, **_record(each)} for drain, each in sorted(counters.drains.items())]
    return {
        "schema": "herodyno.archive-receive/1",
        "address": address,
        "seconds": round(seconds, 3),
        "total": {name: value for name, value in _record(total).items() if name != "app"},
        "new_frames": total.frames - before.frames,
        "new_messages": total.messages - before.messages,
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


def _mb(size: int) -> str:
    return f"{size / 1e6:,.1f}"


def _lag(drain: DrainCounters) -> str:
    return "-" if drain.lag_seconds is None else f"{drain.lag_seconds:,.1f} s"
