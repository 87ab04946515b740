"""Lines counted before it is known to which life they belong: those of one name between two of its boundary lines.

Requests are counted by bytes, since a gigabyte holds millions of them, and
poured into the facts of a life once. When no life began or ended while a segment lasted, all of it
belongs to one; else its lines are read again, one by one (settling.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from math import inf
from operator import or_
from typing import TypeAlias

from herodyno.diagnosis.counted import Counted, merging, part, starting, total
from herodyno.diagnosis.facts import EVIDENCE_LINES, Evidence, LifeFacts, Line
from herodyno.diagnosis.folding import LONGEST_PATH
from herodyno.diagnosis.grid import CELL_SECONDS, Grid
from herodyno.diagnosis.tallies import MOST_NAMES, Tally, most_frequent
from herodyno.logs.columns import Samples

_MOST_COUNTED = MOST_NAMES * 4
_MOST_KEPT = 40


class Counts:
    """How often each of some bytes came; the rarest are folded as a Tally does, but later."""

    __slots__ = ("folded", "of")

    def __init__(self) -> None:
        self.of: Counter[bytes] = Counter()
        self.folded = 0

    def add(self, keys: Iterable[bytes]) -> None:
        """Count these as well."""
        self.of.update(keys)
        self.bound()

    def bound(self, most: int = _MOST_COUNTED) -> None:
        """Fold when there are too many."""
        if len(self.of) > most:
            kept, folded = most_frequent(self.of, MOST_NAMES)
            self.of = Counter(kept)
            self.folded += folded

    def update(self, other: Counts) -> None:
        """Merge."""
        self.of.update(other.of)
        self.bound()
        self.folded += other.folded

    def pour(self, tally: Tally, name_of: Callable[[bytes], str], *, empty: bool = False) -> None:
        """Into a tally of names, with the empty name or without."""
        tally.other += self.folded
        for key, n in self.of.items():
            if (name := name_of(key)) or empty:
                tally.add(name, n)


def path_name(path: bytes) -> str:
    """A path as the facts name it."""
    return text(path)[:LONGEST_PATH]


def client_name(client: bytes) -> str:
    """The first address of X-Forwarded-For as the facts name it."""
    return text(client.partition(b",")[0]).strip()


def text(raw: bytes) -> str:
    """Bytes of a log as every reader of lines decodes them."""
    return raw.decode("utf-8", "replace")


def seconds_of(stamp: bytes) -> float:
    """The seconds since 1970 of a row's stamp."""
    return datetime.fromisoformat(f"{stamp.decode()}+00:00").timestamp()


# A line of the dyno manager: its stamp, the dyno, what is said of it.
Said: TypeAlias = tuple[bytes, bytes, bytes]
Kept: TypeAlias = tuple[float, int, Said]  # seconds, number, line


def _newest(mine: list[Kept], other: list[Kept]) -> list[Kept]:
    return sorted(mine + other)[-EVIDENCE_LINES:]


def _renumbered(lines: list[Kept], by: int) -> list[Kept]:
    return [(seconds, number + by, said) for seconds, number, said in lines]


@dataclass(slots=True, eq=False)
class KeptLines(Counted):
    """Lines that may become evidence, decoded only in the end."""

    lines: list[Kept] = merging(list, _newest, _renumbered)
    first: float = starting(inf, min)  # of all that were ever kept
    last: float = starting(-inf, max)

    def add(self, seconds: float, number: int, said: Said) -> None:
        """Keep a line, and of many the newest."""
        self.lines.append((seconds, number, said))
        if seconds > self.last:
            self.last = seconds
        if seconds < self.first:
            self.first = seconds
        if len(self.lines) > _MOST_KEPT:
            self.lines = sorted(self.lines)[-EVIDENCE_LINES:]

    def pour(self, evidence: Evidence, what: str) -> None:
        """Into the evidence of a life."""
        for seconds, number, said in sorted(self.lines)[-EVIDENCE_LINES:]:
            evidence.add(what, Line(seconds, number, text(b"%b+00:00 heroku[%b]: %b" % said)))


def _numbered_from(first: int, by: int) -> int:
    return max(first, 1) + by


def _earlier_stamp(mine: bytes, other: bytes) -> bytes:
    return min(mine, other) if mine and other else mine or other


