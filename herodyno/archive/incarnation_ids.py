"""Which dyno id each line of a day is of: by the same lifecycle code as every verdict, from the lines around the day.

A dyno lives a day and more, so the lines of two days before and after are looked at too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import inf
from typing import Any, TypeAlias

from herodyno.archive.boundaries_of import boundaries_of
from herodyno.archive.engines.engine import Engine
from herodyno.archive.folder import US_PER_SECOND
from herodyno.archive.parquet.tables import Batch, with_texts
from herodyno.archive.rows import log_line, time_of
from herodyno.diagnosis.timeline.attribution import Place, place_at, place_event
from herodyno.diagnosis.timeline.incarnations import IdSource, Incarnation
from herodyno.diagnosis.timeline.known import Known, KnownBy
from herodyno.diagnosis.timeline.listed import ListedDyno
from herodyno.diagnosis.timeline.timeline import Timeline, timeline
from herodyno.logs.events import LogLine, RouterRequest

_HOW: dict[IdSource, str] = {
    "runtime-metrics": "inferred",
    "api": "api",
    "api+runtime-metrics": "api",
    "name": "name",
}
# The end of a dyno that runs. Its start is 0 where it began before the first line.
ALIVE_US = 9_000_000_000_000_000

_ANY = RouterRequest(
    LogLine(None, "", "", "", "", 0), "", "", "", "", "", "", "", "", "", "", None, None, None, None, "", ""
)
# What a closer look needs.
_ASKED = ["app", "ts_us", "kind", "dyno", "source", "proc", "message", "code", "service_ms"]
# What decides the id of most rows.
_DECIDING = ("app", "dyno", "kind", "ts_us", "dyno_uuid", "dyno_uuid_how", "code", "service_ms")
_BOUNDARY_KINDS = frozenset({"state", "exit", "error"})

_Id: TypeAlias = tuple[str | None, str | None]
_NONE: _Id = (None, None)


class DynoIds:
    """The timelines of the apps in some files, and the dyno id of each row. `listed` gives the dynos of an app that the
    API listed on the days of these files."""

    def __init__(self, engine: Engine, listed: Callable[[str], Sequence[ListedDyno]]) -> None:
        self.apps = [app for (app,) in engine.rows("SELECT DISTINCT app FROM events ORDER BY app")]
        self._open: dict[tuple[str, str, int], _Id | None] = {}
        self._boundary_lines: dict[tuple[str, str], Incarnation] = {}
        self.known: dict[str, KnownBy] = {}
        self.timelines = {app: self._timeline(engine, app, listed(app)) for app in self.apps}

    def _timeline(self, engine: Engine, app: str, listed: Sequence[ListedDyno]) -> Timeline:
        found = boundaries_of(engine, app)
        times = timeline(found, None, (), listed)
        self.known[app] = KnownBy(found, listed, times)
        for event in found.events:
            if own := times.of_line.get(event.line.number):
                self._boundary_lines[app, event.line.raw] = own
        return times

    def assigned(self, batch: Batch) -> Batch:
        """The rows with the dyno id of each that has one."""
        ids: list[_Id] = []
        rows = zip(*(batch.column(name).to_pylist() for name in _DECIDING), strict=True)
        for at, (app, dyno, kind, ts_us, told, how, code, service_ms) in enumerate(rows):
            if how == "otlp":
                ids.append((told, how))
            elif not dyno:
                ids.append(_NONE)
            elif kind == "metrics" and told:
                ids.append((told, "line"))
            else:
                own = None
                if not code and kind not in _BOUNDARY_KINDS:
                    own = self._where_one_is_open(app, dyno, ts_us - (service_ms or 0) * 1000)
                ids.append(own or self._id(batch.slice(at, 1).select(_ASKED).to_pylist()[0]))
        return with_texts(batch, {"dyno_uuid": [own for own, _ in ids], "dyno_uuid_how": [how for _, how in ids]})

    def _where_one_is_open(self, app: str, dyno: str, sent_us: int) -> _Id | None:
        """The id of the only dyno that a line of this time can be of; None where that needs a closer look."""
        of_name = self.timelines[app].open_at(dyno)
        stretch = of_name.stretch(sent_us / US_PER_SECOND)
        key = (app, dyno, stretch)
        if key not in self._open:
            self._open[key] = _id_of(own) if (own := of_name.only_one(stretch)) else None
        return self._open[key]

    def _id(self, row: dict[str, Any]) -> _Id:
        own = self._of_boundary(row) or self._place(row).incarnation
        return _id_of(own) if own else _NONE

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


def _id_of(own: Incarnation) -> _Id:
    return (own.id, _HOW[own.id_source]) if own.id else _NONE


def _request(row: dict[str, Any]) -> RouterRequest:
    """A request with the fields that decide whose it was: to read its line again would take six times as long."""
    line = LogLine(time_of(row["ts_us"]), "heroku", "router", "", "", 0)
    return _ANY._replace(line=line, dyno=row["dyno"], code=row["code"] or "", service_ms=row["service_ms"])


def incarnations_on(ids: DynoIds, first_us: int, end_us: int) -> Iterator[dict[str, Any]]:
    """The rows of `incarnations` of those that overlap a span of time."""
    for app in ids.apps:
        for own in ids.timelines[app].all_incarnations():
            start, end = own.start or 0.0, own.end or inf
            if start * US_PER_SECOND < end_us and end * US_PER_SECOND >= first_us:
                yield incarnation_row(app, own, ids.known[app].known(own))


def incarnation_row(app: str, own: Incarnation, known: Known) -> dict[str, Any]:
    """An incarnation as a row of `incarnations`."""
    return {
        "app": app,
        "dyno": own.dyno,
        "process_type": own.type,
        "dyno_uuid": own.id,
        "dyno_uuid_how": _HOW.get(own.id_source),
        "release": None if own.release is None else f"v{own.release}",
        "start_us": 0 if own.start is None else round(own.start * US_PER_SECOND),
        "end_us": ALIVE_US if own.end is None else round(own.end * US_PER_SECOND),
        "exit_reason": own.end_reason,
        "exit_status": own.exit_status,
        "size": own.size or None,
        "state": known.state or None,
        "start_how": known.start_how,
        "end_how": known.end_how,
        "first_seen_us": known.seen and round(known.seen.first * US_PER_SECOND),
        "last_seen_us": known.seen and round(known.seen.last * US_PER_SECOND),
    }
