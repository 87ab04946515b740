"""What a log shows of the beginnings and ends of incarnations: the timeline is built from this.

Only boundary lines are kept whole. Metric lines leave the first and last time of each dyno id, all other lines the
first and last time of each name. So boundaries stay small over any file, and those of two files merge.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from operator import iadd
from sys import intern
from typing import Any, TypeAlias, TypeGuard, TypeVar

from herodyno.diagnosis.counted import Counted, Renumber, merging, part, parts, starting
from herodyno.diagnosis.timeline.kept_events import KeptEvents
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


def _renumbered(events: list[Any], of: Renumber) -> list[Any]:
    return [event._replace(line=event.line._replace(number=of(event.line.number))) for event in events]


@dataclass(slots=True, eq=False)
class Boundaries(Counted):
    """The boundary lines, and the first and last time of each dyno name and of each (name, dyno id)."""

    events: KeptEvents = merging(KeptEvents, iadd, KeptEvents.renumbered)
    actions: list[ApiAction] = merging(list, iadd, _renumbered)
    names: dict[str, FirstLast] = parts()
    ids: dict[tuple[str, str], FirstLast] = parts()
    span: FirstLast = part(FirstLast)

    @property
    def window(self) -> FirstLast | None:
        """The times of the first and the last line; None for a log without times."""
        return self.span if self.span.first <= self.span.last else None

    def add(self, event: Event) -> None:
        """Count one event."""
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

    def add_line(self, name: str, seconds: float) -> None:
        """Count a line of a name that says nothing of its incarnations."""
        self.span.widen(seconds, seconds)
        _widen(self.names, name, seconds, seconds)

    def add_name(self, name: str, first: float, last: float) -> None:
        """Lines of a name have these times."""
        _widen(self.names, name, first, last)

    def add_id(self, name: str, dyno_id: str, first: float, last: float) -> None:
        """Lines of a dyno id under a name have these times."""
        _widen(self.ids, (name, dyno_id), first, last)


def _widen(spans: dict[_K, FirstLast], key: _K, first: float, last: float) -> None:
    span = spans.get(key)
    if span is None:
        spans[key] = FirstLast(first, last)
    else:
        span.widen(first, last)


def _slim(event: Boundary) -> Boundary:
    """Make a boundary line small: shared words are kept once, the text only in the raw line.

    A log of weeks has many thousands of boundary lines.
    """
    line = event.line
    event = event._replace(dyno=intern(event.dyno), line=line._replace(source=intern(line.source), proc="", text=""))
    return (
        event._replace(before=intern(event.before), after=intern(event.after))
        if isinstance(event, StateChange)
        else event
    )


def is_boundary(event: Event) -> TypeGuard[Boundary]:
    """Whether Boundaries keep an event whole. Such an event is counted after the timeline is known."""
    if isinstance(event, DynoError):
        return event.code in END_LIFE
    return isinstance(event, (StateChange, Starting, Stopping, Exited))


def is_edge(event: Event) -> TypeGuard[Boundary]:
    """Whether an incarnation may begin or end at an event, or Heroku asks the dyno to stop."""
    match event:
        case StateChange(after=after):
            return after != "up"
        case Stopping(kind=kind):
            return kind == "sigterm"
        case DynoError(code=code):
            return row_of(code).speaks_of == "old"
        case _:
            return isinstance(event, (Starting, Exited))
