"""Counts each event once: for an incarnation, as ambiguous, or as naming no dyno."""

from __future__ import annotations

from collections import Counter

from herodyno.diagnosis.counting.errors.error_facts import ErrorFacts
from herodyno.diagnosis.counting.errors.exceptions import count_exceptions, count_exceptions_for_app
from herodyno.diagnosis.counting.facts import EvidenceLine, Facts, IncarnationFacts, Mark
from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.counting.printed import is_printed, rank_of, slot_of
from herodyno.diagnosis.counting.raised import Raised, RaisedFacts
from herodyno.diagnosis.timeline.attribution import foretold_exit, is_cut_by_stop, place_event
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.dynos import process_type_of
from herodyno.logs.codes.table import row_of
from herodyno.logs.events import (
    AppException,
    AppOutput,
    DynoError,
    Event,
    Exited,
    LoadSample,
    LogLoss,
    MemorySample,
    ProcessMemory,
    RouterRequest,
    StateChange,
    Unread,
)
from herodyno.logs.parsing.server_timeouts import server_timeout

SWITCHING_PROTOCOLS = 101  # the status of a websocket, logged when the websocket is closed
LONGEST_PATH = 200
LONGEST_UNREAD = 500  # characters kept of the first line that was not read


def count_for_app(facts: Facts, event: Event) -> None:
    """Count what needs no timeline: lines, losses, and requests for the app as a whole."""
    seconds = event.line.at.timestamp() if event.line.at is not None else None
    if isinstance(event, AppException) and seconds is not None:
        count_exceptions_for_app(facts, [(seconds, event)])
        return
    facts.lines += event.lines if isinstance(event, AppException) else 1
    if seconds is None:
        _count_undated(facts, event)
    else:
        facts.guessed(event.line)
        facts.saw(seconds, seconds, lines=0)
        if isinstance(event, AppOutput) and is_printed(event):
            facts.printed_ranks[rank_of(slot_of(seconds))] += 1
    match event:
        case RouterRequest():
            _count_request(facts, event, seconds)
        case Unread(line=line):
            facts.unread += 1
            if facts.first_unread is None or line.number < facts.first_unread[0]:
                facts.first_unread = (line.number, line.raw[:LONGEST_UNREAD])
        case AppOutput(dyno=dyno) if dyno and event.line.source == "heroku":
            facts.unread_samples += "sample#" in event.line.text
        case LoadSample() | MemorySample(total_mb=None) if "sample#memory_total=" in event.line.text:
            facts.unread_samples += 1
        case LogLoss(code=code, lost=lost, drain=drain):
            # An L10 without a drain's name is in the log of the drain that lost the lines. In a tail, an L10 is
            # about the loss of another reader.
            key = (code, row_of(code).loses_here and not drain)
            facts.losses[key] += 1
            facts.lost_lines[key] += lost
        case _:
            pass


def _count_undated(facts: Facts, event: Event) -> None:
    """Count a line without a time by what it tells: such a line can be put into no incarnation."""
    dyno: str = getattr(event, "dyno", "")
    if not dyno:
        return
    counts = facts.undated.setdefault(dyno, Counter())
    counts["lines"] += event.lines if isinstance(event, AppException) else 1
    match event:
        case RouterRequest():
            counts["requests"] += 1
            code, _ = server_code(event)
            counts.update([code] if code else [])
        case DynoError(code=code):
            counts[code] += 1
        case Exited(status=status) if status is not None:
            counts[f"exit {status}"] += 1
        case StateChange(after="crashed"):
            counts["crashed"] += 1
        case AppException(kind=kind) if kind:
            counts["exceptions"] += 1
        case _:
            pass


def attribute(facts: Facts, event: Event, times: Timeline) -> None:
    """Count an event for its incarnation, as ambiguous, or as naming no dyno."""
    incarnation, certainty = place_event(event, times)
    if incarnation is not None:
        count_for_incarnation(facts.of(incarnation.key), event)
        if isinstance(event, (AppException, AppOutput)):
            facts.of(incarnation.key).patterns.add_event(event)
        if isinstance(event, RouterRequest) and server_code(event)[0]:
            exiting = foretold_exit(event, times)
            if exiting is not None:
                facts.symptoms[exiting.key] += 1
            if is_cut_by_stop(event, incarnation):
                facts.cut_by_stop[*incarnation.key, event.code] += 1
        return
    lines = event.lines if isinstance(event, AppException) else 1
    if certainty != "ambiguous":
        facts.unattributed += lines
        return
    facts.ambiguous += lines
    if isinstance(event, RouterRequest):
        process_type = process_type_of(event.dyno)
        facts.ambiguous_requests[process_type] += 1
        code, family = server_code(event)
        if code:
            errors = facts.ambiguous_errors.setdefault(process_type, ErrorFacts())
            errors.add(code, family, path_of(event), client_of(event), event_seconds(event))
            _raised(facts, process_type).beside.add_failure(event_seconds(event), sent_seconds(event))
    elif isinstance(event, AppException):
        raised = Raised(event_seconds(event), event.line.number, event.kind, event.message)
        _raised(facts, process_type_of(event.dyno)).add([raised])


