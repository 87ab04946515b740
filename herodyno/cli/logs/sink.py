"""Where selected lines go: written in a format, the last n of them, or counted."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from herodyno.cli.logs.formats import choose_format
from herodyno.cli.logs.oddities import note_oddities
from herodyno.cli.logs.query import LogQuery
from herodyno.cli.session import Session
from herodyno.errors import HerodynoError
from herodyno.logs.events import LogLine
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.reading import LogSummary, Reading
from herodyno.logs.query.selecting import Selector
from herodyno.render.logs.plain import Format

if TYPE_CHECKING:
    from herodyno.diagnosis.report.line_redaction import LineRedactor

Items = Iterable[LogLine | Mark]


class Sink(Protocol):
    """Takes lines and marks, batch by batch."""

    def see(self, items: Items) -> None:
        """The next lines and marks that were read, wanted or not."""

    def take(self, items: Items) -> None:
        """Those of them that are wanted."""

    def end_history(self) -> None:
        """The history has ended: show the lines that were held back, and every later line at once."""

    def end(self, seen: LogSummary) -> None:
        """The last line was taken."""

    @property
    def error(self) -> HerodynoError | None:
        """What the command ends with after all is shown."""


class Written:
    """Lines in a format, each batch written at once. With `most`, only the last `most` lines until `end_history`."""

    error = None

    def __init__(self, session: Session, format: Format, *, most: int | None, redacted: bool) -> None:  # noqa: A002 - the word of the trade
        self._output = session.output
        self._format = format
        self._fields = format.fields
        self._redacted = line_redactor() if redacted else None
        self._held: deque[LogLine | Mark] | None = None if most is None else deque()
        self._most = most or 0
        self._lines_held = 0
        if format.head:
            self._output.write(format.head)

    def see(self, items: Items) -> None:
        if self._fields and self._fields.missing:
            for item in items:
                self._fields.missing.learn(item.text)

    def take(self, items: Items) -> None:
        if self._held is None:
            self._write(items)
            return
        for item in items:
            self._held.append(item)
            self._lines_held += isinstance(item, LogLine)
            while self._lines_held > self._most:
                dropped = self._held.popleft()
                if isinstance(dropped, LogLine):
                    self._lines_held -= 1
                    if self._fields and self._fields.missing:
                        self._fields(dropped)  # a field that only this line has is not missing

    def end_history(self) -> None:
        held, self._held = self._held, None
        self._write(held or ())

    def end(self, seen: LogSummary) -> None:
        self.end_history()
        if foot := self._format.foot(seen):
            self._output.write(foot)
        if seen.selected and (note := self._format.note):  # why nothing fits is said elsewhere
            self._output.note(note)
        note_oddities(self._output, seen)

    def _write(self, items: Items) -> None:
        redacted = self._redacted
        shown = [redacted(item) if isinstance(item, LogLine) else item for item in items] if redacted else list(items)
        if text := self._format.lines(shown):
            self._output.write(text)


def make_sink(session: Session, query: LogQuery) -> Sink:
    """The sink that the query asks for."""
    if query.patterns:
        from herodyno.cli.logs.patterns import PatternsSink

        return PatternsSink(session, query, query.patterns, line_redactor() if query.options.redact else None)
    if query.question:
        from herodyno.cli.logs.stats import StatsSink

        redacted = line_redactor() if query.options.redact else None
        return StatsSink(session, query, query.question, redacted)
    return Written(session, choose_format(session, query), most=query.max_lines, redacted=query.options.redact)


def make_reading(session: Session, query: LogQuery) -> Reading:
    """The reading that chooses lines and adds marks."""
    marks = not query.question and choose_format(session, query).shows_marks
    needle = query.question.needle if query.question and query.selection.judges_lines_alone else ""
    return Reading(Selector(query.selection), marks=marks, silence=query.silence, bursts=query.bursts, needle=needle)


def read_into(batches: Iterable[Sequence[LogLine | Mark]], reading: Reading, sink: Sink) -> None:
    """Read to the end. What was read is shown even when reading fails or is interrupted."""
    try:
        for batch in batches:
            sink.see(batch)
            if shown := reading.take(batch):
                sink.take(shown)
    finally:
        sink.take(reading.rest())
        sink.end(reading.summary)
    if sink.error:
        raise sink.error


def line_redactor() -> LineRedactor:
    """What --redact does to each line, of whatever is then made of them."""
    from herodyno.diagnosis.report.line_redaction import LineRedactor
    from herodyno.diagnosis.report.redaction import redact

    return LineRedactor(redact)
