"""The lines of one traceback become one AppException. No line is lost.

Logplex makes a message of every line; only source, order and time link the messages. In public logs, 99.5 % of
the lines that continue a traceback come within 1 ms of the line before. So a line belongs to an open traceback
of the same `source[proc]` if the line comes within 1 ms, or within 50 ms in the role of a continuation. A line of
the platform about the dyno ends the traceback. In a log with times of whole seconds only the role counts.

Events of other dynos are not held back. So an AppException may come after events that are younger than its
first line; `line.number` tells the order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from herodyno.logs.events import AppException, AppOutput, Event, Unread
from herodyno.logs.parsing.exceptions import (
    CHAINED,
    ExceptionName,
    LineRole,
    exception_in,
    exception_in_last_line,
    role_of,
)
from herodyno.logs.parsing.stack_frames import Place, place_in

_NO_TIME = timedelta()
_SAME_WRITE = timedelta(milliseconds=1)
_SAME_TRACE = timedelta(milliseconds=50)
_FORGOTTEN = timedelta(seconds=1)
_MOST_OPEN = 256  # dynos with an open traceback; above that, the oldest is closed
_SECOND = 2
_PLACE_ONLY = re.compile(r"\S{1,200}:\d{1,7}:\d{1,7}:")  # a panic of Rust says why in its second line
_MOST_HELD = 32  # lines that are held back until they are certainly a traceback


def join_tracebacks(events: Iterable[Event]) -> Iterator[Event]:
    """The events, with one AppException for the lines of each traceback, lines without a head included."""
    joiner = TracebackJoiner()
    for event in events:
        yield from joiner.take(event)
    yield from joiner.close()


class TracebackJoiner:
    """Joins tracebacks event by event. `open` has the tracebacks that may still grow, by dyno.

    `forgotten_after`: no line up to this time ends a traceback by its time alone; None when no line can.
    """

    def __init__(self) -> None:
        self.open: dict[str, _Traceback] = {}
        self.forgotten_after: datetime | None = None
        self._latest: _Traceback | None = None

    def take(self, event: Event) -> Iterable[Event]:
        """The events that the next event completes."""
        done: list[Event] = []
        self._latest = None
        if self.open:
            if isinstance(event, Unread) and self._adopts(event):
                return done
            line = event.line
            done = self.advance(line.at, line.proc if line.source == "heroku" else "")
        if isinstance(event, AppOutput) and event.dyno and event.line.source == "app":
            done += self._app_line(event)
        else:
            done.append(event)
        return done

    @property
    def may_go_on(self) -> bool:
        """Whether the line taken last is of a certain traceback, so that `goes_on` may take in the next."""
        return self._latest is not None and self._latest.is_certain

    def goes_on(self, text: str, at: datetime, number: int) -> bool:
        """Take in a line of the same dyno as the line taken last, if it is of the same traceback and completes nothing.

        No event is made of such a line. False when it must be taken as one.
        """
        trace, limit = self._latest, self.forgotten_after
        role = role_of(text)
        if trace is None or not trace.is_certain or limit is None or at > limit or not trace.takes(at, role):
            return False
        trace.learn(text, at, number, role)
        self._may_forget(trace)
        return True

    def advance(self, at: datetime | None, about: str = "") -> list[Event]:
        """The tracebacks that a line which is none of an app's ends.

        The line ends all tracebacks without a line for a second before `at`, and the one of the dyno `about`.
        """
        limit = self.forgotten_after
        if about not in self.open and (at is None or limit is None or at <= limit):
            return []
        done: list[Event] = []
        for dyno, trace in list(self.open.items()):
            if about == dyno or (at and trace.last_at and at - trace.last_at > _FORGOTTEN):
                done += self.open.pop(dyno).close()
        self._latest = None
        times = [trace.last_at for trace in self.open.values() if trace.last_at]
        self.forgotten_after = min(times) + _FORGOTTEN if times else None
        return done

    def _may_forget(self, trace: _Traceback) -> None:
        """Lower `forgotten_after` to what a traceback allows. It is raised again in `advance`."""
        if trace.last_at and (self.forgotten_after is None or trace.last_at + _FORGOTTEN < self.forgotten_after):
            self.forgotten_after = trace.last_at + _FORGOTTEN

    def close(self) -> list[Event]:
        """The tracebacks that are open when the log ends."""
        done = [event for trace in self.open.values() for event in trace.close()]
        self.open.clear()
        self._latest = None
        return done

    def _app_line(self, event: AppOutput) -> list[Event]:
        role = role_of(event.line.text)
        trace = self.open.get(event.dyno)
        if trace and trace.takes(event.line.at, role):
            self._add(trace, event, role)
            return list(self.open.pop(event.dyno).close()) if trace.holds_too_much else []
        done = list(self.open.pop(event.dyno).close()) if trace else []
        if role in ("plain", "detail"):
            return [*done, event]
        if len(self.open) >= _MOST_OPEN:
            done += self.open.pop(next(iter(self.open))).close()
        trace = self.open[event.dyno] = _Traceback(event)
        self._add(trace, event, role)
        return done

    def _add(self, trace: _Traceback, event: AppOutput | Unread, role: LineRole) -> None:
        trace.add(event, role)
        self._may_forget(trace)
        self._latest = None if trace.holds_too_much else trace

    def _adopts(self, event: Unread) -> bool:
        """Add a line without a head to the traceback whose line came just before; whether there was one."""
        for trace in self.open.values():
            if trace.last_number == event.line.number - 1:
                self._add(trace, event, role_of(event.line.text))
                self._latest = None
                return True
        return False


class _Traceback:
    """A traceback that may still grow. Its lines are held until they are certainly a traceback."""

    def __init__(self, first: AppOutput) -> None:
        self._first = first
        self._lines = 0
        self._frames = 0
        self._exception: ExceptionName | None = None
        self._awaits_name = False  # in a Python traceback, whose exception comes last
        self._is_python = False
        self._chained = False
        self._after_file = False
        self._held: list[Event] = []
        self._place: Place | None = None
        self.last_at = first.line.at
        self.last_number = first.line.number

    @property
    def holds_too_much(self) -> bool:
        """Whether too many lines are held that may be no traceback."""
        return len(self._held) > _MOST_HELD

    @property
    def is_certain(self) -> bool:
        """Whether its lines are a traceback beyond doubt."""
        return self._is_python or self._exception is not None or self._frames > 1

    def takes(self, at: datetime | None, role: LineRole) -> bool:
        """Whether a line of this time and role belongs to this traceback."""
        if at is None or self.last_at is None or self._begins_another(role):
            return False
        gap = _NO_TIME if at == self.last_at else abs(at - self.last_at)
        if role in ("frame", "detail", "head") or (role == "named" and self._awaits_name):
            return gap <= _SAME_TRACE
        if not at.microsecond and not self.last_at.microsecond:
            return not gap and (self._awaits_name or role == "named")
        return gap <= _SAME_WRITE

    def _begins_another(self, role: LineRole) -> bool:
        """Whether a line of this role begins another traceback. A chained exception belongs to the same."""
        if role == "head":
            return self._exception is not None and not self._chained
        return role == "named" and self._exception is not None and not self._is_python

    def add(self, event: AppOutput | Unread, role: LineRole) -> None:
        """Count the line, learn from it, and hold it while it may be no traceback."""
        self.learn(event.line.text, event.line.at, event.line.number, role)
        if self.is_certain:
            self._held.clear()
        else:
            self._held.append(event)

    def learn(self, text: str, at: datetime | None, number: int, role: LineRole) -> None:
        """Count a line, and learn from it."""
        self._lines += 1
        self.last_number = number
        self.last_at = at or self.last_at
        if role == "head":
            self._is_python = self._awaits_name = True
            self._place = None
        elif role == "frame":
            self._frames += 1
            self._learn_place(text)
        elif self._exception is None or self._awaits_name:
            name = exception_in(text) if role == "named" else None
            if not name and self._awaits_name and not self._after_file and role == "plain":
                name = exception_in_last_line(text)
            if name:
                self._exception, self._awaits_name = name, False
                self._learn_place(text)
        elif self._lines == _SECOND and role == "plain" and _PLACE_ONLY.fullmatch(self._exception.message):
            self._exception = self._exception.with_more(text)
        start = text.lstrip()
        self._chained = start.startswith(CHAINED) or (self._chained and not start)
        self._after_file = start.startswith('File "')

    def _learn_place(self, text: str) -> None:
        """Keep the frame that raised: in Python the last, elsewhere the first; the app's own before a library's."""
        place, kept = place_in(text), self._place
        if place and (kept is None or place.is_own > kept.is_own or (self._is_python and place.is_own == kept.is_own)):
            self._place = place

    def close(self) -> Iterator[Event]:
        """One AppException, or the lines themselves if they are no traceback."""
        if not self.is_certain:
            yield from self._held
            return
        kind, message = self._exception or ("", "")
        place = self._place.text if self._place else ""
        yield AppException(self._first.line, self._first.dyno, kind, message, self._lines, place)
