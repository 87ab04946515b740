"""Requests of OTLP as lines of the archive: who speaks, of which app and dyno, and what no column holds.

On Fir each record names its dyno by id, `service.instance.id`, so that no dyno has to be inferred.
Source: OpenTelemetry's conventions for Heroku (`heroku.app.id`, `service.name` for the app, `service.instance.id` for
the dyno id, `heroku.release.version`) with Heroku's proposal of 2025 (`heroku.app.name`, `heroku.dyno.name`,
`heroku.dyno.type`); Heroku's parts speak as `heroku-router`, `heroku-api` and `heroku-runtime` (Dev Center, 2025).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from herodyno.archive.drains.known import is_app_name
from herodyno.archive.otlp.exported import COLUMNS, SCOPE, SEVERITIES
from herodyno.archive.otlp.metric_lines import MetricNames, samples
from herodyno.archive.otlp.requests import LogRecord, Unreadable, log_records, points
from herodyno.archive.records import METRICS, Frame
from herodyno.archive.rows import ORIGINS, UNDATED, Delivery, log_line, time_of
from herodyno.heroku_facts import UUID_PATTERN
from herodyno.logs.decoding.lines import FIR_SPEAKERS
from herodyno.logs.events import LogLine
from herodyno.units import USABLE_YEARS

ORIGIN = "otlp"

_IN_COLUMNS = frozenset({
    "service.name", "service.instance.id", "heroku.app.name", "heroku.app.id", "heroku.dyno.name", "heroku.dyno.type",
    "heroku.release.version",
})  # fmt: skip
_WORD = re.compile(r"[\w.-]{1,128}", re.ASCII)
_ID = re.compile(UUID_PATTERN, re.ASCII)
_LONGEST_UNREAD = 10_000  # ours: letters that are kept of a body which nobody can read


def otlp_lines(frame: Frame, names: MetricNames | None = None) -> Iterator[tuple[LogLine, Delivery]]:
    """The lines of a request, and how each came. A body that cannot be read is one line without a time.

    `names` takes in the names of metrics.
    """
    came = Delivery(
        app=frame.app,
        origin=ORIGIN,
        recv_us=frame.received_us,
        drain_token=frame.drain or None,
        frame_id=frame.frame_id or None,
    )
    try:
        is_metrics = frame.origin == METRICS
        yield from _metrics(frame.body, came, names or MetricNames()) if is_metrics else _logs(frame.body, came)
    except Unreadable:
        text = frame.body[:_LONGEST_UNREAD].decode("utf-8", "replace")
        yield LogLine(None, "", "", text, text, 1), came._replace(app=frame.app or frame.drain)


def exported_lines(body: bytes) -> Iterator[tuple[LogLine, Delivery]]:
    """The lines of a request in a file. Of one that `archive export` made, each column is what it was."""
    is_metrics = b"resourceMetrics" in body[:100]
    came = Delivery("")
    yield from _metrics(body, came, MetricNames()) if is_metrics else _logs(body, came, is_file=True)


def _logs(body: bytes, came: Delivery, *, is_file: bool = False) -> Iterator[tuple[LogLine, Delivery]]:
    for record in log_records(body):
        if is_file and record.scope == SCOPE:
            yield _as_it_was(record, came)
            continue
        source, proc = _speaker(record.resource)
        at_us = _usable(record.at_us) or _usable(record.observed_us) or came.recv_us or 0
        known = _known(record.resource, record.attributes)
        if record.severity:
            known["severity"] = _severity(record.severity)
        line = log_line(at_us, source, proc, record.text.rstrip("\r\n"))
        yield (line if at_us else line._replace(at=None)), _named(came, record.resource)._replace(known=known)


def _metrics(body: bytes, came: Delivery, names: MetricNames) -> Iterator[tuple[LogLine, Delivery]]:
    for sample in samples(points(body), names):
        known = _known(sample.resource, {})
        dyno = _word(sample.resource.get("heroku.dyno.name", ""))
        if not dyno or "dyno_uuid" not in known:
            continue
        text = f"source={dyno} dyno=heroku.0.{known['dyno_uuid']} {sample.text}"
        at_us = _usable(sample.at_us) or came.recv_us or 0
        yield log_line(at_us, "heroku", dyno, text), _named(came, sample.resource)._replace(known=known)


def _as_it_was(record: LogRecord, came: Delivery) -> tuple[LogLine, Delivery]:
    """A row that was exported. What follows from its text is read from the text again."""
    told = {column: record.attributes[name] for name, column in COLUMNS.items() if name in record.attributes}
    known: dict[str, Any] = {name: told[name] for name in ("app_id", "release", "attrs") if name in told}
    if told.get("dyno_uuid_how") == ORIGIN:
        known |= {"dyno_uuid": told.get("dyno_uuid"), "dyno_uuid_how": ORIGIN}
    if record.severity:
        known |= {"facility": _number(told.get("facility", "")), "severity": _severity(record.severity)}
    line = log_line(_usable(record.at_us), told.get("source", ""), told.get("proc", ""), record.text)
    is_undated = told.get("kind") == UNDATED or not _usable(record.at_us)
    return line._replace(at=None) if is_undated else line, came._replace(
        app=record.resource.get("service.name", ""),
        origin=told["origin"] if told.get("origin") in ORIGINS else came.origin,
        recv_us=record.observed_us or None,
        drain_token=told.get("drain_token"),
        frame_id=told.get("frame_id"),
        frame_seq=_number(told.get("frame_seq", "")),
        known=known,
    )


def _named(came: Delivery, resource: dict[str, str]) -> Delivery:
    """The delivery with its app: of the drain, else as the record says, else the drain's name."""
    service = resource.get("service.name", "")
    names = (came.app, resource.get("heroku.app.name", ""), "" if service in FIR_SPEAKERS else service)
    return came._replace(app=next(filter(is_app_name, names), came.drain_token or ""))


def _speaker(resource: dict[str, str]) -> tuple[str, str]:
    """Source and process, as a line of Heroku's log has them."""
    service = resource.get("service.name", "")
    dyno = _word(resource.get("heroku.dyno.name", "")) or _word(resource.get("heroku.dyno.type", ""))
    return ("heroku", FIR_SPEAKERS[service] or dyno) if service in FIR_SPEAKERS else ("app", dyno)


def _known(resource: dict[str, str], attributes: dict[str, str]) -> dict[str, Any]:
    """The columns that a record fills without its text."""
    dyno_id, release = resource.get("service.instance.id", "").lower(), resource.get("heroku.release.version", "")
    known: dict[str, Any] = {"app_id": resource.get("heroku.app.id"), "release": release or None}
    if _ID.fullmatch(dyno_id):
        known |= {"dyno_uuid": dyno_id, "dyno_uuid_how": ORIGIN}
    rest = {name: value for name, value in (resource | attributes).items() if name not in _IN_COLUMNS}
    known["attrs"] = json.dumps(rest, sort_keys=True, ensure_ascii=False) if rest else None
    return known


def _word(text: str) -> str:
    return text if _WORD.fullmatch(text) else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _usable(at_us: int) -> int:
    return at_us if time_of(at_us).year in USABLE_YEARS else 0  # 64 bits of nanoseconds end in 2554


def _severity(number: int) -> int:
    """OpenTelemetry's severity, 1 to 24, as syslog's, 7 to 0."""
    return next((syslog for syslog, least in enumerate(SEVERITIES) if number >= least), len(SEVERITIES) - 1)
