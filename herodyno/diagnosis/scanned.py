"""Logs read in one pass, and parts of them again where a life began or ended."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain

from herodyno.diagnosis.facts import Facts
from herodyno.diagnosis.scanning import Scan
from herodyno.diagnosis.settling import Again, settle
from herodyno.diagnosis.sightings import Sightings
from herodyno.diagnosis.timeline import Timeline
from herodyno.logs.blocks import Blocks
from herodyno.logs.events import Event
from herodyno.logs.scan import Scanner


class ScannedLogs:
    """One log after the other as if they were one. `year` is for timestamps without one."""

    def __init__(self, logs: Sequence[Blocks], *, year: int) -> None:
        self._logs = logs
        self._year = year
        self._scan = Scan()
        self._has_undated = False

    def sightings(self) -> Sightings:
        """The pass. To be asked once, and before the facts."""
        scan = self._scan
        scanner = Scanner(year=self._year)
        for log in self._logs:
            scanner.begin(year=self._year)
            for lines in log():
                scan.add(scanner.block(lines), scanner)
            self._has_undated = self._has_undated or scanner.has_undated
        for event in scanner.close():
            scan.take(event)
        self._seen = scan.sightings()
        return self._seen

    def facts(self, times: Timeline) -> Facts:
        """The facts over a timeline built from the sightings. To be asked once."""
        return settle(self._scan, self._seen.boundaries, times, self._reread)

    def _reread(self, again: Again) -> Iterator[Event]:
        scan = self._scan
        wanted = self._wanted(again)
        scanner = Scanner(year=self._year)
        blocks = chain.from_iterable(log() for log in self._logs)
        for i, lines in enumerate(blocks):
            if wanted[i]:
                scanner.number = scan.first_lines[i] - 1
                yield from scanner.block(lines, again.names).events
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
