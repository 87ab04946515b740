"""Lines counted before it is known to which life they belong: those of one name between two of its boundary lines.

Requests are counted by bytes, since a gigabyte holds millions of them, and
poured into the facts of a life once. When no life began or ended while a segment lasted, all of it
belongs to one; else its lines are read again, one by one (settling.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from math import inf
from typing import TypeAlias

from herodyno.diagnosis.counting.events import LONGEST_PATH
from herodyno.diagnosis.counting.facts import EVIDENCE_LINES, EvidenceLine, EvidenceStore, IncarnationFacts
from herodyno.diagnosis.counting.grid import CELL_SECONDS, Grid
from herodyno.diagnosis.counting.tallies import MOST_NAMES, Tally, most_frequent
from herodyno.logs.scan.columns import Samples

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


class KeptLines:
    """Lines that may become evidence, decoded only in the end."""

    __slots__ = ("first", "last", "lines")

    def __init__(self) -> None:
        self.lines: list[tuple[float, int, Said]] = []  # seconds, number, line
        self.first = inf  # of all that were ever kept
        self.last = -inf

    def add(self, seconds: float, number: int, said: Said) -> None:
        """Keep a line, and of many the newest."""
        self.lines.append((seconds, number, said))
        if seconds > self.last:
            self.last = seconds
        if seconds < self.first:
            self.first = seconds
        if len(self.lines) > _MOST_KEPT:
            self.lines = sorted(self.lines)[-EVIDENCE_LINES:]

    def update(self, other: KeptLines) -> None:
        """Merge."""
        self.lines = sorted(self.lines + other.lines)[-EVIDENCE_LINES:]
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)

    def shift(self, by: int) -> None:
        """Number the lines as if so many had come before."""
        self.lines = [(seconds, number + by, said) for seconds, number, said in self.lines]

    def pour(self, evidence: EvidenceStore, what: str) -> None:
        """Into the evidence of a life."""
        for seconds, number, said in sorted(self.lines)[-EVIDENCE_LINES:]:
            evidence.add(what, EvidenceLine(seconds, number, text(b"%b+00:00 heroku[%b]: %b" % said)))


class Segment:
    """`first` is the number of its first line; its lines were logged and its requests sent between `low` and `high`.

    `is_slow`: it holds the requests too slow for the scan's pattern. `foretells`: an H13 or H18 is among
    them, which belongs to the exit that follows it.
    """

    __slots__ = (
        "clients",
        "first",
        "foretells",
        "from_stamp",
        "grid",
        "high",
        "incarnation",
        "is_slow",
        "low",
        "paths",
        "plain",
        "pressed",
        "service",
        "to_stamp",
    )  # fmt: skip

    def __init__(self, first: int, *, is_slow: bool = False) -> None:
        self.first = first
        self.is_slow = is_slow
        self.low = inf
        self.high = -inf
        self.foretells = False
        self.incarnation = IncarnationFacts()
        self.from_stamp = b""  # of the requests and plain lines, b"" when there is none
        self.to_stamp = b""
        self.plain = 0
        self.paths = Counts()
        self.clients = Counts()
        self.service: Counter[int] = Counter()  # by ms
        self.grid = Grid()  # only the service times; requests are their sum
        self.pressed = KeptLines()  # R14

    def pack(self) -> None:
        """Make small, when nothing more is to be counted."""
        self.paths.bound(MOST_NAMES)
        self.clients.bound(MOST_NAMES)

    def update(self, other: Segment) -> None:
        """Take in another one of the same name, so that they are one."""
        self.first = min(self.first, other.first)
        self.widen(other.low, other.high)
        self.foretells = self.foretells or other.foretells
        self.incarnation.update(other.incarnation)
        stamps = [stamp for stamp in (self.from_stamp, other.from_stamp) if stamp]
        self.from_stamp = min(stamps, default=b"")
        self.to_stamp = max(self.to_stamp, other.to_stamp)
        self.plain += other.plain
        self.paths.update(other.paths)
        self.clients.update(other.clients)
        self.service.update(other.service)
        self.grid.update(other.grid)
        self.pressed.update(other.pressed)

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

    def poured(self) -> IncarnationFacts:
        """The facts, with all that was counted apart. To be asked once."""
        own = self.incarnation
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


def joined_segments(segments: list[Segment]) -> Segment:
    """All segments of a name as one. They are used up."""
    segments.sort(key=lambda segment: len(segment.grid.cells))
    largest = segments.pop()
    while segments:
        largest.update(segments.pop())
    return largest


class IdFacts:
    """What the metric lines of one dyno id said."""

    __slots__ = ("first", "incarnation", "last", "lines", "memory")

    def __init__(self) -> None:
        self.incarnation = IncarnationFacts()
        self.lines = 0
        self.first = inf
        self.last = -inf
        self.memory = KeptLines()

    def seen(self, first: float, last: float, lines: int) -> None:
        """Count lines, the first and last of which were logged at these times."""
        self.lines += lines
        self.first, self.last = min(self.first, first), max(self.last, last)

    def count(self, samples: Samples, places: list[int], seconds: list[float]) -> None:
        """Count some memory samples, logged at these times."""
        sizes = (samples.totals, samples.swaps, samples.quotas)
        totals, swaps, quotas = ([float(column[place] or 0) for place in places] for column in sizes)
        self.incarnation.memory.take(
            seconds, totals, swaps, quotas, [int(samples.pages[place] or 0) for place in places]
        )
        newest = sorted(zip(seconds, [samples.numbers[place] for place in places], places, strict=True))
        for at, number, place in newest[-EVIDENCE_LINES:]:
            self.memory.add(at, number, samples.said(place))

    def update(self, other: IdFacts) -> None:
        """Merge."""
        self.incarnation.update(other.incarnation)
        self.lines += other.lines
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)
        self.memory.update(other.memory)

    def poured(self) -> IncarnationFacts:
        """The facts, with all that was counted apart. To be asked once."""
        own = self.incarnation
        if self.lines:
            own.seen(self.first)
            own.seen(self.last)
            own.lines += self.lines - 2
        self.memory.pour(own.evidence, "memory")
        return own
