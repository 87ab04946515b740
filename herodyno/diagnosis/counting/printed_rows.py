"""Rows of apps are kept until the log ends, as many as are looked at, and then counted by masked line.

While a log is read, the slots that the log turns out to be too long for are left out (printed.py). To mask a line takes
longer than to read it, so no line is masked that is left out in the end.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from herodyno.diagnosis.counting.printed import SLOT_SECONDS, example_of, rank_of, slot_of
from herodyno.diagnosis.counting.segments import Segment, text
from herodyno.diagnosis.counting.unassigned import Unassigned
from herodyno.logs.patterns.masks import ZEROS, masked_zeroed
from herodyno.logs.scan.columns import PlainLines
from herodyno.logs.scan.held import HeldLines
from herodyno.logs.scan.stamps import Stamps

# A head is "2026-03-02T12:00:01.000002+00:00 app[web.1]: "; its name begins here.
_STAMP, _NAME = slice(26), 37
# Bytes kept of a line: its head, and the 400 characters that are masked. A character of UTF-8 has at most four bytes.
_LONGEST = 1740


class _Run(NamedTuple):
    """Rows of one slot: their lines, their numbers, and the segment that each is counted for (None: of no dyno)."""

    slot: int
    rank: int
    lines: bytes
    numbers: Sequence[int]
    segments: list[Segment | None]


class PrintedRows:
    """Keeps rows of apps, and counts them in the end. Slots of a rank below `least` are left out by now."""

    def __init__(self, unassigned: Unassigned) -> None:
        self.least = 0
        self._unassigned = unassigned
        self._runs: list[_Run] = []

    def is_looked_at(self, seconds: float) -> bool:
        """Whether a time is in a slot that is looked at."""
        return rank_of(slot_of(seconds)) >= self.least

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
                    lines = b"\n".join([line[:_LONGEST] for line in plain.lines[begin:end]])
                    self._runs.append(_Run(slot, rank, lines, array("q", plain.numbers[begin:end]), own))
            begin = end

    def add_held(self, lines: HeldLines, segments: Mapping[bytes, Segment], of_dynos: Container[bytes]) -> None:
        """Take in rows that the compiled part holds. Only texts that are looked at come out."""
        of_names = [segments[name] if name in of_dynos else None for name, *_ in lines.spans]
        end = 0
        for slot, n in lines.slots:
            begin, end = end, end + n
            own = [of_names[at] for at in lines.speakers(begin, end)] if None in of_names else []
            rank = rank_of(slot)
            if n := n - own.count(None):
                self._unassigned.facts.printed_ranks[rank] += n
                if rank >= self.least:
                    texts, numbers = lines.read(begin, end, _LONGEST)
                    own = own or [of_names[at] for at in lines.speakers(begin, end)]
                    self._runs.append(_Run(slot, rank, texts, numbers, own))

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
        """Count the rows that were kept, the earliest first: of most, the time need not be known then."""
        self._runs.sort(key=lambda run: run.slot, reverse=True)
        while self._runs:
            slot, rank, joined, numbers, segments = self._runs.pop()
            begin = float(slot * SLOT_SECONDS)
            zeroed = text(joined.translate(ZEROS)).split("\n")
            for segment, shape, line, number in zip(segments, zeroed, joined.split(b"\n"), numbers, strict=True):
                head = line.index(b"]: ", _NAME) + 3
                if segment is None or not (words := masked_zeroed(shape[head:])):
                    continue
                found = segment.incarnation.patterns.at("line", words, slot)
                if found.may_be_first(-rank, begin):
                    seconds = stamps.seconds(line[_STAMP])
                    found.see(seconds)
                    if found.is_example(-rank, seconds, number):
                        found.example = example_of(-rank, seconds, number, text(line[head:]))
