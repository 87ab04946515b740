"""`logs --stats`: the sink that counts the selected lines and shows the figures."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from herodyno.cli.logs.oddities import note_oddities
from herodyno.cli.logs.query import LogQuery
from herodyno.cli.session import Session
from herodyno.logs.events import LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.reading import LogSummary
from herodyno.logs.query.statistics import Row, Statistics
from herodyno.logs.query.stats_query import StatsQuery
from herodyno.render.logs.stats import (
    BucketClock,
    stats_csv,
    stats_csv_head,
    stats_document,
    stats_jsonl,
    stats_notes,
    stats_table,
)
from herodyno.render.text import Line, lay_out
from herodyno.units import zone_of

if TYPE_CHECKING:
    from herodyno.diagnosis.report.line_redaction import LineRedactor

REFRESH = 1.0  # seconds between two pictures of a live table
LATE = 10.0  # seconds that the rows of a bucket wait for lines that come late; ours


class StatsSink:
    """A table of figures. It is drawn once at the end; on a terminal, --tail draws it anew each second."""

    error = None

    def __init__(
        self, session: Session, query: LogQuery, asked: StatsQuery, redacted: LineRedactor | None = None
    ) -> None:
        self._output = output = session.output
        self._form = query.options.output or ("json" if output.wants_json else "text")
        now = session.now()
        zone = zone_of(now, utc=output.utc)
        self._clock = BucketClock(zone, now, short=output.is_terminal)
        self._statistics = Statistics(asked, zone)
        self._since, self._until = query.selection.since, query.selection.until
        self._tells_extent = query.options.is_offline or query.options.tail
        self._plots = query.options.plot
        self._redacted = redacted
        may_redraw = session.environ.get("TERM") != "dumb" and self._form == "text"
        self._redraws = query.options.tail and output.is_terminal and may_redraw
        # A tail is never over: rows are written as soon as their time is.
        self._streams = bool(query.options.tail and self._statistics.buckets and self._form in ("csv", "jsonl"))
        self._head = stats_csv_head(self._statistics)
        self._drawn_at = 0.0
        self._drawn = 0

    def see(self, items: Iterable[LogLine | Mark]) -> None:
        since, until, statistics = self._since, self._until, self._statistics
        if not (statistics.buckets or statistics.missing_fields):
            return
        for item in items:
            if not isinstance(item, LogLine):
                continue
            statistics.missing_fields.learn(item.text)
            if (at := item.at) and not ((since and at < since) or (until and at > until)):
                statistics.see(at)

    def take(self, items: Iterable[LogLine | Mark]) -> None:
        for item in items:
            if isinstance(item, LogLine):
                self._statistics.add(event_of(self._redacted(item) if self._redacted else item))
        if self._streams and (rows := self._statistics.close(LATE)):
            self._write(rows)
        if self._redraws and time.monotonic() - self._drawn_at >= REFRESH:
            self._draw()

    def end_history(self) -> None:
        pass

    def end(self, seen: LogSummary) -> None:
        statistics, output = self._statistics, self._output
        if self._form == "json":
            output.json(stats_document(statistics, seen))
        elif self._form in ("csv", "jsonl"):
            self._write(statistics.rows())
        else:
            self._draw()
        # Heroku's window is told of below each answer. How far a file or a tail reaches is not.
        extent = self._clock.extent(statistics) if self._tells_extent else ""
        for note in filter(None, (extent, *stats_notes(statistics, self._clock, plotted=self._plots))):
            output.note(note)
        if seen.selected and (note := statistics.missing_fields.note):
            output.note(note)
        note_oddities(output, seen)

    def _write(self, rows: Sequence[Row]) -> None:
        """Write rows for programs, under the heading of their first."""
        statistics = self._statistics
        if self._form == "csv":
            head, self._head = self._head, ""
            self._output.write(head + stats_csv(statistics, rows))
        else:
            self._output.write(stats_jsonl(statistics, rows))

    def _draw(self) -> None:
        if self._drawn:
            self._output.write(f"\x1b[{self._drawn}F\x1b[J")
        lines = self._plotted() if self._plots else self._table()
        if self._redraws:
            most = get_terminal_size().lines - 1  # the cursor cannot go above the first row
            asked = self._statistics.query
            if asked.seconds and not (asked.place or self._plots) and len(lines) > most:  # the newest stand below
                lines = [lines[0], *lines[1 - most :]]
            lines = lines[:most]
        self._output.lines(lines)
        self._drawn, self._drawn_at = (len(lines) if self._redraws else 0), time.monotonic()

    def _table(self) -> list[Line]:
        table = stats_table(self._statistics, self._clock)
        return lay_out([table], self._output.width if self._output.is_terminal else None)

    def _plotted(self) -> list[Line]:
        from herodyno.render.logs.stats_plot import most_buckets, stats_plot  # a table needs no pictures

        output, statistics = self._output, self._statistics
        statistics.widen_to(most_buckets(statistics, output.width))
        return stats_plot(statistics, self._clock, width=output.width, signs=output.signs)
