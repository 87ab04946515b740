"""What a log shows of dynos' comings and goings, folded small: what the timeline is built from.

Only boundary lines are kept whole; of metric lines only the first and last sight of each dyno id,
of all other lines only when a name was first and last seen. So the fold stays small over any file,
and two folds of two files merge.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from operator import iadd
from sys import intern
from typing import Any, TypeAlias, TypeGuard, TypeVar

from herodyno.diagnosis.counted import Counted, merging, part, parts, starting
from herodyno.logs.codes.table import END_LIFE, row_of
from herodyno.logs.events import (
    ApiAction,
    Attached,
    DynoError,
    Event,
    Exited,
    LoadSample,
    MemorySample,
    RouterRequest,
    Starting,
    StateChange,
    Stopping,
)

Boundary: TypeAlias = StateChange | Starting | Stopping | Exited | DynoError
_K = TypeVar("_K")


@dataclass(slots=True, eq=False)
class FirstLast(Counted):
    """First and last time, in seconds since 1970."""

    first: float = starting(inf, min)
    last: float = starting(-inf, max)

    def widen(self, first: float, last: float) -> None:
        """Stretch to hold both times."""
        self.first = min(self.first, first)
        self.last = max(self.last, last)


def _renumbered(events: list[Any], by: int) -> list[Any]:
    return [event._replace(line=event.line._replace(number=event.line.number + by)) for event in events]


@dataclass(slots=True, eq=False)
class Boundaries(Counted):
    """The fold. `names` and `ids` say when each dyno name and each (name, dyno id) was seen."""

    events: list[Boundary] = merging(list, iadd, _renumbered)
    actions: list[ApiAction] = merging(list, iadd, _renumbered)
    names: dict[str, FirstLast] = parts()
    ids: dict[tuple[str, str], FirstLast] = parts()
    span: FirstLast = part(FirstLast)

    @property
    def window(self) -> FirstLast | None:
        """When the first and the last line was seen, None without any time."""
        return self.span if self.span.first <= self.span.last else None

    def add(self, event: Event) -> None:
        """Take in one event."""
        at = event.line.at
        if at is None:
            return
        seconds = at.timestamp()
        self.span.widen(seconds, seconds)
        if isinstance(event, ApiAction):
            self.actions.append(event)
        dyno: str = getattr(event, "dyno", "")
        if not dyno or isinstance(event, Attached):
            return
        sent = seconds - (event.service_ms or 0) / 1000 if isinstance(event, RouterRequest) else seconds
        self.add_name(dyno, sent, seconds)
        if isinstance(event, (MemorySample, LoadSample)):
            if event.dyno_id:
                self.add_id(dyno, event.dyno_id, seconds, seconds)
        elif is_boundary(event):
            self.events.append(_slim(event))

    def add_name(self, name: str, first: float, last: float) -> None:
        """A name was seen at these times."""
        _widen(self.names, name, first, last)

    def add_id(self, name: str, dyno_id: str, first: float, last: float) -> None:
        """A dyno id was seen under a name at these times."""
        _widen(self.ids, (name, dyno_id), first, last)


def _widen(spans: dict[_K, FirstLast], key: _K, first: float, last: float) -> None:
    seen = spans.get(key)
    if seen is None:
        spans[key] = FirstLast(first, last)
    else:
        seen.widen(first, last)


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
        return event.code in END_LIFE
    return isinstance(event, (StateChange, Starting, Stopping, Exited))


def is_edge(event: Event) -> TypeGuard[Boundary]:
    """Whether a life may begin or end at an event, or be told to."""
    match event:
        case StateChange(after=after):
            return after != "up"
        case Stopping(kind=kind):
            return kind == "sigterm"
        case DynoError(code=code):
            return row_of(code).speaks_of == "old"
        case _:
            return isinstance(event, (Starting, Exited))
