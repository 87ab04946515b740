"""Consecutive lines of one traceback become one AppException; no line is lost on the way.

Logplex makes a message of every line and nothing links them but source, order and stamps. In public
logs 99.5 % of the lines that look like a continuation come within 1 ms of the line before. So a line
belongs to the traceback before it if it is of the same `source[proc]` and comes within 1 ms, or looks
like a continuation and comes within 50 ms. A line of the platform about that dyno ends it. Stamps of
whole seconds say nothing about 1 ms: there only the look counts.

Events of other dynos pass by at once, so an AppException may come out after events that are younger
than its first line; `line.number` tells the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from herodyno.logs.events import AppException, AppOutput, Event, LogLine, Unread
from herodyno.logs.parsing.exceptions import CHAINED, Look, Named, look_of, named, named_last

_SAME_WRITE = timedelta(milliseconds=1)
_SAME_TRACE = timedelta(milliseconds=50)
_FORGOTTEN = timedelta(seconds=1)
_MOST_OPEN = 256  # Dynos with an unfinished traceback at one moment; above that the oldest is closed.
_MOST_HELD = 32  # Lines held back while it is not certain that they are a traceback.


def joined(events: Iterable[Event]) -> Iterator[Event]:
    """The events, each traceback's AppOutput (and headless lines inside it) replaced by one AppException."""
    joiner = Joiner()
    for event in events:
        yield from joiner.take(event)
    yield from joiner.close()


class Joiner:
    """The same, event by event. `open` holds the dynos with a traceback that may still grow."""

    def __init__(self) -> None:
        self.open: dict[str, _Trace] = {}

    def take(self, event: Event) -> Iterable[Event]:
        """What the next event completes."""
        done: list[Event] = []
        if self.open:
            if isinstance(event, Unread) and self._adopts(event):
                return done
            line = event.line
            done = self.passed(line.at, line.proc if line.source == "heroku" else "")
        if isinstance(event, AppOutput) and event.dyno and event.line.source == "app":
            done += self._app_line(event)
        else:
            done.append(event)
        return done

    def passed(self, at: datetime | None, platform_of: str = "") -> list[Event]:
        """What a line of that time ends that is no app's: all that had no line for a second of log time, and
        the traceback of the dyno of which the platform speaks."""
        done: list[Event] = []
        for dyno, trace in list(self.open.items()):
            if platform_of == dyno or (at and trace.last_at and at - trace.last_at > _FORGOTTEN):
                done += self.open.pop(dyno).close()
        return done

    def forgotten_after(self) -> datetime | None:
        """A line later than this ends a traceback; None when no line can by its time alone."""
        times = [trace.last_at for trace in self.open.values() if trace.last_at]
        return min(times) + _FORGOTTEN if times else None

    def close(self) -> list[Event]:
        """What is open when the stream ends."""
        done = [event for trace in self.open.values() for event in trace.close()]
        self.open.clear()
        return done

    def _app_line(self, event: AppOutput) -> list[Event]:
        look = look_of(event.line.text)
        trace = self.open.get(event.dyno)
        if trace and trace.takes(event.line, look):
            trace.add(event, look)
            return list(self.open.pop(event.dyno).close()) if trace.holds_too_much else []
        done = list(self.open.pop(event.dyno).close()) if trace else []
        if look in ("plain", "detail"):
            return [*done, event]
        if len(self.open) >= _MOST_OPEN:
            done += self.open.pop(next(iter(self.open))).close()
        self.open[event.dyno] = _Trace(event, look)
        return done

    def _adopts(self, event: Unread) -> bool:
        """Whether a line without a head follows a line of a traceback directly, and so belongs to it."""
        for trace in self.open.values():
            if trace.last_number == event.line.number - 1:
                trace.add(event, look_of(event.line.text))
                return True
        return False


class _Trace:
    """A traceback that may still grow. Its lines are held only until it is certain that it is one."""

    def __init__(self, first: AppOutput, look: Look) -> None:
        self._first = first
        self._lines = 0
        self._frames = 0
        self._named: Named | None = None
        self._awaits_name = False  # A Python traceback is being read: its name comes last.
        self._is_python = False
        self._chained = False
        self._after_file = False
        self._held: list[Event] = []
        self.last_at = first.line.at
        self.last_number = first.line.number
        self.add(first, look)

    @property
    def holds_too_much(self) -> bool:
        """Whether it is time to give up that these lines are a traceback."""
        return len(self._held) > _MOST_HELD

    @property
    def _certain(self) -> bool:
        return self._is_python or self._named is not None or self._frames > 1

    def takes(self, line: LogLine, look: Look) -> bool:
        """Whether the line belongs to this traceback."""
        if line.at is None or self.last_at is None or self._is_followed_by(look):
            return False
        gap = abs(line.at - self.last_at)
        if look in ("frame", "detail", "head"):
            return gap <= _SAME_TRACE
        if not line.at.microsecond and not self.last_at.microsecond:
            return not gap and (self._awaits_name or look == "named")
        return gap <= _SAME_WRITE

    def _is_followed_by(self, look: Look) -> bool:
        """Whether such a line begins another traceback. A chained one is part of the same."""
        if look == "head":
            return self._named is not None and not self._chained
        return look == "named" and self._named is not None and not self._is_python

    def add(self, event: AppOutput | Unread, look: Look) -> None:
        """Count the line in, and learn from it."""
        text = event.line.text
        self._lines += 1
        self.last_number = event.line.number
        self.last_at = event.line.at or self.last_at
        if look == "head":
            self._is_python = self._awaits_name = True
        elif look == "frame":
            self._frames += 1
        elif self._named is None or self._awaits_name:
            name = named(text) if look == "named" else None
            if not name and self._awaits_name and not self._after_file and look == "plain":
                name = named_last(text)
            if name:
                self._named, self._awaits_name = name, False
        self._chained = text.lstrip().startswith(CHAINED) or (self._chained and not text.strip())
        self._after_file = text.lstrip().startswith('File "')
        if self._certain:
            self._held.clear()
        else:
            self._held.append(event)

    def close(self) -> Iterator[Event]:
        """One AppException, or the lines as they were if they were no traceback."""
        if not self._certain:
            yield from self._held
            return
        kind, message = self._named or ("", "")
        yield AppException(self._first.line, self._first.dyno, kind, message, self._lines)