def _raised(facts: Facts, process_type: str) -> RaisedFacts:
    return facts.ambiguous_raised.setdefault(process_type, RaisedFacts())


def sent_seconds(event: RouterRequest) -> float:
    """When a request was sent: the router logs it when it ends."""
    return event_seconds(event) - (event.service_ms or 0) / 1000


def event_seconds(event: Event) -> float:
    """The time of an event in seconds since 1970, 0 when it has none."""
    return event.line.at.timestamp() if event.line.at is not None else 0.0


def server_code(event: RouterRequest) -> tuple[str, str]:
    """(code, family) of a server error: ("H12", "H12"), ("503", "5xx"); ("", "") for any other request."""
    if event.code:
        return (event.code, event.code) if row_of(event.code).kind == "server" else ("", "")
    if event.status is not None and 500 <= event.status <= 599:
        return (str(event.status), "5xx")
    return ("", "")


def path_of(event: RouterRequest) -> str:
    """The path without its query string, which holds people's data and makes every request look different."""
    return event.path.partition("?")[0][:LONGEST_PATH]


def client_of(event: RouterRequest) -> str:
    """The client's address: the first of the X-Forwarded-For list."""
    return event.fwd.partition(",")[0].strip()


def _count_request(facts: Facts, event: RouterRequest, seconds: float | None) -> None:
    facts.router_lines += 1
    code, family = server_code(event)
    path, client = path_of(event), client_of(event)
    at = seconds if seconds is not None else facts.last or 0.0
    status = str(event.status) if event.status is not None else ""
    facts.shared.add(
        failed=bool(code),
        values=(("path", path), ("method", event.method), ("host", event.host), ("client", client), ("status", status)),
    )
    if event.dyno:
        process_type = process_type_of(event.dyno)
        if process_type not in facts.types:
            facts.types[process_type] = Grid()
        facts.types[process_type].add(at, error=bool(code), service_ms=None)
        return
    line = EvidenceLine(at, event.line.number, event.line.raw)
    if code:
        facts.no_dyno.add(code, family, path, client, at)
        facts.evidence.add(code, line)
    elif event.code:
        facts.no_dyno_codes[event.code] += 1
        facts.evidence.add(event.code, line)
    facts.no_dyno_grid.add(at, error=bool(code), service_ms=None)


def count_for_incarnation(own: IncarnationFacts, event: Event) -> None:
    """Count an event that belongs to an incarnation."""
    seconds = event.line.at.timestamp() if event.line.at is not None else None
    own.lines += event.lines if isinstance(event, AppException) else 1
    if seconds is not None:
        own.saw(seconds, seconds)
    if isinstance(event, RouterRequest):
        _request(own, event, seconds or 0.0)
    elif isinstance(event, AppException):
        count_exceptions(own, [(seconds or 0.0, event)])
    else:
        _dyno_line(own, event, seconds)


def _request(own: IncarnationFacts, event: RouterRequest, at: float) -> None:
    code, family = server_code(event)
    path, client = path_of(event), client_of(event)
    is_websocket = event.status == SWITCHING_PROTOCOLS
    service_ms = None if is_websocket else event.service_ms
    own.requests += 1
    own.websockets += is_websocket
    own.grid.add(at, error=bool(code), service_ms=service_ms)
    own.paths.add(path)
    if client:
        own.clients.add(client)
    if service_ms is not None:
        (own.failed_service if code else own.good_service)[service_ms] += 1
    if code:
        own.errors.add(code, family, path, client, at)
        own.raised.beside.add_failure(at, sent_seconds(event))
        own.evidence.add(code, EvidenceLine(at, event.line.number, event.line.raw))
        return
    if event.code:
        own.codes[event.code] += 1
        own.evidence.add(event.code, EvidenceLine(at, event.line.number, event.line.raw))
        if event.code == "H27":
            own.left.add(path)
            if event.service_ms is not None:
                own.waits[event.service_ms] += 1


def _dyno_line(own: IncarnationFacts, event: Event, seconds: float | None) -> None:
    at = seconds if seconds is not None else 0.0
    line = EvidenceLine(at, event.line.number, event.line.raw)
    match event:
        case MemorySample():
            if seconds is not None and own.memory.add(event, seconds):
                own.evidence.add("memory", line)
        case LoadSample(load_1m=load) if load is not None and load >= 0 and seconds is not None:
            own.load.add([seconds], [load])
        case ProcessMemory(mem_mb=mem_mb, percent=percent):
            own.add_mark(Mark(at, event.line.number, mem_mb, percent))
        case DynoError(code=code):
            own.evidence.add(code, line)
            own.codes[code] += 1
            if code == "R14" and seconds is not None:
                own.memory.add_r14([at])
            elif code == "R15":
                own.memory.r15 += 1
        case Exited():
            own.evidence.add("exit", line)
        case AppOutput() if event.line.source == "app":
            own.printed(line._replace(raw=event.line.text))
            if server := server_timeout(event.line.text):
                own.timeouts[server] += 1
                own.evidence.add("timeout", line)
        case _:
            pass
