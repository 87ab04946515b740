"""Log lines that travel as JSON objects: Papertrail's API, log shippers, and `logs -o jsonl|json` of our own.

The keys are those of each tool's documentation: Papertrail's events API, Vector's heroku_logs source, Better Stack's
Heroku drain. Of an object that names no speaker (Logentries keeps the whole frame) the message's own head is read. An
object that names its speaker is believed, and not what its message says.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from herodyno.logs.decoding.lines import read_head
from herodyno.logs.decoding.shapes import Read
from herodyno.units import USABLE_YEARS

_TIMES = ("at", "timestamp", "generated_at", "received_at", "dt", "time", "@timestamp")
_MESSAGES = ("text", "message", "msg", "line", "log")
_SOURCES = ("source", "app_name", "appname", "source_name")
_PROCS = ("proc", "proc_id", "procid", "dyno", "process")
_INSIDE = ("syslog", "heroku", "fields")  # objects in which shippers keep the fields of the frame
_SPEAKERS = ("app", "heroku")


def read_object(raw: str) -> Read | None:
    """An object that is a log line."""
    try:
        found: Any = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    message = _text(found, _MESSAGES)
    if message is None:
        return None
    fields = found
    for name in _INSIDE:
        if isinstance(inner := found.get(name), dict):
            fields = inner | {key: value for key, value in fields.items() if value is not None}
    program = fields.get("program")
    source, _, proc = program.partition("/") if isinstance(program, str) else ("", "", "")
    if source not in _SPEAKERS or not proc:
        source, proc = _text(fields, _SOURCES, _SPEAKERS) or "", _text(fields, _PROCS) or ""
    message = message.replace("\r\n", "\\n").replace("\n", "\\n")  # it stays one line wherever it is written
    if source and proc:
        at = _time(_text(fields, _TIMES))
        return (at, source, proc, message) if at else None
    return read_head(message)


def _text(fields: dict[str, Any], names: tuple[str, ...], among: tuple[str, ...] = ()) -> str | None:
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and (not among or value in among):
            return value
    return None


def _time(text: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(text.removesuffix(" UTC")) if text else None
    except ValueError:
        return None
    if at is None or at.year not in USABLE_YEARS:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
