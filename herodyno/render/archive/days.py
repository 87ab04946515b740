"""`archive import|status|export`: what was added, what there is, and a row, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from herodyno.archive.compaction import Compacted
from herodyno.archive.days.survey import AppSurvey, Survey
from herodyno.archive.rows import time_of
from herodyno.render.text import Column, Field, Line, Span, Table, line, table
from herodyno.units import count, data_size, duration, json_time, share, stamp, zone_name


def import_document(done: Compacted) -> dict[str, Any]:
    """`herodyno.archive-import/1`."""
    return {
        "schema": "herodyno.archive-import/1",
        "days": list(done.days),
        "lines": done.given,
        "added": done.added,
        "undated": done.undated,
        "left_out": done.left_out,
    }


def import_lines(done: Compacted) -> list[Line]:
    """How many lines were new, and of which days."""
    if not done.days:
        return [line("0 lines: nothing was imported")]
    days = done.days[0] if len(done.days) == 1 else f"{done.days[0]} to {done.days[-1]}"
    before = done.given - done.added
    known = f"; {count(before, 'line')} stood there before" if before else ""
    undated = f"; {count(done.undated, 'line')} before the first with a time got its time" if done.undated else ""
    left = f"; {count(done.left_out, 'line')} without a time left out" if done.left_out else ""
    return [line(f"{count(done.added, 'line')} of {done.given:,} added, {days}{known}{undated}{left}")]


def status_table(found: Survey, *, now: datetime, zone: tzinfo) -> Table:
    """One line for each app."""
    fields = (
        Field[AppSurvey](Column("APP", shrinks=True), lambda row: Span(row.app)),
        Field[AppSurvey](Column("LINES", right=True), lambda row: Span(f"{row.lines:,}")),
        Field[AppSurvey](Column(f"FROM ({zone_name(now, zone)})"), lambda row: Span(stamp(row.first, zone))),
        Field[AppSurvey](Column("TO"), lambda row: Span(stamp(row.last, zone))),
        Field[AppSurvey](Column("DYNOS", right=True), lambda row: Span(f"{row.dynos:,}")),
        Field[AppSurvey](Column("DYNO ID", right=True), lambda row: Span(share(row.with_id, row.of_dynos))),
    )
    return table(fields, found.apps)


def status_lines(found: Survey, *, now: datetime) -> list[Line]:
    """The days and the size, which of them are open, and what waits."""
    lines = sum(app.lines for app in found.apps)
    told = [line(f"{count(len(found.days), 'day')}, {count(lines, 'line')}, {data_size(found.bytes)}")]
    if found.open_days:
        segments = count(found.segments, "segment")
        told.append(line(f"open: {', '.join(found.open_days)} ({segments}); all others are sealed"))
    if found.waiting_since:
        age = duration((now - found.waiting_since).total_seconds())
        journals = count(found.journals, "sealed journal")
        told.append(line(f"lines of up to {age} ago wait in the receiver's journal for compaction ({journals})"))
    return told


def status_document(found: Survey) -> dict[str, Any]:
    """`herodyno.archive-status/1`."""
    apps = [{**app._asdict(), "first": json_time(app.first), "last": json_time(app.last)} for app in found.apps]
    return {
        "schema": "herodyno.archive-status/1",
        "apps": apps,
        "days": list(found.days),
        "bytes": found.bytes,
        "open_days": list(found.open_days),
        "segments": found.segments,
        "journals": found.journals,
        "waiting_since": json_time(found.waiting_since),
    }


def row_record(row: Mapping[str, Any]) -> dict[str, Any]:
    """`herodyno.archive-row/1`: a row of the archive, columns without a value left out."""
    told = {name: value for name, value in row.items() if value is not None and name not in ("ts", "ts_us", "arrival")}
    received = {"recv_us": json_time(time_of(told["recv_us"]))} if "recv_us" in told else {}
    return {"schema": "herodyno.archive-row/1", "at": json_time(time_of(row["ts_us"])), **told, **received}
