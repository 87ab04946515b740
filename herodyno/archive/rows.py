"""One line of a log as one row of the archive: the text, and beside it every field that a query may ask for.

The columns of `events` are the fields of `Row`, in this order and with these types. Readers outside of herodyno rely on
them, so a field is added at the end and none is changed: a change needs a new SCHEMA_VERSION.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from herodyno.diagnosis.counting.events import client_of
from herodyno.dynos import process_type_of
from herodyno.logs.events import (
    AddonSample,
    ApiAction,
    AppException,
    AppOutput,
    Attached,
    DynoError,
    Event,
    Exited,
    LoadSample,
    LogLine,
    LogLoss,
    MemorySample,
    ProcessMemory,
    RouterRequest,
    Starting,
    StateChange,
    Stopping,
    Unread,
)
from herodyno.logs.scan.fast_reject import is_plain
from herodyno.logs.scan.scanner import LONGEST_SERVICE
from herodyno.units import log_time

SCHEMA_VERSION = 1
ORIGINS = ("import", "logplex", "shuttle", "otlp")
UNDATED = "undated"  # the kind of a line whose own time is not known

_EPOCH = datetime.fromtimestamp(0, UTC)
_PRIORITY = re.compile(r"(?:\d{1,8} )?<(\d{1,3})>")
# A websocket (101) counts apart, an error by its code.
GOOD_STATUSES = range(200, 500)
_COUNTED = frozenset(
    {"kind", "dyno", "code", "method", "path", "host", "status", "service_ms", "client", "load_1m", "mem_total_mb",
     "mem_swap_mb", "mem_quota_mb", "mem_pages_in"}
)  # fmt: skip
_API_KINDS = {"scale": "scale", "config": "config", "addon": "addon"}


class Row(NamedTuple):
    """A row of `events`. Times are microseconds since 1970 in UTC, memory is in MB. None: the line does not say.

    `ts_us` of a line without a time is `recv_us`, else that of the line before it, else that of the first with a time;
    its kind is "undated". `recv_us` is when a receiver had the line, None for an import. (`drain_token`, `frame_id`,
    `frame_seq`) is the place in a drain's frame, the same in each repetition of the frame. `dyno_uuid_how` says how the
    dyno's id is known: "line" (runtime metrics), "otlp" (the record), "name" (Fir), "inferred" (by name and time),
    "api" (as inferred, of a dyno that the API listed). `arrival` orders lines of one time. `path` has no query string.
    `message` is the text without its line end, `attrs` a JSON object of what a record of OTLP says beside it; secrets
    are taken out of both. `client` is the first address of X-Forwarded-For, `mem_pages_in` how many pages were read in
    so far. `in_columns`: the columns hold all that a verdict counts of the line, so that nobody has to read `message`;
    of an app's line, that `message` is only to be shown and compared: it has no role in a traceback and tells of no
    timeout.
    """

    ts_us: int
    recv_us: int | None
    app: str
    app_id: str | None
    drain_token: str | None
    frame_id: str | None
    frame_seq: int | None
    origin: str
    facility: int | None
    severity: int | None
    source: str
    proc: str
    kind: str
    dyno: str | None
    process_type: str | None
    dyno_uuid: str | None
    dyno_uuid_how: str | None
    code: str | None = None
    method: str | None = None
    path: str | None = None
    host: str | None = None
    request_id: str | None = None
    protocol: str | None = None
    status: int | None = None
    connect_ms: int | None = None
    service_ms: int | None = None
    bytes: int | None = None
    mem_total_mb: float | None = None
    mem_rss_mb: float | None = None
    mem_cache_mb: float | None = None
    mem_swap_mb: float | None = None
    mem_quota_mb: float | None = None
    load_1m: float | None = None
    load_5m: float | None = None
    load_15m: float | None = None
    state_from: str | None = None
    state_to: str | None = None
    exit_status: int | None = None
    release: str | None = None
    arrival: int = 0
    message: str = ""
    attrs: str | None = None
    client: str | None = None
    mem_pages_in: int | None = None
    in_columns: bool = False


class Delivery(NamedTuple):
    """How a line came: which app it is of, and through which drain and frame. `origin` is one of ORIGINS.
    `known` are columns that the line's record fills, beside its text."""

    app: str
    origin: str = "import"
    recv_us: int | None = None
    drain_token: str | None = None
    frame_id: str | None = None
    frame_seq: int | None = None
    known: Mapping[str, Any] | None = None


