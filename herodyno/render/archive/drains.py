"""`archive drain add|remove|list`: the drains of an app as a table, and what was changed, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from herodyno.archive.days.drain_activity import DrainActivity
from herodyno.archive.rows import time_of
from herodyno.dynos import App, LogDrain
from herodyno.operations.log_drains import DrainCall
from herodyno.render.text import Column, Field, Span, Table, table
from herodyno.units import json_time, stamp, zone_name

_IS_OURS = {True: Span("yes", "good"), False: Span("no"), None: Span("not known")}


class DrainRow(NamedTuple):
    """A drain at Heroku. `is_ours` says whether it sends into the archive that was named; None without an archive,
    and where nothing tells.

    `activity` is what the archive knows of it, None where it knows nothing.
    """

    drain: LogDrain
    is_ours: bool | None
    activity: DrainActivity | None


def drains_table(rows: Sequence[DrainRow], *, with_archive: bool, now: datetime, zone: tzinfo) -> Table:
    """One line for each drain."""
    fields = [
        Field[DrainRow](Column("TO", shrinks=True), lambda row: Span(row.drain.place)),
        Field[DrainRow](Column("DRAIN"), lambda row: Span(row.drain.token or row.drain.id)),
        Field[DrainRow](Column("ADD-ON"), lambda row: Span(row.drain.addon or "-")),
    ]
    if with_archive:
        fields += [
            Field(Column("THIS ARCHIVE"), lambda row: _IS_OURS[row.is_ours]),
            Field(Column(f"LAST FRAME ({zone_name(now, zone)})"), lambda row: Span(_last(row, zone))),
            Field(Column("LOST", right=True), _lost),
        ]
    return table(fields, rows)


def drains_document(app: App, rows: Sequence[DrainRow]) -> dict[str, Any]:
    """`herodyno.archive-drains/1`."""
    return {
        "schema": "herodyno.archive-drains/1",
        "app": {"name": app.name},
        "generation": app.generation,
        "drains": [
            {
                **drain_record(row.drain),
                "this_archive": row.is_ours,
                "last_frame_at": json_time(time_of(row.activity.last_us))
                if row.activity and row.activity.last_us
                else None,
                "lost_messages": row.activity.lost if row.activity else None,
            }
            for row in rows
        ],
    }


def drain_change_document(
    app: App, drain: LogDrain | None, call: DrainCall, *, change: str, dry_run: bool, undo: Sequence[str] = ()
) -> dict[str, Any]:
    """`herodyno.archive-drain-change/1`. `change` is added or removed; `drain` is None where none was made."""
    return {
        "schema": "herodyno.archive-drain-change/1",
        "app": {"name": app.name},
        "change": change,
        "dry_run": dry_run,
        "drain": drain_record(drain) if drain else None,
        "call": {"method": call.method, "path": call.path, "body": call.body},
        "undo": list(undo),
    }


def drain_record(drain: LogDrain) -> dict[str, Any]:
    """A drain without its secrets."""
    return {
        "id": drain.id,
        "token": drain.token or None,
        "to": drain.place,
        "addon": drain.addon or None,
        "signals": list(drain.signals),
        "created_at": json_time(drain.created_at) if drain.created_at else None,
    }


def _last(row: DrainRow, zone: tzinfo) -> str:
    return stamp(time_of(row.activity.last_us), zone) if row.activity and row.activity.last_us else "-"


def _lost(row: DrainRow) -> Span:
    if row.activity is None:
        return Span("-")
    return Span(f"{row.activity.lost:,}", "warning" if row.activity.lost else "")
