"""Good requests whose lines were read one by one are counted many at a time, with the outcome of one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TypeGuard

from herodyno.diagnosis.counting.cells import step_of
from herodyno.diagnosis.counting.events import SWITCHING_PROTOCOLS, client_of, event_seconds, path_of, server_code
from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.grid import CELL_SECONDS, Grid
from herodyno.diagnosis.counting.segments import Segment
from herodyno.diagnosis.counting.unassigned import Unassigned
from herodyno.dynos import process_type_of
from herodyno.logs.decoding.guesses import lacks
from herodyno.logs.events import Event, RouterRequest
from herodyno.logs.scan.scanner import is_slow


def is_good_request(event: Event) -> TypeGuard[RouterRequest]:
    """Whether an event is a request that a dyno answered, and that can be counted with others."""
    return (
        isinstance(event, RouterRequest)
        and bool(event.dyno)
        and not event.code
        and event.line.at is not None
        and event.status != SWITCHING_PROTOCOLS
        and not server_code(event)[0]
        and not is_slow(event)
        and not lacks(event.line)
    )


def count_requests(
    requests: Sequence[RouterRequest], unassigned: Unassigned, segment_of: Callable[[Event, str], Segment]
) -> None:
    """Count good requests of one block."""
    paths, clients = list(map(path_of, requests)), list(map(client_of, requests))
    times = list(map(event_seconds, requests))
    _count_for_app(unassigned.facts, requests, paths, clients, times)
    unassigned.boundaries.span.widen(min(times), max(times))
    of_dynos: defaultdict[str, list[int]] = defaultdict(list)
    for place, event in enumerate(requests):
        of_dynos[event.dyno].append(place)
    for dyno, places in of_dynos.items():
        segment = segment_of(requests[places[0]], dyno)
        own, logged = segment.incarnation, [times[place] for place in places]
        services = [requests[place].service_ms for place in places]
        sent = min(at - (service or 0) / 1000 for at, service in zip(logged, services, strict=True))
        unassigned.boundaries.add_name(dyno, sent, max(logged))
        segment.widen(sent, max(logged))
        own.saw(min(logged), max(logged), lines=len(places))
        own.requests += len(places)
        own.paths.add_each([paths[place] for place in places])
        own.clients.add_each([clients[place] for place in places if clients[place]])
        own.good_service.update(service for service in services if service is not None)
        of_type = unassigned.facts.types.setdefault(process_type_of(dyno), Grid())
        in_order = zip((int(at // CELL_SECONDS) for at in logged), services, strict=True)
        for cell, run in groupby(in_order, key=lambda each: each[0]):
            took = [service for _, service in run]
            steps = bytes(step_of(service) for service in took if service is not None)
            own.grid.add_run(cell * CELL_SECONDS, len(took), 0, steps)
            of_type.add_run(cell * CELL_SECONDS, len(took))


def _count_for_app(
    facts: Facts, requests: Sequence[RouterRequest], paths: list[str], clients: list[str], times: list[float]
) -> None:
    facts.saw(min(times), max(times), lines=len(requests))
    facts.router_lines += len(requests)
    statuses = [str(event.status) for event in requests if event.status is not None]
    hosts, methods = [event.host for event in requests], [event.method for event in requests]
    for key, values in (
        ("path", paths),
        ("method", methods),
        ("host", hosts),
        ("client", clients),
        ("status", statuses),
    ):
        facts.shared.add_good_each(key, list(filter(None, values)))