@dataclass(slots=True, eq=False)
class Segment(Counted):
    """`first` is the number of its first line; its lines were logged and its requests sent between `low` and `high`.

    `foretells`: among them is a request of which the code foretells an exit, so that it belongs to the exit.
    """

    first: int = starting(0, min, _numbered_from)
    low: float = starting(inf, min)
    high: float = starting(-inf, max)
    foretells: bool = starting(False, or_)
    life: LifeFacts = part(LifeFacts)
    from_stamp: bytes = starting(b"", _earlier_stamp)  # of the requests and plain lines, b"" when there is none
    to_stamp: bytes = starting(b"", max)
    plain: int = total()
    paths: Counts = part(Counts)
    clients: Counts = part(Counts)
    service: Counter[int] = part(Counter)  # by ms
    grid: Grid = part(Grid)  # only the service times; requests are their sum
    pressed: KeptLines = part(KeptLines)  # R14

    def pack(self) -> None:
        """Make small, when nothing more is to be counted."""
        self.paths.bound(MOST_NAMES)
        self.clients.bound(MOST_NAMES)

    def count(
        self, paths: Iterable[bytes], fwds: Iterable[bytes], times: Iterable[tuple[int, int]], cells: Iterable[int]
    ) -> None:
        """Count good requests, all of the same order; `times` are in ms and in steps of the grid."""
        self.paths.add(paths)
        self.clients.add(fwds)
        milliseconds, steps = zip(*times, strict=True)
        self.service.update(milliseconds)
        begin = 0
        for cell, run in groupby(cells):
            end = begin + len(list(run))
            self.grid.at(cell * CELL_SECONDS).steps.extend(steps[begin:end])
            begin = end

    def widen(self, low: float, high: float) -> None:
        """Stretch to hold both times."""
        self.low = min(self.low, low)
        self.high = max(self.high, high)

    def counted_grid(self) -> Grid:
        """The grid of the requests counted apart."""
        for cell in self.grid.cells.values():
            cell.requests = cell.timed
        return self.grid

    def poured(self) -> LifeFacts:
        """The facts, with all that was counted apart. To be asked once."""
        own = self.life
        requests = 0
        for service, n in self.service.items():
            requests += n
            own.service[service] = own.service.get(service, 0) + n
            own.good_service[service] = own.good_service.get(service, 0) + n
        own.requests += requests
        own.lines += requests + self.plain
        for stamp in (self.from_stamp, self.to_stamp):
            if stamp:
                own.seen(seconds_of(stamp))
                own.lines -= 1
        grid = self.counted_grid()
        grid.update(own.grid)
        own.grid = grid
        self.paths.pour(own.paths, path_name, empty=True)
        self.clients.pour(own.clients, client_name)
        self.pressed.pour(own.evidence, "R14")
        return own


def joined(segments: list[Segment]) -> Segment:
    """All segments of a name as one. They are used up."""
    segments.sort(key=lambda segment: len(segment.grid.cells))
    largest = segments.pop()
    while segments:
        largest.update(segments.pop())
    return largest


@dataclass(slots=True, eq=False)
class IdFacts(Counted):
    """What the metric lines of one dyno id said."""

    life: LifeFacts = part(LifeFacts)
    lines: int = total()
    first: float = starting(inf, min)
    last: float = starting(-inf, max)
    memory: KeptLines = part(KeptLines)

    def seen(self, first: float, last: float, lines: int) -> None:
        """Count lines, the first and last of which were logged at these times."""
        self.lines += lines
        self.first, self.last = min(self.first, first), max(self.last, last)

    def count(self, samples: Samples, places: list[int], seconds: list[float]) -> None:
        """Count some memory samples, logged at these times."""
        self.life.memory.take_rows(samples, places, seconds)
        newest = sorted(zip(seconds, [samples.numbers[place] for place in places], places, strict=True))
        for at, number, place in newest[-EVIDENCE_LINES:]:
            self.memory.add(at, number, samples.said(place))

    def poured(self) -> LifeFacts:
        """The facts, with all that was counted apart. To be asked once."""
        own = self.life
        if self.lines:
            own.seen(self.first)
            own.seen(self.last)
            own.lines += self.lines - 2
        self.memory.pour(own.evidence, "memory")
        return own
