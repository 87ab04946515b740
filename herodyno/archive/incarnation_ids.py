"""Which dyno id each line of a day is of: by the same lifecycle code as every verdict, from the lines around the day.

A dyno lives a day and more, so the lines of two days before and after are looked at too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

from herodyno.archive.duckdb_engine import Engine
from herodyno.archive.folder import US_PER_SECOND
from herodyno.archive.parquet import Batch, with_texts
from herodyno.archive.rows import line_text
from herodyno.diagnosis.timeline.attribution import Place, place_at, place_event
from herodyno.diagnosis.timeline.boundaries import Boundaries
from herodyno.diagnosis.timeline.incarnations import IdSource, Incarnation
from herodyno.diagnosis.timeline.timeline import Timeline, timeline
from herodyno.logs.events import LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.units import log_time

# The end of a dyno that runs. Its start is 0 where it began before the first line.
ALIVE_US = 9_000_000_000_000_000

# Lines that are read again as events: those that begin or end an incarnation, and what people did.
_REREAD = ("state", "exit", "error", "release", "scale", "config", "api", "addon", "platform")
_HOW: dict[IdSource, str] = {"runtime-metrics": "inferred", "api": "api", "api+runtime-metrics": "api", "name": "name"}

_TOLD = """
SELECT ts_us, source, proc, message FROM events
WHERE app = $app AND list_contains($kinds, kind) ORDER BY ts_us, recv_us, arrival, message
"""
_NAMES = """
SELECT dyno, min(ts_us - coalesce(service_ms, 0) * 1000), max(ts_us) FROM events
WHERE app = $app AND dyno IS NOT NULL AND NOT list_contains($kinds, kind) GROUP BY dyno ORDER BY dyno
"""
_IDS = """
SELECT dyno, dyno_uuid, min(ts_us), max(ts_us) FROM events
WHERE app = $app AND kind = 'metrics' AND dyno_uuid IS NOT NULL GROUP BY dyno, dyno_uuid ORDER BY dyno, dyno_uuid
"""
# What `_id` looks at.
_ASKED = ["app", "ts_us", "kind", "dyno", "dyno_uuid", "source", "proc", "message"]
_SPAN = "SELECT min(ts_us), max(ts_us) FROM events WHERE app = $app"


def time_of(ts_us: int) -> datetime:
    """Microseconds since 1970 as an aware time, exactly."""
    return datetime.fromtimestamp(ts_us // US_PER_SECOND, UTC) + timedelta(microseconds=ts_us % US_PER_SECOND)


def log_line(ts_us: int, source: str, proc: str, message: str, number: int = 0) -> LogLine:
    """A row as the line that it was made of."""
    at = time_of(ts_us)
    raw = f"{log_time(at)} {line_text(source, proc, message)}"
    return LogLine(at, source, proc, message, raw, number)


class DynoIds:
    """The timelines of the apps in some files, and the dyno id of each row."""

    def __init__(self, engine: Engine) -> None:
        self.apps = [app for (app,) in engine.rows("SELECT DISTINCT app FROM events ORDER BY app")]
        self._boundary_lines: dict[tuple[str, int, str], Incarnation] = {}
        self.timelines = {app: self._timeline(engine, app) for app in self.apps}

    def _timeline(self, engine: Engine, app: str) -> Timeline:
        found = Boundaries()
        keys: dict[int, tuple[str, int, str]] = {}
        told = engine.rows(_TOLD, app=app, kinds=_REREAD)
        for number, (ts_us, source, proc, message) in enumerate(told, start=1):
            found.add(event_of(log_line(ts_us, source, proc, message, number)))
            keys[number] = (app, ts_us, message)
        for name, first, last in engine.rows(_NAMES, app=app, kinds=_REREAD):
            found.add_name(name, first / US_PER_SECOND, last / US_PER_SECOND)
        for name, dyno_id, first, last in engine.rows(_IDS, app=app):
            found.add_id(name, dyno_id, first / US_PER_SECOND, last / US_PER_SECOND)
        for first, last in engine.rows(_SPAN, app=app):
            found.span.widen(first / US_PER_SECOND, last / US_PER_SECOND)
        times = timeline(found, None, ())
        self._boundary_lines |= {keys[number]: own for number, own in times.of_line.items()}
        return times

    def assigned(self, batch: Batch) -> Batch:
        """The rows with the dyno id of each that has one."""
        ids = [self._id(row) for row in batch.select(_ASKED).to_pylist()]
        return with_texts(batch, {"dyno_uuid": [own for own, _ in ids], "dyno_uuid_how": [how for _, how in ids]})

    def _id(self, row: dict[str, Any]) -> tuple[str | None, str | None]:
        if not row["dyno"]:
            return None, None
        if row["kind"] == "metrics" and row["dyno_uuid"]:
            return row["dyno_uuid"], "line"
        own = self._boundary_lines.get((row["app"], row["ts_us"], row["message"])) or self._place(row).incarnation
        return (own.id, _HOW[own.id_source]) if own is not None and own.id else (None, None)

    def _place(self, row: dict[str, Any]) -> Place:
        times = self.timelines[row["app"]]
        if row["kind"] == "router":  # by the time when it was sent, and by what its code foretells
            return place_event(event_of(log_line(row["ts_us"], row["source"], row["proc"], row["message"])), times)
        return place_at(times.open_at(row["dyno"]), row["ts_us"] / US_PER_SECOND)


def incarnations_on(ids: DynoIds, first_us: int, end_us: int) -> Iterator[tuple[str, Incarnation]]:
    """(app, incarnation) of those that overlap a span of time."""
    for app in ids.apps:
        for own in ids.timelines[app].all_incarnations():
            start, end = own.start or 0.0, own.end or inf
            if start * US_PER_SECOND < end_us and end * US_PER_SECOND >= first_us:
                yield app, own


def incarnation_row(app: str, own: Incarnation) -> dict[str, Any]:
    """An incarnation as a row of `incarnations`."""
    return {
        "app": app,
        "dyno": own.dyno,
        "process_type": own.type,
        "dyno_uuid": own.id,
        "dyno_uuid_how": own.id_source,
        "release": None if own.release is None else f"v{own.release}",
        "start_us": 0 if own.start is None else round(own.start * US_PER_SECOND),
        "end_us": ALIVE_US if own.end is None else round(own.end * US_PER_SECOND),
        "exit_reason": own.end_reason,
        "exit_status": own.exit_status,
    }
