"""Statistics over selected lines: groups by fields, by time, or by both, and the figures of each.

Memory is bounded. Beyond MOST_GROUPS groups, lines count in the group "other". Buckets of time are widened as soon as
groups times buckets exceed MOST_CELLS, and numbers are rounded once MOST_KEPT different ones are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from typing import NamedTuple

from herodyno.logs.events import Event
from herodyno.logs.query.field_reader import MissingFields
from herodyno.logs.query.fields import Reader, reader_of
from herodyno.logs.query.quantities import quantity
from herodyno.logs.query.stats_query import StatsQuery
from herodyno.logs.query.time_buckets import TimeBuckets
from herodyno.logs.query.values import Cell

MOST_GROUPS = 5_000
MOST_CELLS = 100_000
MOST_KEPT = 1_000_000
_CHECK = 1 << 16  # events between two counts of the numbers that are kept
OTHER = "other"


class Row(NamedTuple):
    """The fields that a group has in common, its figures (None: no value), and the bucket of time, None without."""

    group: tuple[str, ...]
    numbers: tuple[float | None, ...]
    at: int | None = None


class Statistics:
    """Counts events into groups. `missing_fields` are the fields that no event has had so far.

    `buckets` are the buckets of time, None where lines are not grouped by time; `undated` counts the events that fall
    into none. `covered` are the buckets in which the log has a line, counted or not; `first` and `last` are the times
    of the earliest and the latest such line. `digits` are kept of each number, 0 for all. `late` counts the events that
    came after their bucket was closed.
    """

    def __init__(self, asked: StatsQuery, zone: tzinfo = UTC) -> None:
        self.query = asked
        self.buckets = TimeBuckets(asked.seconds, zone) if asked.seconds else None
        self.covered: set[int] = set()
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.undated = self.late = 0
        self.digits = 0
        self._closed = 0  # buckets that begin before are closed
        self._by: list[Reader] = [reader_of(name) for name in asked.by]
        self._fields = {figure.field: reader_of(figure.field) for figure in asked.figures if figure.field}
        self._groups: dict[tuple[str, ...], dict[int, Cell]] = {}
        self._from = self._to = 0  # the first and the last bucket
        self._until_check = _CHECK
        self.missing_fields = MissingFields([*self._fields, *asked.by])

    def see(self, at: datetime) -> int:
        """Learn of a line of the log at this time, counted or not. Gives its bucket."""
        if self.buckets is None:
            return 0
        if self.first is None or at < self.first:
            self.first = at
        if self.last is None or at > self.last:
            self.last = at
        start = self.buckets.start(at)
        if start in self.covered or start < self._closed:
            return start
        self._from = min(self._from, start) if self.covered else start
        self._to = max(self._to, start) if self.covered else start
        self.covered.add(start)
        self._fit()
        return self.buckets.start(at)

    def add(self, event: Event) -> None:
        """Count an event. Where figures are made of fields, an event without a number in any of them does not count."""
        numbers = {name: it for name, read in self._fields.items() if (text := read(event)) and (it := quantity(text))}
        if self._fields and not numbers:
            return
        key = tuple(read(event) or "" for read in self._by)
        if self.missing_fields:
            has = [*numbers, *(name for name, text in zip(self.query.by, key, strict=True) if text)]
            self.missing_fields.meet(has)
        at = event.line.at
        if self.buckets and at is None:
            self.undated += 1
            return
        if key not in self._groups:
            if len(self._groups) >= MOST_GROUPS:
                key = (OTHER,) * len(self._by)
            self._groups.setdefault(key, {})
            self._fit()
        bucket = self.see(at) if at else 0
        if bucket < self._closed:
            self.late += 1
            return
        cells = self._groups[key]  # the buckets may just have been widened
        cell = cells.get(bucket)
        if cell is None:
            cell = cells[bucket] = Cell(self._fields)
        cell.count += 1
        for name, number in numbers.items():
            cell.values[name].add(number)
        self._until_check -= 1
        if not self._until_check:
            self._keep_few()

    @property
    def starts(self) -> list[int]:
        """All buckets of time from the first line of the log to the last, in order."""
        if self.buckets is None or not self.covered:
            return []
        return sorted({*self.buckets.between(self._from, self._to), *self.covered})

    def rows(self) -> list[Row]:
        """The groups, greatest first figure first. With buckets of time each group has a row in each bucket.

        Then the groups with the most events come first, the same order in each bucket.
        """
        self._keep_few()
        if self.buckets is None:
            rows = [Row(key, self._numbers(cells[0])) for key, cells in self._groups.items()]
            return sorted(rows, key=lambda row: (-(row.numbers[0] or 0), row.group))
        groups, starts = self.groups, self.starts
        pairs = [(key, at) for at in starts for key in groups]
        if self.query.place:
            pairs = [(key, at) for key in groups for at in starts]
        empty = Cell(self._fields)
        return [Row(key, self._numbers(self._groups.get(key, {}).get(at, empty)), at) for key, at in pairs]

    def close(self, seconds: float) -> list[Row]:
        """The rows of the buckets that ended so long before the latest line. They are closed and forgotten."""
        starts, last = self.starts, self.last
        ended = [at for at, end in pairwise(starts) if last and end + seconds <= last.timestamp()]
        if not ended:
            return []
        rows = [row for row in self.rows() if row.at in ended]
        self._closed = self._from = starts[len(ended)]
        self.covered -= set(ended)
        for cells in self._groups.values():
            for at in ended:
                cells.pop(at, None)
        return rows

    @property
    def groups(self) -> list[tuple[str, ...]]:
        """The groups, those with the most events first. Without fields to group by there is always one."""
        groups = sorted(self._groups, key=lambda key: (-sum(it.count for it in self._groups[key].values()), key))
        return groups if groups or self._by else [()]

    def whole(self, group: tuple[str, ...]) -> tuple[float | None, ...]:
        """The figures of a group over all the time."""
        whole = Cell(self._fields)
        for cell in self._groups.get(group, {}).values():
            whole.merge(cell)
        return self._numbers(whole)

    def widen_to(self, most: int) -> None:
        """Widen the buckets of time until they are no more than so many."""
        while self.buckets and len(self.starts) > max(1, most) and self._to > self._from:
            self._widen(self.buckets.wider(self._from, self._to, most))

    def _numbers(self, cell: Cell) -> tuple[float | None, ...]:
        return tuple(cell.figure(figure.field, figure.make) for figure in self.query.figures)

    def _fit(self) -> None:
        """Widen the buckets until groups times buckets fit into MOST_CELLS."""
        while self.buckets and self._to > self._from:
            buckets = (self._to - self._from) // self.buckets.seconds + 1
            if buckets * max(1, len(self._groups)) <= MOST_CELLS:
                return
            self._widen(self.buckets.widened())

    def _keep_few(self) -> None:
        """Round the numbers that are kept, then widen the buckets, until no more than MOST_KEPT are kept."""
        self._until_check = _CHECK
        for digits in (3, 2):
            if self._kept() <= MOST_KEPT:
                return
            self.digits = min(self.digits or digits, digits)
            for cell in self._cells():
                for values in cell.values.values():
                    values.round(digits)
        while self.buckets and self._to > self._from and self._kept() > MOST_KEPT:
            self._widen(self.buckets.widened())

    def _kept(self) -> int:
        return sum(len(values.counts) for cell in self._cells() for values in cell.values.values())

    def _cells(self) -> Iterable[Cell]:
        return (cell for cells in self._groups.values() for cell in cells.values())

    def _widen(self, wider: TimeBuckets) -> None:
        self.buckets = wider
        self.covered = {wider.start_of(start) for start in self.covered}
        self._from, self._to = wider.start_of(self._from), wider.start_of(self._to)
        for key, cells in self._groups.items():
            merged: dict[int, Cell] = {}
            for start, cell in cells.items():
                into = merged.setdefault(wider.start_of(start), cell)
                if into is not cell:
                    into.merge(cell)
            self._groups[key] = merged
