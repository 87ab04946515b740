"""Logs read in one pass, side by side where there are several, and parts of them again where a life began or ended."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple, TypeAlias

from herodyno.diagnosis.counting.assignment import Again, settle
from herodyno.diagnosis.counting.counter import Scan
from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.merging import merge
from herodyno.diagnosis.timeline.boundaries import Boundaries
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.logs.events import Event
from herodyno.logs.scan.blocks import Blocks
from herodyno.logs.scan.scanner import Scanner


class Part(NamedTuple):
    """A pass over one log, in pieces. `is_open`: a traceback was open at its end. `has_undated`: a time lacked
    its year."""

    scans: Iterable[Scan]
    lines: int
    is_open: bool
    has_undated: bool


# Like `map` of scan_part over logs, if need be in processes of their own.
Spread: TypeAlias = Callable[[Callable[[Blocks], Part], Sequence[Blocks]], Iterable[Part]]


class ScannedLogs:
    """One log after the other as if they were one. `year` is for timestamps without one.

    With `spread` they are read side by side, unless a traceback goes on from one into the next.
    """

    def __init__(self, logs: Sequence[Blocks], *, year: int, spread: Spread | None = None) -> None:
        self._logs = logs
        self._year = year
        self._spread = spread if len(logs) > 1 else None

    def boundaries(self) -> Boundaries:
        """The pass. To be asked once, and before the facts."""
        scan = self._side_by_side() if self._spread else None
        self._scan = scan or self._in_turn()
        self._seen = self._scan.boundaries()
        return self._seen

    def facts(self, times: Timeline) -> Facts:
        """The facts over a timeline built from the sightings. To be asked once."""
        return settle(self._scan, self._seen.events, times, self._reread)

    def _side_by_side(self) -> Scan | None:
        assert self._spread is not None
        first, *others = parts = list(self._spread(partial(scan_part, self._year), self._logs))
        if any(part.is_open for part in parts[:-1]) or any(part.has_undated for part in parts):
            return None
        self._has_undated = False
        (scan,) = first.scans
        lines = first.lines
        for part in others:
            for piece in part.scans:
                merge(scan, piece, lines)
            lines += part.lines
        return scan

    def _in_turn(self) -> Scan:
        scan, scanner = Scan(), Scanner(year=self._year)
        self._has_undated = False
        for log in self._logs:
            scanner.begin(year=self._year)
            for lines in log():
                scan.add(scanner.block(lines), scanner.stamps)
            self._has_undated = self._has_undated or scanner.has_undated
        for event in scanner.close():
            scan.take(event)
        scan.close(scanner.stamps)
        return scan

    def _reread(self, again: Again) -> Iterator[Event]:
        wanted = self._wanted(again)
        scanner = Scanner(year=self._year)
        names = re.compile(b"|".join(map(re.escape, sorted(again.names))))
        blocks = chain.from_iterable(log() for log in self._logs)
        for i, lines in enumerate(blocks):
            if wanted[i]:
                yield from scanner.again(lines, self._scan.first_lines[i], names)
        yield from scanner.close()

    def _wanted(self, again: Again) -> bytearray:
        """For each block whether it is needed: from one before which no traceback was open to the next such."""
        firsts, is_clean = self._scan.first_lines, self._scan.is_clean
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
    scan, scanner = Scan(), Scanner(year=year)
    for lines in log():
        scan.add(scanner.block(lines), scanner.stamps)
    is_open = scanner.is_open
    for event in scanner.close():
        scan.take(event)
    scan.close(scanner.stamps)
    return Part((scan,), scanner.number, is_open, scanner.has_undated)
