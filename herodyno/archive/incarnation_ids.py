"""Which dyno id each line of a day is of: by the same lifecycle code as every verdict, from the lines around the day.

A dyno lives a day and more, so the lines of two days before and after are looked at too.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

from herodyno.archive.boundaries_of import boundaries_of
from herodyno.archive.engines.engine import Engine
from herodyno.archive.folder import US_PER_SECOND
from herodyno.archive.parquet import Batch, with_texts
from herodyno.archive.rows import log_line, time_of
from herodyno.diagnosis.timeline.attribution import Place, place_at, place_event
from herodyno.diagnosis.timeline.incarnations import IdSource, Incarnation
from herodyno.diagnosis.timeline.timeline import Timeline, timeline
from herodyno.logs.events import LogLine, RouterRequest

_HOW: dict[IdSource, str] = {"runtime-metrics": "inferred", "api": "api", "api+runtime-metrics": "api", "name": "name"}
# The end of a dyno that runs. Its start is 0 where it began before the first line.
ALIVE_US = 9_000_000_000_000_000

_ANY = RouterRequest(
    LogLine(None, "", "", "", "", 0), "", "", "", "", "", "", "", "", "", "", None, None, None, None, "", ""
)
# What `_id` looks at.
_ASKED = ["app", "ts_us", "kind", "dyno", "dyno_uuid", "dyno_uuid_how", "source", "proc", "message", "code",
          "service_ms"]  # fmt: skip


class DynoIds:
    """The timelines of the apps in some files, and the dyno id of each row."""

    def __init__(self, engine: Engine) -> None:
        self.apps = [app for (app,) in engine.rows("SELECT DISTINCT app FROM events ORDER BY app")]
        self._boundary_lines: dict[tuple[str, str], Incarnation] = {}
        self.timelines = {app: self._timeline(engine, app) for app in self.apps}

    def _timeline(self, engine: Engine, app: str) -> Timeline:
        found = boundaries_of(engine, app)
        times = timeline(found, None, ())
        for event in found.events:
            if own := times.of_line.get(event.line.number):
                self._boundary_lines[app, event.line.raw] = own
        return times

    def assigned(self, batch: Batch) -> Batch:
        """The rows with the dyno id of each that has one."""
        ids = [self._id(row) for row in batch.select(_ASKED).to_pylist()]
        return with_texts(batch, {"dyno_uuid": [own for own, _ in ids], "dyno_uuid_how": [how for _, how in ids]})

    def _id(self, row: dict[str, Any]) -> tuple[str | None, str | None]:
        if row["dyno_uuid_how"] == "otlp":
            return row["dyno_uuid"], "otlp"
        if not row["dyno"]:
            return None, None
        if row["kind"] == "metrics" and row["dyno_uuid"]:
            return row["dyno_uuid"], "line"
        own = self._of_boundary(row) or self._place(row).incarnation
        return (own.id, _HOW[own.id_source]) if own is not None and own.id else (None, None)

    def _of_boundary(self, row: dict[str, Any]) -> Incarnation | None:
        if row["kind"] not in ("state", "exit", "error"):
            return None
        line = log_line(row["ts_us"], row["source"], row["proc"], row["message"])
        return self._boundary_lines.get((row["app"], line.raw))

    def _place(self, row: dict[str, Any]) -> Place:
        times = self.timelines[row["app"]]
        if row["kind"] == "router":  # by the time when it was sent, and by what its code foretells
            return place_event(_request(row), times)
        return place_at(times.open_at(row["dyno"]), row["ts_us"] / US_PER_SECOND)


def _request(row: dict[str, Any]) -> RouterRequest:
    """A request with the fields that decide whose it was: to read its line again would take six times as long."""
    line = LogLine(time_of(row["ts_us"]), "heroku", "router", "", "", 0)
    return _ANY._replace(line=line, dyno=row["dyno"], code=row["code"] or "", service_ms=row["service_ms"])


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
