"""Where selected lines go: written in a format, the last n of them, or counted (log_counted.py)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Protocol

from herodyno.cli.logs.query import Wishes, format_of
from herodyno.cli.session import Session
from herodyno.logs.events import LogLine
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.reading import LogSummary, Reading
from herodyno.logs.query.selecting import Selector
from herodyno.render.logs.plain import Format

Items = Iterable[LogLine | Mark]


class Sink(Protocol):
    """Takes what was read, list by list."""

    def take(self, items: Items) -> None:
        """The next lines and marks."""

    def let_go(self) -> None:
        """What was held back until the history ended may go; from now on everything is shown at once."""

    def end(self, seen: LogSummary) -> None:
        """Nothing more comes."""


class Written:
    """Lines in a format, each list written at once. `most`: only the last so many, until `let_go`."""

    def __init__(self, session: Session, format: Format, *, most: int | None, redacted: bool) -> None:  # noqa: A002 - the word of the trade
        self._output = session.output
        self._format = format
        self._redacted = redacted
        self._held: deque[LogLine | Mark] | None = None if most is None else deque()
        self._most = most or 0
        self._lines_held = 0
        if format.head:
            self._output.write(format.head)

    def take(self, items: Items) -> None:
        if self._held is None:
            self._write(items)
            return
        for item in items:
            self._held.append(item)
            self._lines_held += isinstance(item, LogLine)
            while self._lines_held > self._most:
                self._lines_held -= isinstance(self._held.popleft(), LogLine)

    def let_go(self) -> None:
        held, self._held = self._held, None
        self._write(held or ())

    def end(self, seen: LogSummary) -> None:
        self.let_go()
        if foot := self._format.foot(seen):
            self._output.write(foot)
        if note := self._format.note:
            self._output.note(note)

    def _write(self, items: Items) -> None:
        if text := self._format.lines([_redacted(item) for item in items] if self._redacted else list(items)):
            self._output.write(text)


def sink_of(session: Session, wishes: Wishes) -> Sink:
    """Where the lines go."""
    if wishes.question:
        from herodyno.cli.logs.stats import Counted

        return Counted(session, wishes.question, live=wishes.typed.tail)
    return Written(session, format_of(session, wishes), most=wishes.most, redacted=wishes.typed.redact)


def reading_of(session: Session, wishes: Wishes) -> Reading:
    """How the lines are chosen and marked."""
    marks = not wishes.question and format_of(session, wishes).shows_marks
    return Reading(Selector(wishes.selection), marks=marks, silence=wishes.silence, bursts=wishes.bursts)


def pour(batches: Iterable[Sequence[LogLine | Mark]], reading: Reading, sink: Sink) -> None:
    """Read to the end; what was read is shown also when the reading breaks off or is interrupted."""
    try:
        for batch in batches:
            if shown := reading.take(batch):
                sink.take(shown)
    finally:
        sink.take(reading.rest())
        sink.end(reading.summary)


def _redacted(item: LogLine | Mark) -> LogLine | Mark:
    if isinstance(item, Mark):
        return item
    from herodyno.diagnosis.report.redaction import redact

    return item._replace(text=redact(item.text), raw=redact(item.raw))
