"""Rows of apps are kept until the log ends, as many as are looked at, and then counted by masked line.

While a log is read, the slots that the log turns out to be too long for are left out (printed.py). To mask a line takes
longer than to read it, so no line is masked that is left out in the end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Mapping
from typing import NamedTuple

from herodyno.diagnosis.counting.printed import SLOT_SECONDS, example_of, rank_of, slot_of
from herodyno.diagnosis.counting.segments import Segment, text
from herodyno.diagnosis.counting.unassigned import Unassigned
from herodyno.logs.events import Event
from herodyno.logs.patterns.masks import ZEROS, masked_zeroed
from herodyno.logs.scan.columns import PlainLines
from herodyno.logs.scan.stamps import Stamps

# Bytes of a line before its text, beside the name: "2026-03-02T12:00:01.000002+00:00 app[" and "]: ".
_HEAD = 40


class _Run(NamedTuple):
    """Rows of one slot, and the segment that each is counted for; None for a row of no dyno."""

    slot: int
    rank: int
    segments: list[Segment | None]
    rows: PlainLines


class PrintedRows:
    """Keeps rows of apps, and counts them in the end. Slots of a rank below `least` are left out by now."""

    def __init__(self, unassigned: Unassigned) -> None:
        self.least = 0
        self._unassigned = unassigned
        self._runs: list[_Run] = []

    def is_looked_at(self, event: Event) -> bool:
        """Whether an event is in a slot that is looked at."""
        return event.line.at is not None and rank_of(slot_of(event.line.at.timestamp())) >= self.least

    def add(
        self, plain: PlainLines, stamps: Stamps, segments: Mapping[bytes, Segment], of_dynos: Container[bytes]
    ) -> None:
        """Take in rows, in order of time. `segments` has the open segment of each name."""
        begin = 0
        ranks = self._unassigned.facts.printed_ranks
        while begin < len(plain.stamps):
            slot = slot_of(stamps.seconds(plain.stamps[begin]))
            end = bisect_left(plain.stamps, float(slot + 1) * SLOT_SECONDS, begin, key=stamps.seconds)
            own = [segments[name] if name in of_dynos else None for name in plain.names[begin:end]]
            rank = rank_of(slot)
            if n := len(own) - own.count(None):
                ranks[rank] += n
                if rank >= self.least:
                    self._runs.append(_Run(slot, rank, own, plain.between(begin, end)))
            begin = end

    def leave_out(self) -> None:
        """Leave out slots where there are too many lines."""
        least = self._unassigned.facts.least_printed_rank
        if least > self.least:
            self.least = least
            self._runs = [run for run in self._runs if run.rank >= least]
            for segments in self._unassigned.segments.values():
                for segment in segments:
                    segment.incarnation.patterns.leave_out(least)

    def count(self, stamps: Stamps) -> None:
        """Count the rows that were kept."""
        for slot, rank, segments, rows in self._runs:
            shapes = text(b"\n".join(rows.lines).translate(ZEROS)).split("\n")
            for segment, shape, name, stamp, number, line in zip(
                segments, shapes, rows.names, rows.stamps, rows.numbers, rows.lines, strict=True
            ):
                head = _HEAD + len(name)
                if segment is None or not (words := masked_zeroed(shape[head:])):
                    continue
                seconds = stamps.seconds(stamp)
                found = segment.incarnation.patterns.at("line", words, slot, seconds)
                if found.is_example(-rank, seconds, number):
                    found.example = example_of(-rank, seconds, number, text(line[head:]))
        self._runs.clear()
