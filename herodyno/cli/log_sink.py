"""Where selected lines go: written in a format, the last n of them, or counted into a table."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Sequence
from shutil import get_terminal_size
from typing import Any, Protocol

from herodyno.cli.log_dynos import LastWords
from herodyno.cli.log_wishes import Wishes, format_of
from herodyno.cli.session import Session
from herodyno.diagnosis.incarnations import Life
from herodyno.diagnosis.redaction import redact
from herodyno.logs.events import LogLine
from herodyno.logs.fields import never_met
from herodyno.logs.grammar import event_of
from herodyno.logs.marks import Mark
from herodyno.logs.reading import Reading, Seen
from herodyno.logs.selecting import Selector
from herodyno.logs.statistics import Question, Statistics
from herodyno.render.log_formats import Format
from herodyno.render.text import Column, Span, Table, lay_out

Items = Iterable[LogLine | Mark]
REFRESH = 1.0  # seconds between two pictures of a live table


class Sink(Protocol):
    """Takes what was read, list by list."""

    def take(self, items: Items) -> None:
        """The next lines and marks."""

    def let_go(self) -> None:
        """What was held back until the history ended may go; from now on everything is shown at once."""

    def end(self, seen: Seen) -> None:
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

    def end(self, seen: Seen) -> None:
        self.let_go()
        if foot := self._format.foot(seen):
            self._output.write(foot)
        if note := self._format.note:
            self._output.note(note)

    def _write(self, items: Items) -> None:
        if text := self._format.lines([_redacted(item) for item in items] if self._redacted else list(items)):
            self._output.write(text)


class Counted:
    """A table of figures: on a terminal drawn anew each second while the log is followed, else once at the end."""

    def __init__(self, session: Session, asked: Question, *, live: bool) -> None:
        self._output = session.output
        self._statistics = Statistics(asked)
        output = session.output
        may_redraw = session.environ.get("TERM") != "dumb" and not output.wants_json
        self._redraws = live and output.is_terminal and may_redraw
        self._drawn_at = 0.0
        self._drawn = 0

    def take(self, items: Items) -> None:
        for item in items:
            if isinstance(item, LogLine):
                self._statistics.add(event_of(item))
        if self._redraws and time.monotonic() - self._drawn_at >= REFRESH:
            self._draw()

    def let_go(self) -> None:
        pass

    def end(self, seen: Seen) -> None:
        if self._output.wants_json:
            self._output.json(stats_document(self._statistics, seen))
        else:
            self._draw()
        if note := never_met(self._statistics.never_met):
            self._output.note(note)

    def _draw(self) -> None:
        if self._drawn:
            self._output.write(f"\x1b[{self._drawn}F\x1b[J")
        table = stats_table(self._statistics)
        lines = lay_out([table], self._output.width if self._output.is_terminal else None)
        if self._redraws:
            lines = lines[: get_terminal_size().lines - 1]  # the cursor cannot go up beyond the top
        self._output.lines(lines)
        self._drawn, self._drawn_at = (len(lines) if self._redraws else 0), time.monotonic()


def sink_of(session: Session, wishes: Wishes) -> Written | Counted:
    """Where the lines go."""
    if wishes.question:
        return Counted(session, wishes.question, live=wishes.typed.tail)
    return Written(session, format_of(session, wishes), most=wishes.most, redacted=wishes.typed.redact)


def reading_of(session: Session, wishes: Wishes) -> Reading:
    """How the lines are chosen and marked."""
    marks = not wishes.question and format_of(session, wishes).shows_marks
    return Reading(Selector(wishes.selection), marks=marks, silence=wishes.silence, bursts=wishes.bursts)


def show_last_words(
    session: Session, wishes: Wishes, batches: Iterable[Sequence[LogLine]], lives: Sequence[Life]
) -> None:
    """For each dyno that ended, how it did and its last lines that fit."""
    form = format_of(session, wishes)
    reading = Reading(Selector(wishes.selection), marks=False)
    words = LastWords(lives, wishes.most or 0)
    for batch in batches:
        for item in reading.take(batch):
            if isinstance(item, LogLine):
                words.take(item)
    sink = Written(session, form, most=None, redacted=wishes.typed.redact)
    for mark, lines in words.told():
        if not form.shows_marks:
            session.output.note(mark.text)
        sink.take([mark, *lines])
    sink.end(reading.seen)


def stats_table(statistics: Statistics) -> Table:
    """The groups as rows, the greatest first."""
    asked = statistics.question
    columns = [Column(heading=name, shrinks=True) for name in asked.by]
    columns += [Column(heading=figure.title, right=True) for figure in asked.figures]
    rows = [
        tuple(Span(cell) for cell in (*(value or "-" for value in key), *map(_number, numbers)))
        for key, numbers in statistics.rows()
    ]
    return Table(columns=tuple(columns), rows=tuple(rows))


def stats_document(statistics: Statistics, seen: Seen) -> dict[str, Any]:
    """`herodyno.log-stats/1`."""
    asked = statistics.question
    return {
        "schema": "herodyno.log-stats/1",
        "by": list(asked.by),
        "figures": [figure.title for figure in asked.figures],
        "rows": [{"group": list(key), "values": list(numbers)} for key, numbers in statistics.rows()],
        "lines": seen.lines,
    }


def pour(batches: Iterable[Sequence[LogLine | Mark]], reading: Reading, sink: Sink) -> None:
    """Read to the end; what was read is shown also when the reading breaks off or is interrupted."""
    try:
        for batch in batches:
            if shown := reading.take(batch):
                sink.take(shown)
    finally:
        sink.take(reading.rest())
        sink.end(reading.seen)


def _redacted(item: LogLine | Mark) -> LogLine | Mark:
    if isinstance(item, Mark):
        return item
    return item._replace(text=redact(item.text), raw=redact(item.raw))


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.3g}" if abs(value) < 100 else f"{value:,.1f}"
