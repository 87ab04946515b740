"""The obvious way to count a log: the timeline from all events, then each event placed and counted, one by one.

Nothing here knows blocks, segments, columns or parts. `seen_in`, `chosen` and `main_counters` share no code with
the pass; `facts_by_events` counts with the product's own functions, so that every field can be compared.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import inf
from typing import Any

from herodyno.diagnosis.counting import printed
from herodyno.diagnosis.counting.events import attribute, count_for_app
from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.raised import RaisedFacts
from herodyno.diagnosis.scope import Scope
from herodyno.diagnosis.timeline.boundaries import Boundaries, FirstLast
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.dynos import process_type_of
from herodyno.logs.events import (
    ApiAction,
    AppException,
    AppOutput,
    Attached,
    DynoError,
    Event,
    Exited,
    LoadSample,
    MemorySample,
    ProcessMemory,
    RouterRequest,
    Starting,
    StateChange,
    Stopping,
    Unread,
)
from herodyno.logs.parsing.chatter import is_chatter

SERVER = [
    "H10",
    "H11",
    "H12",
    "H13",
    "H14",
    "H17",
    "H18",
    "H19",
    "H20",
    "H21",
    "H22",
    "H23",
    "H24",
    "H25",
    "H34",
    "H99",
]
ENDING = ["R10", "R12", "R13", "R15", "R17", "R99"]
SERVERS = {
    "gunicorn": r"WORKER TIMEOUT",
    "puma": r"Terminating timed out worker",
    "unicorn": r" timeout \(.*\), killing",
    "rack-timeout": r"state=timed_out",
    "uWSGI": r"\*\*\* HARAKIRI ON WORKER",
    "nginx": r"upstream timed out \(",
}
EXIT_WITHIN = {"H13": 0.5, "H18": 1.0}
ANSI = re.compile(r"\x1b\[[0-9;]{0,16}[A-Za-z]")
OF_A_STOP = ["H13", "H18", "H19", "H21"]


def seen_in(events: Iterable[Event]) -> Boundaries:
    """What the timeline is built from."""
    names: dict[str, list[float]] = defaultdict(list)
    ids: dict[tuple[str, str], list[float]] = defaultdict(list)
    seen, times = Boundaries(), []
    for event in events:
        if event.line.at is None:
            continue
        at, dyno = event.line.at.timestamp(), getattr(event, "dyno", "")
        times.append(at)
        if dyno and not isinstance(event, Attached):
            names[dyno] += [at, at - (event.service_ms or 0) / 1000] if isinstance(event, RouterRequest) else [at]
        if isinstance(event, (MemorySample, LoadSample)) and event.dyno_id:
            ids[dyno, event.dyno_id].append(at)
        if isinstance(event, (StateChange, Starting, Stopping, Exited)) or (
            isinstance(event, DynoError) and event.code in ENDING
        ):
            seen.events.append(event)
        if isinstance(event, ApiAction):
            seen.actions.append(event)
    seen.names = {name: FirstLast(min(own), max(own)) for name, own in names.items()}
    seen.ids = {key: FirstLast(min(own), max(own)) for key, own in ids.items()}
    seen.span = FirstLast(min(times, default=inf), max(times, default=-inf))
    return seen


def chosen(events: Iterable[Event], scope: Scope) -> Iterator[Event]:
    """The events that a scope selects; an event without a time shares the lot of the event before it."""
    is_inside = not scope.start
    for event in events:
        if at := event.line.at:
            is_inside = not (scope.start and at < scope.start) and not (scope.end and at > scope.end)
        dyno = getattr(event, "dyno", "")
        kind = process_type_of(dyno) if dyno else "web" if isinstance(event, RouterRequest) else ""
        if is_inside and (not scope.types or not kind or kind in scope.types):
            yield event


def facts_by_events(events: Iterable[Event], times: Timeline) -> Facts:
    """Every field of the facts."""
    facts = Facts()
    for event in events:
        count_for_app(facts, event)
        attribute(facts, event, times)
    facts.leave_out_slots()
    return facts


def main_counters(events: Iterable[Event], times: Timeline) -> dict[str, Any]:
    """The numbers on which a verdict rests, as dicts of numbers; those of a life under its key."""
    whole: Counter[str] = Counter()
    moments: list[float] = []
    incarnations: dict[Any, dict[str, Any]] = {}
    ranks: list[int] = []
    for event in events:
        lines = event.lines if isinstance(event, AppException) else 1
        at = event.line.at.timestamp() if event.line.at else None
        whole["lines"] += lines
        whole["unread"] += isinstance(event, Unread)
        whole["without year"] += at is not None and event.line.raw.lstrip("<0123456789>")[:1].isalpha()
        is_of_platform = event.line.source == "heroku" and bool(getattr(event, "dyno", ""))
        is_unread_sample = is_of_platform and (
            (isinstance(event, AppOutput) and "sample#" in event.line.text)
            or (getattr(event, "total_mb", None) is None and "sample#memory_total=" in event.line.text)
        )
        whole["unread_samples"] += is_unread_sample
        whole["requests"] += isinstance(event, RouterRequest)
        moments += [] if at is None else [at]
        ranks += [] if at is None or not is_printed(event) else [printed.rank_of(int(at // 5))]
        code = server_error(event)
        dyno = getattr(event, "dyno", "")
        if dyno and at is None:
            whole[f"undated of {dyno}"] += lines
            whole["unattributed"] += lines
            continue
        if not dyno:
            whole["unattributed"] += lines
            whole[f"{code} of no dyno"] += bool(code)
            continue
        incarnation = owner(event, dyno, times)
        if incarnation is None:
            whole["ambiguous"] += lines
            continue
        own = incarnations.setdefault(
            incarnation.key,
            {name: Counter() for name in ("errors", "counts", "timed")}
            | {name: [] for name in ("moments", "memory", "load", "marks", "raised", "raising")}
            | {name: [] for name in ("said", "failed", "printed")},
        )
        own["counts"]["lines"] += lines
        own["counts"]["requests"] += isinstance(event, RouterRequest)
        own["moments"] += [] if at is None else [at]
        own["errors"] += Counter([code] if code else [])
        if isinstance(event, RouterRequest) and at is not None:
            own["counts"]["cut by the stop"] += event.code in OF_A_STOP and stops_at(incarnation, at)
        if isinstance(event, RouterRequest):
            is_websocket = event.status == 101
            own["counts"]["websockets"] += is_websocket
            own["timed"] += Counter([] if is_websocket or event.service_ms is None else [event.service_ms])
            if code:
                own["failed"].append((at or 0.0, (at or 0.0) - (event.service_ms or 0) / 1000))
        if isinstance(event, AppOutput) and event.line.source == "app":
            own["counts"] += Counter(server_timeouts_in(event.line.text[:400]))
        if isinstance(event, AppException) and event.kind != "SignalException":
            own["raising"].append(at)
        if isinstance(event, AppException) and event.kind:
            own["counts"]["Rack::Timeout"] += event.kind.startswith("Rack::Timeout::")
            own["raised"].append((at or 0.0, event.line.number, event.kind, event.message[:300]))
        if isinstance(event, MemorySample) and event.total_mb is not None:
            own["memory"].append(event.total_mb)
        if isinstance(event, LoadSample) and (event.load_1m or 0) >= 0 and event.load_1m is not None:
            own["load"].append(event.load_1m)
        if isinstance(event, ProcessMemory):
            own["marks"].append((event.mem_mb, event.percent))
        if at is not None and is_printed(event) and getattr(event, "kind", "") != "SignalException":
            is_blank = not isinstance(event, AppException) and not ANSI.sub("", event.line.text[:400]).strip()
            own["printed"] += [] if is_blank else [int(at // 5)]
        if at is not None and (text := said(event)):
            own["said"].append((at, event.line.number, text))
    least = 0
    while sum(rank >= least for rank in ranks) > printed.MOST_LOOKED_AT:
        least += 1
    return {
        **+whole,
        "first": min(moments, default=None),
        "last": max(moments, default=None),
        "lives": {
            key: {
                **+own["counts"],
                "printed": Counter(slot for slot in own["printed"] if printed.rank_of(slot) >= least),
                "errors": dict(own["errors"]),
                "first": min(own["moments"], default=None),
                "last": max(own["moments"], default=None),
                "samples": len(own["memory"]),
                "most": max(own["memory"], default=None),
                "load": max(own["load"], default=None),
                "mark": max(own["marks"], default=None),
                "timed": own["timed"],
                "raised": max(own["raised"], default=None),
                "raising": len(own["raising"]),
                "beside": beside(own["failed"], own["raised"]),
                "said": [text for _, _, text in sorted(own["said"])[-3:]],
            }
            for key, own in incarnations.items()
        },
    }


def beside(failed: Sequence[tuple[float, float]], raised: Sequence[Any]) -> dict[str, tuple[int, int]]:
    """Failed requests that ended and that were sent within a second of an exception of each class, if not too many."""
    seconds = [(int(ended // 1), int(sent // 1)) for ended, sent in failed]
    kinds: dict[str, set[int]] = defaultdict(set)
    for at, _, kind, _ in raised:
        kinds[kind].add(int(at // 1))
    if len({second for pair in seconds for second in pair}.union(*kinds.values())) > 512:
        return {}
    return {
        kind: (
            sum(any(abs(ended - at) <= 1 for at in own) for ended, _ in seconds),
            sum(any(abs(sent - at) <= 1 for at in own) for _, sent in seconds),
        )
        for kind, own in kinds.items()
    }


def beside_of(raised: RaisedFacts) -> dict[str, tuple[int, int]]:
    """The same of facts that were counted."""
    if raised.beside.width > 1:
        return {}
    beside = raised.beside.with_each()
    return {kind: beside.get(kind, (0, 0)) for kind in raised.newest}


def main_counters_of(facts: Facts) -> dict[str, Any]:
    """The same numbers of facts that were counted."""
    whole = Counter(
        lines=facts.lines, unread=facts.unread, requests=facts.router_lines, unattributed=facts.unattributed,
        ambiguous=facts.ambiguous, unread_samples=facts.unread_samples,
        **{"without year": facts.without_year},
        **{f"undated of {name}": told["lines"] for name, told in facts.undated.items()},
    ) + Counter({f"{code} of no dyno": n for code, n in facts.no_dyno.by_code.items()})  # fmt: skip
    return {
        **whole,
        "first": facts.first,
        "last": facts.last,
        "lives": {
            key: {
                **+Counter(lines=own.lines, requests=own.requests, websockets=own.websockets, **own.timeouts),
                **+Counter({"cut by the stop": sum(n for cut, n in facts.cut_by_stop.items() if cut[:2] == key)}),
                "printed": own.patterns.lines,
                "errors": own.errors.by_code,
                "first": own.first,
                "last": own.last,
                "samples": own.memory.n,
                "most": own.memory.max_mb,
                "load": max((load for _, load in own.load), default=None),
                "mark": own.highest_mark,
                "timed": own.service,
                "raised": own.raised.last,
                "raising": sum(n for _, _, n in own.raised.times.sized()),
                "beside": beside_of(own.raised),
                "said": [line.raw for line in own.output],
            }
            for key, own in facts.incarnations.items()
        },
    }


def stops_at(incarnation: Incarnation, at: float) -> bool:
    """Whether Heroku stops a dyno at a time: from SIGTERM, or the word for it, to a few seconds after the exit."""
    begun, end = incarnation.term, incarnation.end
    if begun is None and incarnation.asked is not None:
        begun = incarnation.asked if end is None else max(incarnation.asked, end - 30)
    if begun is None or incarnation.crashed:
        return False
    return begun <= at <= (begun + 40 if end is None else end + 5)


def server_timeouts_in(text: str) -> list[str]:
    """The server, if it says in this text that it ended a request or a worker for its time."""
    return [server for server, words in SERVERS.items() if re.search(words, text)][:1]


def server_error(event: Event) -> str:
    """Its code, or its status where it has no code; "" for everything else."""
    if not isinstance(event, RouterRequest):
        return ""
    if event.code:
        return event.code if event.code in SERVER else ""
    return str(event.status) if event.status and 500 <= event.status < 600 else ""


def is_printed(event: Event) -> bool:
    """Whether a process of the app printed it; a traceback is one print."""
    is_line = isinstance(event, AppOutput) and event.line.source == "app" and event.dyno != ""
    return is_line or isinstance(event, AppException)


def said(event: Event) -> str:
    """The first 400 characters of what an app printed, of a traceback its exception; "" for everything else, and
    for chatter."""
    if isinstance(event, AppException):
        return (f"{event.kind}: {event.message}".strip(": ") or event.line.text.strip())[:400]
    is_apps = isinstance(event, AppOutput) and event.line.source == "app"
    text = event.line.text.strip(" \t\n\r\v\f") if is_apps else ""
    return "" if is_chatter(text) else text[:400]


def owner(event: Event, dyno: str, times: Timeline) -> Incarnation | None:
    """The life that an event of a dyno belongs to, None when that is not certain enough."""
    incarnations = times.incarnations.get(dyno, ())
    if isinstance(event, (MemorySample, LoadSample)):
        for incarnation in incarnations:
            if incarnation.id == event.dyno_id and incarnation.id:
                return incarnation
    if isinstance(event, (StateChange, Starting, Stopping, Exited, DynoError)) and event.line.number in times.of_line:
        return times.of_line[event.line.number]
    assert event.line.at is not None  # no line without a time names a dyno
    logged = event.line.at.timestamp()
    sent = logged - (event.service_ms or 0) / 1000 if isinstance(event, RouterRequest) else logged
    if isinstance(event, RouterRequest) and (reach := EXIT_WITHIN.get(event.code)):
        for incarnation in incarnations:
            has_exited = incarnation.exit_status is not None or incarnation.crash_told
            if incarnation.end is not None and has_exited and logged - 0.05 <= incarnation.end <= logged + reach:
                return incarnation
    return by_time(incarnations, sent, logged, is_request=isinstance(event, RouterRequest))


def by_time(incarnations: Sequence[Incarnation], sent: float, logged: float, *, is_request: bool) -> Incarnation | None:
    """The only life of the name, the only one open at a time, the first that began then, the nearest.

    A request that ended before a dyno was up was another's.
    """
    if len(incarnations) < 2:
        return incarnations[0] if incarnations else None
    spans = [
        (incarnation, -inf if incarnation.start is None else incarnation.start, incarnation.end or inf)
        for incarnation in incarnations
    ]
    if around := [incarnation for incarnation, start, end in spans if start <= sent < end]:
        if is_request and len(around) > 1:
            around = [own for own in around if own.up is None or own.up <= logged + 2] or around
        return around[0] if len(around) == 1 else None
    if begun := [(start, incarnation) for incarnation, start, _ in spans if sent < start <= logged]:
        return min(begun, key=lambda one: one[0])[1]
    return min(spans, key=lambda span: span[1] - sent if sent < span[1] else sent - span[2])[0]
