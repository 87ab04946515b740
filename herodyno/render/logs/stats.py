"""`logs --stats`: groups of lines and their figures, as a table, CSV, and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from math import floor
from typing import Any, NamedTuple

from herodyno.logs.query.reading import LogSummary
from herodyno.logs.query.statistics import Row, Statistics
from herodyno.render.logs.formats import csv_cell
from herodyno.render.text import Column, Span, Table
from herodyno.units import bucket_clock, bucket_stamp, count, exact_duration, json_time, zone_name


class BucketClock(NamedTuple):
    """How a bucket's time is shown: short on a terminal, with day and offset in a pipe."""

    zone: tzinfo
    now: datetime
    short: bool

    def texts(self, seconds: int, starts: Sequence[int]) -> dict[int, str]:
        """The time of each bucket. Each names its zone where the clock is changed between them."""
        if not self.short:
            return {start: bucket_stamp(_time(start), self.zone, seconds=seconds) for start in starts}
        today = self.now.astimezone(self.zone).date()
        dated = any(_time(start).astimezone(self.zone).date() != today for start in starts)
        changes = len(self._zones(starts)) > 1
        texts = {start: bucket_clock(_time(start), self.zone, seconds=seconds, dated=dated) for start in starts}
        return {at: f"{text} {zone_name(_time(at), self.zone)}" for at, text in texts.items()} if changes else texts

    def heading(self, starts: Sequence[int]) -> str:
        """The heading of the times: the zone, where the times do not name it."""
        return self.zones(starts) if self.short and len(self._zones(starts)) == 1 else "time"

    def zones(self, starts: Sequence[int]) -> str:
        """The zone of the times, by two names where the clock is changed between them."""
        return "/".join(dict.fromkeys(zone_name(_time(start), self.zone) for start in starts))

    def full(self, start: int) -> str:
        """One time in a sentence, with its date where it is not of today."""
        at = _time(start)
        dated = at.astimezone(self.zone).date() != self.now.astimezone(self.zone).date()
        told = bucket_clock(at, self.zone, seconds=1 if start % 60 else 60, dated=dated)
        return f"{told} {zone_name(at, self.zone)}"

    def extent(self, statistics: Statistics) -> str:
        """From when to when the log reaches, to the second: the first and the last bucket are rarely whole."""
        told = [self.full(floor(at.timestamp())) for at in (statistics.first, statistics.last) if at]
        return f"the log reaches from {' to '.join(told)}" if told else ""

    def _zones(self, starts: Sequence[int]) -> set[str]:
        return {zone_name(_time(start), self.zone) for start in starts}


def stats_table(statistics: Statistics, times: BucketClock) -> Table:
    """The groups as rows, the time of each bucket in its place."""
    asked, buckets, starts = statistics.query, statistics.buckets, statistics.starts
    columns = [Column(name, shrinks=True) for name in asked.by]
    texts = times.texts(buckets.seconds, starts) if buckets else {}
    if buckets:
        columns.insert(asked.place, Column(times.heading(starts)))
    columns += [Column(figure.title, right=True) for figure in asked.figures]
    rows = []
    for row in statistics.rows():
        cells = [value or "-" for value in row.group]
        if row.at is not None:
            cells.insert(asked.place, texts[row.at])
        rows.append(tuple(Span(cell) for cell in (*cells, *map(stats_number, row.numbers))))
    return Table(columns=tuple(columns), rows=tuple(rows))


def stats_document(statistics: Statistics, seen: LogSummary) -> dict[str, Any]:
    """`herodyno.log-stats/1`."""
    asked, buckets = statistics.query, statistics.buckets
    document: dict[str, Any] = {
        "schema": "herodyno.log-stats/1",
        "by": list(_titles(statistics)),
        "figures": [figure.title for figure in asked.figures],
        "rows": [{"group": _group(statistics, row), "values": list(row.numbers)} for row in statistics.rows()],
        "lines": seen.lines,
    }
    if buckets:
        starts = statistics.starts
        document["buckets"] = {
            "seconds": buckets.seconds,
            "asked_seconds": asked.seconds,
            "count": len(starts),
            "without_lines": len(starts) - len(statistics.covered),
            "first": json_time(statistics.first),
            "last": json_time(statistics.last),
            "undated": statistics.undated,
        }
    return document


def stats_csv_head(statistics: Statistics) -> str:
    """The heading of the CSV."""
    return _csv([[*_titles(statistics), *(figure.title for figure in statistics.query.figures)]])


def stats_csv(statistics: Statistics, rows: Sequence[Row]) -> str:
    """The rows as CSV. Times are UTC, as in JSON. A value that there is not is an empty cell."""
    return _csv([[csv_cell(value) for value in (*_group(statistics, row), *row.numbers)] for row in rows])


def stats_jsonl(statistics: Statistics, rows: Sequence[Row]) -> str:
    """The rows as records of `herodyno.log-stats-row/1`, one a line."""
    titles, figures = _titles(statistics), [figure.title for figure in statistics.query.figures]
    records = (
        {
            "schema": "herodyno.log-stats-row/1",
            "group": dict(zip(titles, _group(statistics, row), strict=True)),
            "values": dict(zip(figures, row.numbers, strict=True)),
        }
        for row in rows
    )
    return "".join(json.dumps(record) + "\n" for record in records)


def stats_notes(statistics: Statistics, times: BucketClock, *, plotted: bool) -> Iterator[str]:
    """What a reader must know of the buckets of time: wider than asked, without a line, lines in none."""
    asked, buckets, starts = statistics.query.seconds, statistics.buckets, statistics.starts
    if statistics.digits:
        yield f"too many different numbers: percentiles and minima have {statistics.digits} digits"
    if buckets is None:
        return
    if buckets.seconds != asked:
        what = "columns" if plotted else "rows"
        yield (
            f"by {exact_duration(asked)} is too many {what} from {times.full(starts[0])} to {times.full(starts[-1])}: "
            f"they go by {exact_duration(buckets.seconds)}; --since and --until narrow the time"
        )
    if missing := [start for start in starts if start not in statistics.covered]:
        yield (
            f"the log has no line at all in {count(len(missing))} of {count(len(starts), 'bucket')}, "
            f"the first {times.full(missing[0])}"
        )
    if statistics.late:
        yield f"{count(statistics.late, 'line')} came after the rows of their time were written, and are in none"
    if statistics.undated:
        yield f"{count(statistics.undated, 'line')} without a time: in no bucket"


def _csv(rows: Sequence[Sequence[str]]) -> str:
    into = io.StringIO()
    csv.writer(into, lineterminator="\n").writerows(rows)
    return into.getvalue()


def _titles(statistics: Statistics) -> tuple[str, ...]:
    return statistics.query.titles(statistics.buckets.seconds if statistics.buckets else 0)


def _group(statistics: Statistics, row: Row) -> list[str]:
    """What the row is grouped by, with its time as JSON has it."""
    group = list(row.group)
    if row.at is not None:
        group.insert(statistics.query.place, json_time(_time(row.at)) or "")
    return group


def _time(start: int) -> datetime:
    return datetime.fromtimestamp(start, UTC)


def stats_number(value: float | None) -> str:
    """A figure with at most three digits behind the point, "-" for none."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.3g}" if abs(value) < 100 else f"{value:,.1f}"
