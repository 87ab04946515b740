"""A log of any framing counted in one pass; side by side where it has parts, and in part again where a life ended."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import NamedTuple, TypeAlias

from herodyno.diagnosis.facts import Facts
from herodyno.diagnosis.merging import merge
from herodyno.diagnosis.scanned import Scan
from herodyno.diagnosis.scanning import Counting
from herodyno.diagnosis.scope import EVERYTHING, Scope
from herodyno.diagnosis.settling import Again, settle
from herodyno.diagnosis.timeline import Timeline
from herodyno.logs.blocks import Blocks, batches
from herodyno.logs.columns import Block
from herodyno.logs.events import Event, LogLine
from herodyno.logs.lines import LineReader
from herodyno.logs.refused import lines_of
from herodyno.logs.scan import Scanner


class Part(NamedTuple):
    """A pass over one log, in pieces. `is_open`: a traceback was open at its end. `has_undated`: a time lacked
    its year."""

    scans: Iterable[Scan]
    lines: int
    is_open: bool
    has_undated: bool


# Like `map` of scan_part over logs, if need be in processes of their own.
Spread: TypeAlias = Callable[[Callable[[Blocks], Part], Sequence[Blocks]], Iterable[Part]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """One log after the other as if they were one. `year` is for timestamps without one.

    `parts` are the same lines cut apart: with `spread` they are read side by side, unless a traceback goes on from
    one part into the next, or a time lacks its year.
    """

    logs: Sequence[Blocks]
    year: int
    parts: Sequence[Blocks] = ()
    spread: Spread | None = None

    def lines(self) -> Iterator[LogLine]:
        """The lines, numbered log by log."""
        for log in self.logs:
            reader = LineReader(year=self.year)
            for batch in log():
                yield from map(reader.line, lines_of(batch)) if isinstance(batch, bytes) else batch


def log_of(lines: Sequence[LogLine], *, year: int) -> Log:
    """A log of lines that are held in memory."""
    return Log(logs=[partial(batches, lines)], year=year)


class OnePass:
    """The pass over a log: `seen` is what the timeline is built from, `facts` what was counted, once it is there."""

    def __init__(self, log: Log) -> None:
        self._year = log.year
        self._logs = log.logs
        self._has_undated = False
        self._scan = self._side_by_side(log.parts, log.spread) or self._in_turn()
        self._first_lines, self._is_clean = self._scan.first_lines, self._scan.is_clean
        self.seen = self._scan.seen

    def facts(self, times: Timeline, scope: Scope = EVERYTHING) -> Facts:
        """The facts over a timeline built from what was seen. To be asked once.

        The pass is made again over what a scope selects, since only the timeline tells what the scope means.
        """
        if not scope.is_all:
            self._scan = self._selected(scope)
        return settle(self._scan, times, partial(self._reread, scope))

    def _side_by_side(self, logs: Sequence[Blocks], spread: Spread | None) -> Scan | None:
        if spread is None or len(logs) < 2:
            return None
        first, *others = parts = list(spread(partial(scan_part, self._year), logs))
        if any(part.is_open for part in parts[:-1]) or any(part.has_undated for part in parts):
            return None
        self._logs = logs
        (scan,) = first.scans
        lines = first.lines
        for part in others:
            for piece in part.scans:
                merge(scan, piece, lines)
            lines += part.lines
        return scan

    def _in_turn(self) -> Scan:
        counting, scanner = Counting(), Scanner(year=self._year)
        for log in self._logs:
            scanner.begin(year=self._year)
            for batch in log():
                counting.add(scanner.block(batch), scanner.stamps)
            self._has_undated = self._has_undated or scanner.has_undated
        return counting.closed(scanner)

    def _selected(self, scope: Scope) -> Scan:
        self._scan = Scan()  # what the pass over everything counted is not needed any more
        counting, scanner = Counting(), Scanner(year=self._year)
        for block in scope.select(self._events(scanner, bytearray(b"\1" * len(self._first_lines)))):
            counting.add(block, scanner.stamps)
        return counting.closed(scanner)

    def _reread(self, scope: Scope, again: Again) -> Iterator[Event]:
        scanner = Scanner(year=self._year)
        names = re.compile(b"|".join(map(re.escape, sorted(again.names))))
        blocks = self._events(scanner, self._wanted(again), names)
        return chain.from_iterable(block.events for block in scope.select(blocks))

    def _events(self, scanner: Scanner, wanted: bytearray, names: re.Pattern[bytes] | None = None) -> Iterator[Block]:
        """The wanted blocks again, as events only; at the end the tracebacks that are open."""
        number = 0
        for log in self._logs:
            scanner.begin(year=self._year)
            for batch in log():
                if wanted[number]:
                    first = self._first_lines[number]
                    yield Block(first, bool(self._is_clean[number]), scanner.again(batch, first, names))
                number += 1
        yield Block(sys.maxsize, True, scanner.close())

    def _wanted(self, again: Again) -> bytearray:
        """For each block whether it is needed: from one before which no traceback was open to the next such."""
        firsts, is_clean = self._first_lines, self._is_clean
        if self._has_undated:
            return bytearray(b"\1" * len(firsts))
        wanted = bytearray(len(firsts))
        for first, end in again.ranges():
            i = max(0, bisect_right(firsts, first) - 1)
            while i and not is_clean[i]:
                i -= 1
            while i < len(firsts) and (firsts[i] < end or not is_clean[i]):
                wanted[i] = 1
                i += 1
        return wanted


def scan_part(year: int, log: Blocks) -> Part:
    """The pass over one log alone."""
    counting, scanner = Counting(), Scanner(year=year)
    for batch in log():
        counting.add(scanner.block(batch), scanner.stamps)
    is_open = scanner.is_open
    return Part((counting.closed(scanner),), scanner.number, is_open, scanner.has_undated)