def row_of(event: Event, ts_us: int, arrival: int, came: Delivery, raw: str) -> Row:
    """The row of a line, given what the line means. `raw` is the line as it came, for the priority before it."""
    line = event.line
    dyno = getattr(event, "dyno", "") or None
    facility, severity = _priority(raw)
    dyno_id = (event.dyno_id or None) if isinstance(event, (MemorySample, LoadSample)) else None
    row = Row(
        ts_us=ts_us,
        recv_us=came.recv_us,
        app=came.app,
        app_id=None,
        drain_token=came.drain_token,
        frame_id=came.frame_id,
        frame_seq=came.frame_seq,
        origin=came.origin,
        facility=facility,
        severity=severity,
        source=line.source,
        proc=line.proc,
        kind=_kind(event),
        dyno=dyno,
        process_type=process_type_of(dyno) if dyno else None,
        dyno_uuid=dyno_id,
        dyno_uuid_how="line" if dyno_id else None,
        arrival=arrival,
        message=line.text,
    )
    known = {name: value for name, value in (came.known or {}).items() if value is not None}
    row = _with_fields(row, event)
    # A verdict reads the text, which a record may contradict.
    counted = {*_COUNTED, "dyno_uuid"} if row.kind == "metrics" else _COUNTED
    is_as_known = all(value == getattr(row, name) for name, value in known.items() if name in counted)
    return row._replace(**known, in_columns=is_as_known and _is_in_columns(event))


def line_text(source: str, proc: str, message: str) -> str:
    """The line as `heroku logs` shows it behind the time; a line of nobody as it is."""
    return f"{source}[{proc}]: {message}" if source else message


def time_of(ts_us: int) -> datetime:
    """Microseconds since 1970 as an aware time, exactly."""
    return _EPOCH + timedelta(microseconds=ts_us)


def log_line(ts_us: int, source: str, proc: str, message: str, number: int = 0) -> LogLine:
    """A row as the line that it was made of."""
    at = time_of(ts_us)
    raw = f"{log_time(at)} {line_text(source, proc, message)}"
    return LogLine(at, source, proc, message, raw, number)


def _with_fields(row: Row, event: Event) -> Row:
    match event:
        case RouterRequest():
            return row._replace(
                code=event.code or None,
                method=event.method or None,
                path=event.path.partition("?")[0] or None,
                host=event.host or None,
                request_id=event.request_id or None,
                protocol=event.protocol or None,
                status=_small(event.status, 15),
                connect_ms=_small(event.connect_ms, 31),
                service_ms=_small(event.service_ms, 31),
                bytes=_small(event.bytes, 63),
                client=client_of(event) or None,
            )
        case MemorySample():
            return row._replace(
                mem_total_mb=event.total_mb,
                mem_rss_mb=event.rss_mb,
                mem_cache_mb=event.cache_mb,
                mem_swap_mb=event.swap_mb,
                mem_quota_mb=event.quota_mb,
                mem_pages_in=_small(event.pages_in, 63),
            )
        case LoadSample():
            return row._replace(load_1m=event.load_1m, load_5m=event.load_5m, load_15m=event.load_15m)
        case DynoError(code=code) | LogLoss(code=code):
            return row._replace(code=code)
        case StateChange():
            return row._replace(state_from=event.before, state_to=event.after)
        case Exited():
            return row._replace(exit_status=_small(event.status, 15))
        case ApiAction(version=version) if version is not None:
            return row._replace(release=f"v{version}")
        case _:
            return row


def is_good(status: int, service_ms: int) -> bool:
    """Whether a request without a code is counted by its columns alone."""
    return status in GOOD_STATUSES and service_ms < LONGEST_SERVICE * 1000


def _is_in_columns(event: Event) -> bool:
    """Whether the columns hold all that is counted of an event: of a good request, a sample of memory or load, or a
    plain line of an app."""
    if event.line.at is None:
        return False
    match event:
        case RouterRequest(code="", status=status, service_ms=service_ms) if event.dyno:
            return status is not None and service_ms is not None and is_good(status, service_ms)
        case MemorySample(total_mb=total, pages_in=pages_in):
            return total is not None and _small(pages_in, 63) == pages_in
        case LoadSample(load_1m=load):
            return load is not None and load >= 0 and "sample#memory_total=" not in event.line.text
        case AppOutput(dyno=dyno):
            return bool(dyno) and event.line.source == "app" and is_plain(event.line.text)
        case _:
            return False


def _kind(event: Event) -> str:
    if event.line.at is None:
        return UNDATED
    match event:
        case RouterRequest():
            return "router"
        case MemorySample() | LoadSample():
            return "metrics"
        case StateChange() | Starting() | Stopping():
            return "state"
        case Exited():
            return "exit"
        case DynoError() | LogLoss():
            return "error"
        case ApiAction(kind=kind):
            return "release" if kind.startswith(("release", "rollback", "deploy")) else _API_KINDS.get(kind, "api")
        case AddonSample():
            return "addon"
        case AppOutput() | AppException() if event.line.source == "app":
            return "app"
        case Unread():
            return "unparsed"
        case Attached():  # a terminal, which may outlive the dyno
            return "attached"
        case ProcessMemory() | _:
            return "platform"


def _priority(raw: str) -> tuple[int | None, int | None]:
    """(facility, severity) of a syslog line; None of any other."""
    found = _PRIORITY.match(raw) if raw[:1] in "<0123456789" else None
    return priority_of(int(found[1])) if found else (None, None)


def priority_of(number: int) -> tuple[int | None, int | None]:
    """(facility, severity) of a priority of syslog; None of a number that is none."""
    return divmod(number, 8) if number < 192 else (None, None)


def _small(number: int | None, bits: int) -> int | None:
    """The number where its column can hold it. A forged line may name any number."""
    return number if number is not None and -(1 << bits) <= number < 1 << bits else None
