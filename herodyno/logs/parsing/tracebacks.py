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
from collections.abc import Iterable, Iterator, Sequence

from herodyno.logs.events import AppException, AppOutput, Event, Unread
from herodyno.logs.parsing.exceptions import ExceptionName, LineRole, role_of
from herodyno.logs.parsing.stack_frames import Place
from herodyno.logs.parsing.trace_lines import TraceLine, told_by
from herodyno.units import microseconds

# In microseconds, as all times here.
_SAME_WRITE = 1_000
_SAME_TRACE = 50_000
_FORGOTTEN = 1_000_000
_A_SECOND = 1_000_000
_MOST_OPEN = 256  # dynos with an open traceback; above that, the oldest is closed
_SECOND_LINE = 2
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

    Times are microseconds since 1970. `forgotten_after`: no line up to this time ends a traceback by its time alone;
    None when no line can.
    """

    def __init__(self) -> None:
        self.open: dict[str, _Traceback] = {}
        self.forgotten_after: int | None = None
        self._latest: _Traceback | None = None

    def take(self, event: Event) -> Sequence[Event]:
        """The events that the next event completes."""
        line = event.line
        is_of_app = isinstance(event, AppOutput) and bool(event.dyno) and line.source == "app"
        self._latest = None
        if not self.open and not is_of_app:
            return (event,)
        done: list[Event] = []
        at = microseconds(line.at) if line.at else None
        if self.open:
            if isinstance(event, Unread) and self._adopts(event, at):
                return done
            done = self.advance(at, line.proc if line.source == "heroku" else "")
        if is_of_app and isinstance(event, AppOutput):
            done += self._app_line(event, at)
        else:
            done.append(event)
        return done

    @property
    def may_go_on_from(self) -> int | None:
        """The time of the line taken last if it is of a certain traceback, so that `goes_on` may take in the next."""
        return self._latest.last_at if self._latest is not None and self._latest.is_certain else None

    def goes_on(self, line: TraceLine, at: int, number: int) -> bool:
        """Take in a line of the same dyno as the line taken last, if it is of the same traceback and completes nothing.

        No event is made of such a line. False when it must be taken as one.
        """
        trace, limit = self._latest, self.forgotten_after
        if trace is None or not trace.is_certain or limit is None or at > limit or not trace.takes(at, line.role):
            return False
        trace.learn(line, at, number)
        if at + _FORGOTTEN < limit:
            self.forgotten_after = at + _FORGOTTEN
        return True

    def advance(self, at: int | None, about: str = "") -> list[Event]:
        """The tracebacks that a line which is none of an app's ends.

        The line ends all tracebacks without a line for a second before `at`, and the one of the dyno `about`.
        """
        limit = self.forgotten_after
        if about not in self.open and (at is None or limit is None or at <= limit):
            return []
        done: list[Event] = []
        for dyno, trace in list(self.open.items()):
            if about == dyno or (at is not None and trace.last_at is not None and at - trace.last_at > _FORGOTTEN):
                done += self.open.pop(dyno).close()
        self._latest = None
        times = [trace.last_at for trace in self.open.values() if trace.last_at is not None]
        self.forgotten_after = min(times) + _FORGOTTEN if times else None
        return done

    def _may_forget(self, trace: _Traceback) -> None:
        """Lower `forgotten_after` to what a traceback allows. It is raised again in `advance`."""
        last, limit = trace.last_at, self.forgotten_after
        if last is not None and (limit is None or last + _FORGOTTEN < limit):
            self.forgotten_after = last + _FORGOTTEN

    def close(self) -> list[Event]:
        """The tracebacks that are open when the log ends."""
        done = [event for trace in self.open.values() for event in trace.close()]
        self.open.clear()
        self._latest = None
        return done

    def _app_line(self, event: AppOutput, at: int | None) -> Sequence[Event]:
        role = role_of(event.line.text)
        trace = self.open.get(event.dyno)
        if trace and trace.takes(at, role):
            self._add(trace, event, at)
            return self.open.pop(event.dyno).close() if trace.holds_too_much else ()
        done = list(self.open.pop(event.dyno).close()) if trace else []
        if role in ("plain", "detail"):
            return [*done, event]
        if len(self.open) >= _MOST_OPEN:
            done += self.open.pop(next(iter(self.open))).close()
        trace = self.open[event.dyno] = _Traceback(event)
        self._add(trace, event, at)
        return done

    def _add(self, trace: _Traceback, event: AppOutput | Unread, at: int | None) -> None:
        trace.add(event, at)
        self._may_forget(trace)
        self._latest = None if trace.holds_too_much else trace

    def _adopts(self, event: Unread, at: int | None) -> bool:
        """Add a line without a head to the traceback whose line came just before; whether there was one."""
        for trace in self.open.values():
            if trace.last_number == event.line.number - 1:
                self._add(trace, event, at)
                self._latest = None
                return True
        return False


class _Traceback:
    """A traceback that may still grow. Its lines are held until they are certainly a traceback."""

    __slots__ = (
        "_after_file", "_awaits_name", "_chained", "_exception", "_first", "_frames", "_held", "_is_python", "_lines",
        "_place", "is_certain", "last_at", "last_number",
    )  # fmt: skip

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
        self.is_certain = False  # whether its lines are a traceback beyond doubt
        self.last_at: int | None = None
        self.last_number = 0

    @property
    def holds_too_much(self) -> bool:
        """Whether too many lines are held that may be no traceback."""
        return len(self._held) > _MOST_HELD

    def takes(self, at: int | None, role: LineRole) -> bool:
        """Whether a line of this time and role belongs to this traceback."""
        last = self.last_at
        if at is None or last is None or (role in ("head", "named") and self._begins_another(role)):
            return False
        gap = abs(at - last)
        if role in ("frame", "detail", "head") or (role == "named" and self._awaits_name):
            return gap <= _SAME_TRACE
        if not at % _A_SECOND and not last % _A_SECOND:
            return not gap and (self._awaits_name or role == "named")
        return gap <= _SAME_WRITE

    def _begins_another(self, role: LineRole) -> bool:
        """Whether a line of this role begins another traceback. A chained exception belongs to the same."""
        if role == "head":
            return self._exception is not None and not self._chained
        return role == "named" and self._exception is not None and not self._is_python

    def add(self, event: AppOutput | Unread, at: int | None) -> None:
        """Count the line, learn from it, and hold it while it may be no traceback."""
        self.learn(told_by(event.line.text), at, event.line.number)
        if self.is_certain:
            self._held.clear()
        else:
            self._held.append(event)

    def learn(self, line: TraceLine, at: int | None, number: int) -> None:
        """Count a line, and learn from it."""
        self._lines += 1
        self.last_number = number
        if at is not None:
            self.last_at = at
        role = line.role
        if role == "head":
            self._is_python = self._awaits_name = self.is_certain = True
            self._place = None
        elif role == "frame":
            self._frames += 1
            self.is_certain = self.is_certain or self._frames > 1
            self._learn_place(line.place)
        elif self._exception is None or self._awaits_name:
            name = line.exception
            if not name and self._awaits_name and not self._after_file:
                name = line.last_exception
            if name:
                self._exception, self._awaits_name, self.is_certain = name, False, True
                self._learn_place(line.place)
        elif self._lines == _SECOND_LINE and role == "plain" and _PLACE_ONLY.fullmatch(self._exception.message):
            self._exception = self._exception.with_more(line.text)
        self._chained = line.is_chained or (self._chained and line.is_blank)
        self._after_file = line.names_file

    def _learn_place(self, place: Place | None) -> None:
        """Keep the frame that raised: in Python the last, elsewhere the first; the app's own before a library's."""
        kept = self._place
        if place and (kept is None or place.is_own > kept.is_own or (self._is_python and place.is_own == kept.is_own)):
            self._place = place

    def close(self) -> Sequence[Event]:
        """One AppException, or the lines themselves if they are no traceback."""
        if not self.is_certain:
            return self._held
        kind, message = self._exception or ("", "")
        place = self._place.text if self._place else ""
        return (AppException(self._first.line, self._first.dyno, kind, message, self._lines, place),)
