"""`logs --stats`: the sink that counts the selected lines and draws the table."""

from __future__ import annotations

import time
from collections.abc import Iterable
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from herodyno.cli.logs.oddities import note_oddities
from herodyno.cli.session import Session
from herodyno.logs.events import LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.logs.query.fields import missing_fields_note
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.reading import LogSummary
from herodyno.logs.query.statistics import Statistics, StatsQuery
from herodyno.render.logs.stats import stats_document, stats_table
from herodyno.render.text import lay_out

if TYPE_CHECKING:
    from herodyno.diagnosis.report.line_redaction import LineRedactor

REFRESH = 1.0  # seconds between two pictures of a live table


class StatsSink:
    """A table of figures. It is drawn once at the end; on a terminal, --tail draws it anew each second."""

    def __init__(
        self, session: Session, asked: StatsQuery, *, live: bool, redacted: LineRedactor | None = None
    ) -> None:
        self._output = session.output
        self._statistics = Statistics(asked)
        self._redacted = redacted
        output = session.output
        may_redraw = session.environ.get("TERM") != "dumb" and not output.wants_json
        self._redraws = live and output.is_terminal and may_redraw
        self._drawn_at = 0.0
        self._drawn = 0

    def take(self, items: Iterable[LogLine | Mark]) -> None:
        for item in items:
            if isinstance(item, LogLine):
                self._statistics.add(event_of(self._redacted(item) if self._redacted else item))
        if self._redraws and time.monotonic() - self._drawn_at >= REFRESH:
            self._draw()

    def end_history(self) -> None:
        pass

    def end(self, seen: LogSummary) -> None:
        if self._output.wants_json:
            self._output.json(stats_document(self._statistics, seen))
        else:
            self._draw()
        if note := missing_fields_note(self._statistics.missing_fields):
            self._output.note(note)
        note_oddities(self._output, seen)

    def _draw(self) -> None:
        if self._drawn:
            self._output.write(f"\x1b[{self._drawn}F\x1b[J")
        table = stats_table(self._statistics)
        lines = lay_out([table], self._output.width if self._output.is_terminal else None)
        if self._redraws:
            lines = lines[: get_terminal_size().lines - 1]  # the cursor cannot go above the first row
        self._output.lines(lines)
        self._drawn, self._drawn_at = (len(lines) if self._redraws else 0), time.monotonic()
