"""Marks between lines: a gap in the log, dropped lines, a new incarnation, a silence, repeated lines."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias

from herodyno.dynos import short_id
from herodyno.logs.events import Exited, LoadSample, LogLine, LogLoss, MemorySample, Starting
from herodyno.units import count

MarkKind: TypeAlias = Literal["gap", "lost", "incarnation", "silence", "more"]


class Mark(NamedTuple):
    """What is shown between two lines.

    `at` is None when the time is not known. `dyno` is the name of the dyno that the mark is about, or "".
    `lines` counts the lines that were lost or fused, 0 where the number is not known or means nothing.
    `seconds` is how long the gap, the silence or the run of repeated lines lasted. `app` is the app's name where
    several are shown.
    """

    kind: MarkKind
    at: datetime | None
    text: str
    dyno: str = ""
    lines: int = 0
    seconds: float = 0.0
    app: str = ""


class IncarnationMarks:
    """Marks where a dyno's name begins to stand for another incarnation.

    The start of a process begins an incarnation, and so does a new dyno id in a metric line.
    """

    def __init__(self) -> None:
        from herodyno.logs.parsing.event import event_of  # not needed in a pipe, where no marks are shown

        self._event_of = event_of
        self._ids: dict[str, str] = {}
        self._former: dict[str, str] = {}
        self._exits: dict[str, int] = {}
        self._pending: dict[str, Mark] = {}

    def learn(self, line: LogLine) -> None:
        """Learn from a line, whether the line is shown or not."""
        if line.source != "heroku" or line.proc == "router":
            return
        match self._event_of(line):
            case Starting(dyno=dyno):
                former = self._ids.pop(dyno, "")
                self._former[dyno] = former
                self._pending[dyno] = Mark("incarnation", line.at, self._text(dyno, former), dyno)
            case MemorySample(dyno=dyno, dyno_id=dyno_id) | LoadSample(dyno=dyno, dyno_id=dyno_id):
                if not dyno_id or dyno_id == self._former.get(dyno):
                    return  # a last sample of the old dyno
                known = self._ids.get(dyno)
                self._ids[dyno] = dyno_id
                if known and known != dyno_id:
                    self._former[dyno] = known  # with preboot both dynos are sampled in turn
                    text = f"{dyno} is another dyno now: {short_id(dyno_id)} (before: {short_id(known)})"
                    self._pending[dyno] = Mark("incarnation", line.at, text, dyno)
            case Exited(dyno=dyno, status=status):
                if status is not None:
                    self._exits[dyno] = status
            case _:
                pass

    def before(self, line: LogLine) -> Mark | None:
        """The mark of a new incarnation, before the first line of its name that is shown."""
        return self._pending.pop(line.proc, None) if self._pending else None

    def _text(self, dyno: str, former: str) -> str:
        known = [f"before: {short_id(former)}"] if former else []
        if (status := self._exits.pop(dyno, None)) is not None:
            known.append(f"exited with status {status}")
        return f"{dyno} is a new dyno from here" + (f" ({', '.join(known)})" if known else "")


LOSS_REPORTERS = ("logplex", "log-shuttle")  # the `proc` of lines with L codes


def loss_in(line: LogLine) -> LogLoss | None:
    """The L code in a line of Logplex or log-shuttle, None in any other line."""
    if line.proc not in LOSS_REPORTERS:
        return None
    from herodyno.logs.parsing.event import event_of

    event = event_of(line)
    return event if isinstance(event, LogLoss) else None


def loss_mark(loss: LogLoss) -> Mark:
    """The mark of an L code. L10 and L14 speak of a drain, L12 and L13 of what dynos printed, L11 of this log."""
    how_many = count(loss.lost, "line") if loss.lost else "lines"
    whose = "a drain" if loss.drain or loss.code == "L10" else "this log"
    text = {
        "L12": f"{how_many} that dynos printed were dropped",
        "L13": f"{how_many} that dynos printed were not delivered",
        "L14": "a drain's certificate is not valid: it gets no lines",
        "L15": "Heroku cannot give the recent lines at the moment",
    }.get(loss.code, f"Heroku dropped {how_many} of {whose}")
    return Mark("lost", loss.line.at, f"{text} ({loss.code})", lines=loss.lost)


class SilenceMarks:
    """Marks where no selected line came for at least `seconds` of log time."""

    def __init__(self, seconds: float) -> None:
        self._least = timedelta(seconds=seconds)
        self._last: datetime | None = None

    def before(self, line: LogLine) -> Mark | None:
        """The mark of the silence that this line ends, None when there was none."""
        last, at = self._last, line.at
        if at is None:
            return None
        self._last = at if last is None else max(last, at)
        if last is None or at - last < self._least:
            return None
        seconds = (at - last).total_seconds()
        return Mark("silence", last, f"no line for {seconds:,.0f} s", seconds=seconds)


_NUMBER = re.compile(r"[0-9a-fA-F]*\d[0-9a-fA-F-]*")  # decimal and hexadecimal numbers, UUIDs


class RepeatedLines:
    """Fuses lines of one process that differ in numbers only: the first line is shown, the others are counted.

    A run of such lines ends with any other line of the process, or after `seconds` of log time without a line of it.
    """

    def __init__(self, seconds: float) -> None:
        self._apart = timedelta(seconds=seconds)
        self._runs: dict[tuple[str, str], _Run] = {}

    def take(self, line: LogLine) -> tuple[list[Mark], bool]:
        """The marks of the runs that this line ends, and whether the line itself is shown."""
        marks = self._over(line.at)
        who, shape = (line.source, line.proc), _NUMBER.sub("#", line.text)
        run = self._runs.get(who)
        if run and run.shape == shape:
            run.add(line.at)
            return marks, False
        if run:
            marks += run.marks(line.proc)
        self._runs[who] = _Run(shape, line.at)
        return marks, True

    def rest(self) -> list[Mark]:
        """The marks of the runs that have not ended."""
        marks = [mark for (_, proc), run in self._runs.items() for mark in run.marks(proc)]
        self._runs.clear()
        return marks

    def _over(self, now: datetime | None) -> list[Mark]:
        if now is None:
            return []
        over = [who for who, run in self._runs.items() if run.last is not None and now - run.last > self._apart]
        return [mark for who in over for mark in self._runs.pop(who).marks(who[1])]


class _Run:
    __slots__ = ("first", "last", "more", "shape")

    def __init__(self, shape: str, at: datetime | None) -> None:
        self.shape = shape
        self.first = self.last = at
        self.more = 0

    def add(self, at: datetime | None) -> None:
        self.more += 1
        self.last = at or self.last

    def marks(self, proc: str) -> list[Mark]:
        if not self.more:
            return []
        seconds = (self.last - self.first).total_seconds() if self.first and self.last else 0.0
        text = f"{proc}: {self.more:,} more like it within {seconds:,.1f} s"
        return [Mark("more", self.last, text, proc, self.more, seconds)]
