"""The blocks of a log by number: which blocks must be read again for some lines, or for a span of time.

A traceback may go on into the next block. So a run of blocks that is read again begins at a clean block, before which
no traceback was open, and ends before a clean block.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from operator import iadd

from herodyno.diagnosis.counted import Counted, Renumber, merging

# How a block is read again: not at all, as events only, as the first time.
SKIPPED, EVENTS, ROWS = range(3)


def _numbered_from(lines: array[int], of: Renumber) -> array[int]:
    return array("q", (of(line) for line in lines))


@dataclass(slots=True, eq=False)
class BlockList(Counted):
    """For each block: the number of the first line, whether the block is clean, the earliest and the latest time."""

    first_lines: array[int] = merging(partial(array, "q"), iadd, _numbered_from)
    is_clean: bytearray = merging(bytearray, iadd)
    earliest: array[float] = merging(partial(array, "d"), iadd)
    latest: array[float] = merging(partial(array, "d"), iadd)

    def add(self, first: int, is_clean: bool, earliest: float, latest: float) -> None:
        """Take in the next block."""
        self.first_lines.append(first)
        self.is_clean.append(is_clean)
        self.earliest.append(earliest)
        self.latest.append(latest)

    def widen_last(self, seconds: float) -> None:
        """Add a time to the last block: a traceback that is open at the end of the log comes out with that block."""
        if self.earliest:
            self.earliest[-1] = min(self.earliest[-1], seconds)
            self.latest[-1] = max(self.latest[-1], seconds)

    def with_lines(self, ranges: Iterable[tuple[float, float]], has_undated: bool) -> bytearray:
        """How to read each block for the lines in these ranges: EVENTS or SKIPPED.

        A line without a year needs all lines before that line.
        """
        wanted = bytearray([EVENTS if has_undated else SKIPPED]) * len(self.first_lines)
        at = 0
        for first, end in sorted(ranges) if not has_undated else ():
            at = max(at, bisect_right(self.first_lines, first) - 1)
            while at < len(wanted) and self.first_lines[at] < end:
                wanted[at] = EVENTS
                at += 1
        return self._with_tracebacks(wanted)

    def within(self, where: Callable[[float, float], int], has_undated: bool) -> bytearray:
        """How to read each block, when `where` answers for the times of a block.

        A line without a time goes with the line before. So a block whose answer differs from that of the block before
        is read as EVENTS.
        """
        wanted = bytearray(map(where, self.earliest, self.latest))
        before = bytearray([EVENTS]) + wanted
        for at, how in enumerate(wanted):
            if has_undated or how != before[at]:
                wanted[at] = EVENTS
        return self._with_tracebacks(wanted)

    def _with_tracebacks(self, wanted: bytearray) -> bytearray:
        for order in (range(1, len(wanted)), range(len(wanted) - 1, 0, -1)):
            for at in order:
                if not self.is_clean[at] and wanted[at] != wanted[at - 1] and SKIPPED in wanted[at - 1 : at + 1]:
                    skipped = at if wanted[at] == SKIPPED else at - 1
                    wanted[skipped] = EVENTS
        return wanted
