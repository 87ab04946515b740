"""What a log shows of dynos' comings and goings, folded small: the first pass over the events.

Only boundary lines are kept whole; of metric lines only the first and last sight of each dyno id,
of all other lines only when a name was first and last seen. So the fold stays small over any file,
and two folds of two files merge.
"""

from __future__ import annotations

from collections.abc import Iterable
from sys import intern
from typing import TypeAlias, TypeGuard

from herodyno.logs.events import (
    ApiAction,
    AppException,
    AppOutput,
    DynoError,
    Event,
    Exited,
    LoadSample,
    MemoryMark,
    MemorySample,
    RouterRequest,
    Starting,
    StateChange,
    Stopping,
)

Boundary: TypeAlias = StateChange | Starting | Stopping | Exited | DynoError

# Of the R codes these mark how a life ends; R14 is only pressure.
ENDING_CODES = frozenset({"R10", "R12", "R13", "R15", "R17", "R99"})


class FirstLast:
    """First and last time, in seconds since 1970."""

    __slots__ = ("first", "last")

    def __init__(self, first: float, last: float) -> None:
        self.first = first
        self.last = last

    def widen(self, first: float, last: float) -> None:
        """Stretch to hold both times."""
        self.first = min(self.first, first)
        self.last = max(self.last, last)


class Boundaries:
    """The fold. `names` and `ids` say when each dyno name and each (name, dyno id) was seen."""

    __slots__ = ("actions", "events", "ids", "names", "window")

    def __init__(self) -> None:
        self.events: list[Boundary] = []
        self.actions: list[ApiAction] = []
        self.names: dict[str, FirstLast] = {}
        self.ids: dict[tuple[str, str], FirstLast] = {}
        self.window: FirstLast | None = None

    def add(self, event: Event) -> None:
        """Take in one event."""
        at = event.line.at
        if at is None:
            return
        seconds = at.timestamp()
        self.saw_line(seconds, seconds)
        match event:
            case RouterRequest(dyno=dyno, service_ms=service_ms):
                if dyno:
                    self.saw(dyno, seconds - (service_ms or 0) / 1000, seconds)
            case MemorySample(dyno=dyno, dyno_id=dyno_id) | LoadSample(dyno=dyno, dyno_id=dyno_id):
                self.saw(dyno, seconds, seconds)
                if dyno_id:
                    self.saw_id(dyno, dyno_id, seconds, seconds)
            case StateChange() | Starting() | Stopping() | Exited():
                self.saw(event.dyno, seconds, seconds)
                self.events.append(_slim(event))
            case DynoError(dyno=dyno, code=code):
                self.saw(dyno, seconds, seconds)
                if code in ENDING_CODES:
                    self.events.append(_slim(event))
            case ApiAction():
                self.actions.append(event)
            case AppOutput(dyno=dyno) | AppException(dyno=dyno) | MemoryMark(dyno=dyno):
                if dyno:
                    self.saw(dyno, seconds, seconds)
            case _:
                pass

    def update(self, other: Boundaries) -> None:
        """Merge another fold into this one."""
        self.events += other.events
        self.actions += other.actions
        for name, seen in other.names.items():
            self.saw(name, seen.first, seen.last)
        for (name, dyno_id), seen in other.ids.items():
            self.saw_id(name, dyno_id, seen.first, seen.last)
        if other.window is not None:
            self.saw_line(other.window.first, other.window.last)

    def saw_line(self, first: float, last: float) -> None:
        """Any line was seen at these times."""
        if self.window is None:
            self.window = FirstLast(first, last)
        else:
            self.window.widen(first, last)

    def saw_id(self, name: str, dyno_id: str, first: float, last: float) -> None:
        """A dyno id was seen under a name at these times."""
        seen = self.ids.get((name, dyno_id))
        if seen is None:
            self.ids[name, dyno_id] = FirstLast(first, last)
        else:
            seen.widen(first, last)

    def saw(self, name: str, first: float, last: float) -> None:
        """A name was seen at these times."""
        seen = self.names.get(name)
        if seen is None:
            self.names[name] = FirstLast(first, last)
        else:
            seen.widen(first, last)


def boundaries_of(events: Iterable[Event]) -> Boundaries:
    """Fold a whole stream of events."""
    fold = Boundaries()
    for event in events:
        fold.add(event)
    return fold


def _slim(event: Boundary) -> Boundary:
    """A log of weeks has many thousands of them: what they share is kept once, the text only in the raw line."""
    line = event.line
    event = event._replace(dyno=intern(event.dyno), line=line._replace(source=intern(line.source), proc="", text=""))
    return (
        event._replace(before=intern(event.before), after=intern(event.after))
        if isinstance(event, StateChange)
        else event
    )


def is_boundary(event: Event) -> TypeGuard[Boundary]:
    """Whether an event is kept whole by the sightings, and so need not be counted before the timeline is known."""
    if isinstance(event, DynoError):
        return event.code in ENDING_CODES
    return isinstance(event, (StateChange, Starting, Stopping, Exited))


def is_edge(event: Event) -> TypeGuard[Boundary]:
    """Whether a life may begin or end at an event, or be told to."""
    match event:
        case StateChange(after=after):
            return after != "up"
        case Stopping(kind=kind):
            return kind == "sigterm"
        case DynoError(code=code):
            return code == "R12"
        case _:
            return isinstance(event, (Starting, Exited))
