"""A line of log, or a mark between two lines, as a record of `herodyno.log/1`."""

from __future__ import annotations

from typing import Any

from herodyno.logs.events import DynoError, Event, LogLine, LogLoss, RouterRequest
from herodyno.logs.parsing.event import dyno_of, event_of
from herodyno.logs.query.fields import metrics_of
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.quantities import quantity
from herodyno.units import json_seconds, json_time

SCHEMA = "herodyno.log/1"


def line_record(line: LogLine) -> dict[str, Any]:
    """`herodyno.log/1` of a line: its head, its text, and what the text means where that is known."""
    event = event_of(line)
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "type": "line",
        "at": json_time(line.at),
        "source": line.source,
        "proc": line.proc,
        "dyno": event.dyno if isinstance(event, RouterRequest) else dyno_of(line),
        "text": line.text,
    }
    if line.app:
        record["app"] = line.app
    if isinstance(event, (RouterRequest, DynoError, LogLoss)) and event.code:
        record["code"] = event.code
    if isinstance(event, RouterRequest):
        record["request"] = _request(event)
    elif metrics := _metrics(event):
        record["metrics"] = metrics
    return record


def mark_record(mark: Mark) -> dict[str, Any]:
    """`herodyno.log/1` of a mark; `type` is gap, lost, incarnation, silence or more."""
    record = {
        "schema": SCHEMA,
        "type": mark.kind,
        "at": json_time(mark.at),
        "dyno": mark.dyno,
        "text": mark.text,
        "lines": mark.lines,
        "seconds": json_seconds(mark.seconds),
    }
    return {**record, "app": mark.app} if mark.app else record


def _request(event: RouterRequest) -> dict[str, Any]:
    names = ("method", "path", "host", "status", "service_ms", "connect_ms", "bytes", "request_id", "fwd",
             "protocol", "desc", "sock", "cause")  # fmt: skip
    return {name: value for name in names if (value := getattr(event, name)) not in (None, "")}


def _metrics(event: Event) -> dict[str, Any]:
    found = {}
    for name, text in metrics_of(event).items():
        if number := quantity(text):
            found[name] = {"value": number.number, "unit": number.unit}
    return found
