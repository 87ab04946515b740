"""The incarnation of a line: by dyno id, else by name and time. A line with several candidates is ambiguous.

A router line names only web.2, and is written when the request ends. The request belongs to the incarnation of web.2
that was open when the request was *sent*. A line is ambiguous only if two incarnations could have served the request.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from herodyno.diagnosis.timeline.incarnations import MOST_AT_ONCE, Incarnation
from herodyno.diagnosis.timeline.open_at import OpenAt
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.logs.codes.table import CUT_BY_STOP, FORETELL_EXIT
from herodyno.logs.events import (
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
)

Certainty: TypeAlias = Literal["certain", "strong", "inferred", "ambiguous", "unattributed"]

# Seconds. The line of an exit may be stamped just before the line of the request that the exit cut off.
EXIT_BEFORE = 0.05


class Place(NamedTuple):
    """`incarnation` is None for a line that names no dyno ("unattributed"), or that may be of two incarnations
    ("ambiguous")."""

    incarnation: Incarnation | None
    certainty: Certainty


_NO_DYNO = Place(None, "unattributed")
_AMBIGUOUS = Place(None, "ambiguous")


def place_event(event: Event, times: Timeline) -> Place:
    """The place of an event on the timeline. A line without a time has none."""
    if event.line.at is None:
        return _NO_DYNO
    match event:
        case RouterRequest():
            return _place_request(event, times)
        case MemorySample(dyno=dyno, dyno_id=dyno_id) | LoadSample(dyno=dyno, dyno_id=dyno_id):
            incarnation = times.by_id.get((dyno, dyno_id))
            return Place(incarnation, "certain") if incarnation else _at(event, dyno, times)
        case StateChange() | Starting() | Stopping() | Exited() | DynoError():
            incarnation = times.of_line.get(event.line.number)
            return Place(incarnation, "strong") if incarnation else _at(event, event.dyno, times)
        case ProcessMemory(dyno=dyno) | AppOutput(dyno=dyno) | AppException(dyno=dyno) | Attached(dyno=dyno):
            return _at(event, dyno, times) if dyno else _NO_DYNO
        case _:
            return _NO_DYNO


def foretold_exit(event: RouterRequest, times: Timeline) -> Incarnation | None:
    """The incarnation whose exit the code of a request foretold: the exit follows within the code's reach."""
    reach = FORETELL_EXIT.get(event.code)
    if reach is None or not event.dyno or event.line.at is None:
        return None
    at = event.line.at.timestamp()
    return times.open_at(event.dyno).exited(at - EXIT_BEFORE, at + reach)


def is_cut_by_stop(event: RouterRequest, incarnation: Incarnation) -> bool:
    """Whether the code of a request comes of the stop of the incarnation that had the request."""
    if event.code not in CUT_BY_STOP or incarnation.shutdown is None or event.line.at is None:
        return False
    first, last = incarnation.shutdown
    return first <= event.line.at.timestamp() <= last


def _place_request(event: RouterRequest, times: Timeline) -> Place:
    if not event.dyno:
        return _NO_DYNO
    exiting = foretold_exit(event, times)
    if exiting is not None:
        return Place(exiting, "strong")
    assert event.line.at is not None
    logged = event.line.at.timestamp()
    sent = logged - (event.service_ms or 0) / 1000
    return _among(times.open_at(event.dyno), sent, logged, is_request=True)


def _at(event: Event, dyno: str, times: Timeline) -> Place:
    assert event.line.at is not None
    seconds = event.line.at.timestamp()
    return place_at(times.open_at(dyno), seconds)


def _among(of_name: OpenAt, sent: float, logged: float, *, is_request: bool = False) -> Place:
    """The incarnation that was open when the request was sent. Between two incarnations: the nearer, as "inferred".

    Of two that were open, one that was still booting when the request ended had no part in it.
    """
    if len(of_name.incarnations) == 1:
        return Place(of_name.incarnations[0], "strong")
    candidates = of_name.open(sent)
    if is_request and 1 < len(candidates) <= MOST_AT_ONCE:
        candidates = [each for each in candidates if each.listens is None or each.listens <= logged] or candidates
    if len(candidates) == 1:
        return Place(candidates[0], "strong")
    if candidates or not of_name.incarnations:
        return _AMBIGUOUS
    # A request may wait for a dyno that is booting (connect of 7 s with status 200 is real).
    return Place(of_name.began(sent, logged) or of_name.nearest(sent), "inferred")


def place_at(of_name: OpenAt, seconds: float) -> Place:
    """The place of a line among the incarnations of a name. The line was sent and logged at one time."""
    return _among(of_name, seconds, seconds)
