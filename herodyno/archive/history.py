"""The lines of one app in an archive, in the order of time, as the log that a verdict is made of.

Days and times that are not wanted are not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from herodyno.archive.engines.engine import Archive, Engine
from herodyno.archive.folder import CLOCKS_DIFFER_US, US_PER_SECOND, day_of
from herodyno.archive.parquet.tables import Batch as Columns
from herodyno.archive.rows import UNDATED, Row, line_text, log_line, time_of
from herodyno.archive.selected_rows import ALL, RowFilter
from herodyno.diagnosis.timeline.listed import ListedDyno
from herodyno.errors import NotFound, Refused, UsageError
from herodyno.logs.events import LogLine
from herodyno.logs.scan.blocks import Batch
from herodyno.units import log_time

_IS_AHEAD = f"recv_us IS NOT NULL AND ts_us > recv_us + {CLOCKS_DIFFER_US}"
_SPANS = f"""
SELECT app, min(ts_us), max(ts_us), max(CASE WHEN {_IS_AHEAD} THEN NULL ELSE ts_us END),
  sum(CASE WHEN {_IS_AHEAD} THEN 1 ELSE 0 END), sum(CASE WHEN recv_us IS NOT NULL THEN 1 ELSE 0 END)
FROM events GROUP BY app ORDER BY app
"""  # noqa: S608
_IN = "app = $app AND ts_us >= $first_us AND ts_us <= $last_us"
_LINES = f"""
SELECT ts_us, source, proc, kind, message FROM events
WHERE {_IN}
ORDER BY ts_us, recv_us NULLS LAST, arrival, proc, message
"""  # noqa: S608
# What a line without a head is goes by the line before, so no line of such a day is left out.
_UNDATED = f"SELECT count(*) FROM events WHERE {_IN} AND kind = '{UNDATED}'"  # noqa: S608
_EXTENT = f"SELECT count(*), min(ts_us), max(ts_us) FROM events WHERE {_IN}"  # noqa: S608
_SECONDS = f"""
SELECT min(ts_us), max(ts_us) FROM events WHERE {_IN} AND kind <> '{UNDATED}'
GROUP BY floor(ts_us / 1e6) ORDER BY 1
"""  # noqa: S608
# As many lines as a block of a file has.
_LINES_OF_BLOCK = 2000
_MINUTE_END = len("2026-03-02T12:00:")
_PROC = re.compile(r"[\w.-]{1,128}", re.ASCII)


class History:
    """The lines of an app from one time to another, both included. Calling it gives them in batches, each time anew.

    With `wanted`, lines are left out that this filter does not let through, but for those of a day on which a line has
    no time: it goes with the line before it.
    """

    def __init__(
        self,
        archive: Archive,
        app: str,
        first_us: int,
        last_us: int,
        wanted: RowFilter = ALL,
        *,
        now_us: int | None = None,
    ) -> None:
        self.archive = archive
        self.app = app
        self.first_us = first_us
        self.last_us = last_us
        self.wanted = wanted
        self.now_us = last_us if now_us is None else now_us
        self.told: Callable[[float, float], None] | None = None  # how much of how many seconds of log were read
        self._seen: dict[str, object] = {}  # the version of each day that was read

    @property
    def now(self) -> datetime:
        """The time of the last line, but for lines of a clock that is far ahead of the receiver's."""
        return time_of(self.now_us)

    def between(self, first_us: int | None, last_us: int | None) -> History:
        """The part from one time to another; None is no bound."""
        return History(
            self.archive,
            self.app,
            self.first_us if first_us is None else max(first_us, self.first_us),
            self.last_us if last_us is None else min(last_us, self.last_us),
            self.wanted,
        )

    def only(self, wanted: RowFilter) -> History:
        """The lines that a filter lets through."""
        return History(self.archive, self.app, self.first_us, self.last_us, wanted)

    def listed(self) -> Sequence[ListedDyno]:
        """The dynos that the API listed until the last line."""
        return self.archive.listed(self.app, until_us=self.last_us)

    def extent(self) -> tuple[int, datetime | None, datetime | None]:
        """How many lines there are, whatever is `wanted` of them, and the times of the first and the last."""
        with self.engine() as found:
            ((lines, first_us, last_us),) = found.rows(_EXTENT, **self._span())
        return lines, *(None if us is None else time_of(us) for us in (first_us, last_us))

    def seconds(self) -> Iterator[datetime]:
        """The times of the first and the last line in each second that has one."""
        with self.engine() as found:
            for batch in found.batches(_SECONDS, **self._span()):
                for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    yield from map(time_of, row)

    def __call__(self) -> Iterator[Batch]:
        """The lines. Raises Refused when a day was written anew since the last call: it gives other lines now."""
        number = 0
        for rows in self._lines(_LINES):
            yield batch_of(rows, number)
            number += len(rows)

    def log_lines(self) -> Iterator[list[LogLine]]:
        """The lines one by one, some at a time, numbered within each list."""
        for rows in self._lines(_LINES):
            yield [line_of(row, number) for number, row in enumerate(rows, start=1)]

    def rows(self) -> Iterator[list[dict[str, Any]]]:
        """The rows with all their columns, some at a time."""
        names = Row._fields
        for rows in self._lines(_LINES.replace("ts_us, source, proc, kind, message", ", ".join(names), 1)):
            yield [dict(zip(names, row, strict=True)) for row in rows]

    def asked(self, text: str, **values: Any) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of another query, day by day, some at a time. The first column is the time."""
        for found in self._days():
            yield from self._blocks(found.batches(text, **values))

    def engine(self) -> AbstractContextManager[Engine]:
        """An engine over all days of these lines."""
        return self.archive.over(day_of(self.first_us), day_of(self.last_us))

    def _lines(self, text: str) -> Iterator[list[tuple[Any, ...]]]:
        for found in self._days():
            values, narrowed = self._span(), text
            if self.wanted.text and found.rows(_UNDATED, **values) == [(0,)]:
                narrowed = text.replace(_IN, f"{_IN} AND {self.wanted.text}", 1)
                values |= self.wanted.values
            yield from self._blocks(found.batches(narrowed, **values))

    def _days(self) -> Iterator[Engine]:
        """An engine over each day in turn, so that one day at most is sorted."""
        for day, found in self.archive.each_day(self.first_us, self.last_us):
            self._check(day)
            yield found
            self._check(day)

    def _check(self, day: str) -> None:
        if self._seen.setdefault(day, version := self.archive.version(day)) != version:
            raise Refused(f"{self.archive.root} was written to while it was read", next_step="run it again")

    def _blocks(self, batches: Iterable[Columns]) -> Iterator[list[tuple[Any, ...]]]:
        whole = (self.last_us - self.first_us) / US_PER_SECOND
        for batch in batches:
            rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            while block := list(islice(rows, _LINES_OF_BLOCK)):
                if self.told:
                    self.told((block[-1][0] - self.first_us) / US_PER_SECOND, whole)
                yield block

    def _span(self) -> dict[str, Any]:
        return {"app": self.app, "first_us": self.first_us, "last_us": self.last_us}


def history(archive: Archive, app: str) -> History:
    """All lines of an app; of the only one where `app` is "". Raises NotFound, and UsageError for several apps."""
    archive.require()
    with archive.over() as found:
        spans = {name: span for name, *span in found.rows(_SPANS)}
    if not app and len(spans) > 1:
        raise UsageError(f"{archive.root} holds several apps: {', '.join(spans)}", next_step="say which: --app NAME")
    name = app or next(iter(spans))
    if name not in spans:
        raise NotFound(f"{archive.root} has no line of {name}", next_step=f"it holds: {', '.join(spans)}")
    first_us, last_us, now_us, ahead, received = spans[name]
    # Where most lines are ahead, the receiver's own clock is behind, or time is simulated.
    return History(archive, name, first_us, last_us, now_us=now_us if ahead * 2 < received else last_us)


def batch_of(rows: Sequence[tuple[Any, ...]], number: int) -> Batch:
    """Some lines as text. A line that breaks off, or that nobody could read, must not be read as another one."""
    if any(
        kind == UNDATED or "\n" in message or not _is_read_again(source, proc)
        for _, source, proc, kind, message in rows
    ):
        return [line_of(row, at) for at, row in enumerate(rows, start=number + 1)]
    minute, stamp, lines = -1, "", []
    for ts_us, source, proc, _, message in rows:
        seconds, rest = divmod(ts_us, US_PER_SECOND)
        if seconds // 60 != minute:
            minute, stamp = seconds // 60, log_time(datetime.fromtimestamp(seconds, UTC))[:_MINUTE_END]
        lines.append(f"{stamp}{seconds % 60:02}.{rest:06}+00:00 {line_text(source, proc, message)}\n")
    return "".join(lines).encode()


@lru_cache(maxsize=4096)
def _is_read_again(source: str, proc: str) -> bool:
    """Whether a head of these words is read as these words."""
    return source in ("app", "heroku") and _PROC.fullmatch(proc) is not None


def line_of(row: tuple[Any, ...], number: int) -> LogLine:
    """The line of (time in µs, source, proc, kind, message)."""
    ts_us, source, proc, kind, message = row
    if kind == UNDATED:
        return LogLine(None, source, proc, message, line_text(source, proc, message), number)
    return log_line(ts_us, source, proc, message, number)
