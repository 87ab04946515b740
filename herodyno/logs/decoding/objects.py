"""Log lines that travel as JSON objects: Papertrail's API, log shippers, and `logs -o jsonl|json` of our own.

The keys are those of each tool's documentation: Papertrail's events API, Vector's heroku_logs source, Better Stack's
Heroku drain. Of an object that names no speaker (Logentries keeps the whole frame) the message's own head is read. An
object that names its speaker is believed, and not what its message says.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from herodyno.logs.decoding.heads import read_head
from herodyno.logs.decoding.shapes import Read
from herodyno.units import USABLE_YEARS

_TIMES = ("at", "timestamp", "generated_at", "received_at", "dt", "time", "@timestamp", "ts", "_ts", "date")
_MESSAGES = ("text", "message", "msg", "line", "_line", "log", "raw", "@message")
_SOURCES = ("source", "app_name", "appname", "source_name", "ident", "service", "ddsource", "_app", "app")
_PROCS = ("proc", "proc_id", "procid", "dyno", "process", "pid")
# Objects in which shippers keep the fields of the frame.
_INSIDE = ("syslog", "heroku", "fields", "attributes", "_source", "log", "labels")
_SPEAKERS = ("app", "heroku")


def read_object(raw: str) -> Read | None:
    """An object that is a log line."""
    try:
        found: Any = json.loads(raw)
        if "\\u" in raw:  # an escape may be half a character, which no text in UTF-8 holds
            found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return read_fields(found) if isinstance(found, dict) else None


def read_fields(found: dict[str, Any]) -> Read | None:
    """The fields of a log line by name."""
    fields = {key.rpartition(".")[2]: value for key, value in found.items() if value is not None}
    for name in _INSIDE:
        if isinstance(inner := found.get(name), dict):
            fields = {key: value for key, value in inner.items() if value is not None} | fields
    message = _text(fields, _MESSAGES)
    if message is None:
        return None
    source, proc = _speaker(fields)
    message = message.replace("\r\n", "\\n").replace("\n", "\\n")  # it stays one line wherever it is written
    if source and proc:
        at = next((at for name in _TIMES if (at := _time(fields.get(name)))), None)
        return (at, source, proc, message) if at else None
    return read_head(message)


def _speaker(fields: dict[str, Any]) -> tuple[str, str]:
    """(source, process), both "" where the object does not say: in one field with a slash, or in two."""
    for name in ("program", *_SOURCES):
        source, _, proc = str(fields.get(name)).partition("/")
        if source in _SPEAKERS and proc:
            return source, proc
    return _text(fields, _SOURCES, _SPEAKERS) or "", _text(fields, _PROCS) or ""


def _text(fields: dict[str, Any], names: tuple[str, ...], among: tuple[str, ...] = ()) -> str | None:
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and (not among or value in among):
            return value
    return None


def _time(value: Any) -> datetime | None:
    """A time in ISO 8601, or a number of seconds, milliseconds, microseconds or nanoseconds since 1970."""
    at: datetime | None
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            at = datetime.fromtimestamp(value / 1000 ** max(0, (len(str(int(value))) - 10) // 3), UTC)
        else:
            at = datetime.fromisoformat(value.removesuffix(" UTC")) if isinstance(value, str) and value else None
    except (ValueError, OverflowError, OSError):
        return None
    if at is None or at.year not in USABLE_YEARS:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
