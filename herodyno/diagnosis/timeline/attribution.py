"""To which incarnation a line belongs: by dyno id, else by name and time, else counted as ambiguous, never dropped.

Router lines name only web.2, and are written when the request ends: a request belongs to the life of
that name that was open when it was *sent*. A line is ambiguous only if two lives could have served it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from herodyno.diagnosis.timeline.incarnations import Life
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.logs.codes.table import FORETELL_EXIT
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

How: TypeAlias = Literal["certain", "strong", "inferred", "ambiguous", "unattributed"]

# The line of an exit may be stamped a moment before the line of the request that the exit cut off.
EXIT_BEFORE = 0.05


class Place(NamedTuple):
    """`life` is None when the line names no dyno ("unattributed") or two lives could be meant ("ambiguous")."""

    life: Life | None
    how: How


_NO_DYNO = Place(None, "unattributed")
_AMBIGUOUS = Place(None, "ambiguous")


def place(event: Event, times: Timeline) -> Place:
    """Where one event belongs on the timeline."""
    match event:
        case RouterRequest():
            return _place_request(event, times)
        case MemorySample(dyno=dyno, dyno_id=dyno_id) | LoadSample(dyno=dyno, dyno_id=dyno_id):
            life = times.by_id.get((dyno, dyno_id))
            return Place(life, "certain") if life else _at(event, dyno, times)
        case StateChange() | Starting() | Stopping() | Exited() | DynoError():
            life = times.of_line.get(event.line.number)
            return Place(life, "strong") if life else _at(event, event.dyno, times)
        case ProcessMemory(dyno=dyno) | AppOutput(dyno=dyno) | AppException(dyno=dyno) | Attached(dyno=dyno):
            return _at(event, dyno, times) if dyno else _NO_DYNO
        case _:
            return _NO_DYNO


def exit_it_foretold(event: RouterRequest, times: Timeline) -> Life | None:
    """The life whose exit the code of a request foretold: the life ended within the code's reach after the line."""
    reach = FORETELL_EXIT.get(event.code)
    if reach is None or not event.dyno or event.line.at is None:
        return None
    at = event.line.at.timestamp()
    for life in times.lives.get(event.dyno, ()):
        has_exited = life.end is not None and (life.exit_status is not None or life.crashed)
        if life.end is not None and has_exited and -EXIT_BEFORE <= life.end - at <= reach:
            return life
    return None


def _place_request(event: RouterRequest, times: Timeline) -> Place:
    if not event.dyno:
        return _NO_DYNO
    exiting = exit_it_foretold(event, times)
    if exiting is not None:
        return Place(exiting, "strong")
    if event.line.at is None:
        return _only_life(event.dyno, times)
    logged = event.line.at.timestamp()
    return _among(times.lives.get(event.dyno, ()), logged - (event.service_ms or 0) / 1000, logged)


def _at(event: Event, dyno: str, times: Timeline) -> Place:
    if event.line.at is None:
        return _only_life(dyno, times)
    seconds = event.line.at.timestamp()
    return _among(times.lives.get(dyno, ()), seconds, seconds)


def _only_life(dyno: str, times: Timeline) -> Place:
    lives = times.lives.get(dyno, ())
    return Place(lives[0], "inferred") if len(lives) == 1 else _AMBIGUOUS


def _among(lives: Sequence[Life], sent: float, logged: float) -> Place:
    """The life open when the request was sent; between two lives, the nearer one, as "inferred"."""
    if len(lives) == 1:
        return Place(lives[0], "strong")
    could = [
        life for life in lives if (life.start is None or life.start <= sent) and (life.end is None or sent < life.end)
    ]
    if len(could) == 1:
        return Place(could[0], "strong")
    if could:
        return _AMBIGUOUS
    began = [life for life in lives if life.start is not None and sent < life.start <= logged]
    if began:  # it waited for a dyno that was booting (connect of 7 s with status 200 is real)
        return Place(began[0], "inferred")
    if not lives:
        return _AMBIGUOUS
    return Place(min(lives, key=lambda life: _distance(life, sent)), "inferred")


def place_between(lives: Sequence[Life], seconds: float) -> Place:
    """Where a line of a name with these lives belongs that was sent and logged at one time."""
    return _among(lives, seconds, seconds)


def _distance(life: Life, seconds: float) -> float:
    if life.start is not None and seconds < life.start:
        return life.start - seconds
    return seconds - life.end if life.end is not None else 0.0
