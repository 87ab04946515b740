"""What is counted for one pattern: entries and bytes by dyno, and when, in cells of a bounded number.

A cell knows how many entries it has, and in which slots of 5 seconds they came. Entries of one pattern within one slot
are one burst: ten clients that repeat a failing page are no ten independent events.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from herodyno.logs.events import LogLine

SLOT_SECONDS = 5
MOST_CELLS = 64  # that cover a log; then two become one
_MOST_SLOTS_BITS = 9  # a cell of more than 512 slots has 512 wider ones
_NO_SLOT = 1 << 62
MOST_DYNOS = 256  # of a pattern, counted by name
OTHERS = "others"  # stands for the dynos beyond these
LONGEST_EXAMPLE = 2000


class CellClock:
    """The width of the cells of all patterns of a log: SLOT_SECONDS times 2 to the power of `level`.

    The width depends on the first and the last time only, so it is the same in any order of the lines.
    """

    def __init__(self) -> None:
        self.level = 0
        self.earliest, self.latest = _NO_SLOT, -_NO_SLOT

    def see(self, slot: int) -> None:
        """Cover a slot, numbered from 1970 on."""
        self.earliest, self.latest = min(self.earliest, slot), max(self.latest, slot)
        while (self.latest >> self.level) - (self.earliest >> self.level) >= MOST_CELLS:
            self.level += 1

    @property
    def is_empty(self) -> bool:
        """Whether no line had a time."""
        return self.latest < self.earliest

    @property
    def seconds(self) -> int:
        """The width of a cell."""
        return SLOT_SECONDS << self.level


class Cells:
    """Entries over time: cell -> [entries, the bits of the slots in which they came]."""

    __slots__ = ("found", "level")

    def __init__(self) -> None:
        self.level = 0
        self.found: dict[int, list[int]] = {}

    def add(self, slot: int, level: int) -> None:
        """Count an entry."""
        if self.level < level:
            self.widen(level)
        wider = level - _MOST_SLOTS_BITS
        bit = 1 << ((slot >> wider if wider > 0 else slot) & ((1 << min(level, _MOST_SLOTS_BITS)) - 1))
        cell = self.found.get(slot >> level)
        if cell is None:
            self.found[slot >> level] = [1, bit]
        else:
            cell[0] += 1
            cell[1] |= bit

    def update(self, other: Cells) -> None:
        """Merge."""
        level = max(self.level, other.level)
        self.widen(level)
        other.widen(level)
        for place, (entries, slots) in other.found.items():
            cell = self.found.setdefault(place, [0, 0])
            cell[0] += entries
            cell[1] |= slots

    def widen(self, level: int) -> None:
        """Make two cells one until they are as wide as those of `level`."""
        while self.level < level:
            narrow, self.found = self.found, {}
            for place, (entries, slots) in narrow.items():
                cell = self.found.setdefault(place >> 1, [0, 0])
                cell[0] += entries
                if self.level < _MOST_SLOTS_BITS:
                    cell[1] |= slots << ((place & 1) << self.level)
                else:
                    cell[1] |= _halved(slots) << ((place & 1) << (_MOST_SLOTS_BITS - 1))
            self.level += 1

    @property
    def entries(self) -> int:
        """Entries with a time."""
        return sum(entries for entries, _ in self.found.values())

    @property
    def bursts(self) -> int:
        """Slots with an entry."""
        return sum(slots.bit_count() for _, slots in self.found.values())


def _halved(slots: int) -> int:
    """The bits of slots twice as wide."""
    return int(f"{slots | slots >> 1:b}"[::-1][::2][::-1] or "0", 2)


class Example(NamedTuple):
    """The first line of a pattern: its time, its number in the log, and the line as it came."""

    at: datetime
    number: int
    raw: str


class PatternCounts:
    """The counts of one pattern.

    `entries`: a traceback is one entry of several `lines`. `cells` are those before and from the moment that the log is
    split at; without one, all are in the second. An entry without a time is in no cell. `dynos`: name -> [lines,
    bytes]. `first` is None, and `undated` an example, where no entry has a time.
    """

    __slots__ = ("bytes", "cells", "dynos", "entries", "first", "last", "lines", "undated")

    def __init__(self) -> None:
        self.entries = 0
        self.lines = 0
        self.bytes = 0
        self.cells = (Cells(), Cells())
        self.dynos: dict[str, list[int]] = {}
        self.first: Example | None = None
        self.last: datetime | None = None
        self.undated = ""

    def add(self, line: LogLine, dyno: str, lines: int, size: int) -> None:
        """Count an entry that begins with `line`, but for its cell."""
        self.entries += 1
        self.lines += lines
        self.bytes += size
        self._add_dyno(dyno, lines, size)
        at, first, last = line.at, self.first, self.last
        if at is None:
            self.undated = self.undated or line.raw[:LONGEST_EXAMPLE]
        elif first is None or last is None or at < first.at or (at == first.at and line.number < first.number):
            self.first = Example(at, line.number, line.raw[:LONGEST_EXAMPLE])
            self.last = max(at, last or at)
        elif at > last:
            self.last = at

    def _add_dyno(self, dyno: str, lines: int, size: int) -> None:
        counted = self.dynos.get(dyno)
        if counted is None:
            name = dyno if len(self.dynos) < MOST_DYNOS else OTHERS
            counted = self.dynos.setdefault(name, [0, 0])
        counted[0] += lines
        counted[1] += size

    def update(self, other: PatternCounts) -> None:
        """Merge. The counts of `other` are not to be used afterwards."""
        self.entries += other.entries
        self.lines += other.lines
        self.bytes += other.bytes
        for mine, theirs in zip(self.cells, other.cells, strict=True):
            mine.update(theirs)
        for dyno, (lines, size) in other.dynos.items():
            self._add_dyno(dyno, lines, size)
        self.first = min(filter(None, (self.first, other.first)), default=None)
        self.last = max(filter(None, (self.last, other.last)), default=None)
        self.undated = self.undated or other.undated

    def entries_by_cell(self, level: int) -> Iterator[tuple[int, int]]:
        """(cell, entries), before and after together."""
        for cells in self.cells:
            cells.widen(level)
            for place, (entries, _) in cells.found.items():
                yield place, entries
