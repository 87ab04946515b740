"""A segment counts the lines of one name between two boundary lines, before their incarnation is known.

A segment in which no incarnation began or ended belongs to a single incarnation. The lines of any other segment are
read again, one by one (assignment.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from operator import or_

from herodyno.diagnosis.counted import Counted, Renumber, part, starting
from herodyno.diagnosis.counting.facts import IncarnationFacts


def _numbered_from(first: int, of: Renumber) -> int:
    return of(max(first, 1))


@dataclass(slots=True, eq=False)
class Segment(Counted):
    """`first` is the number of the first line. All lines were logged, and all requests sent, from `low` to `high`.

    `foretells`: a request in the segment has a code that foretells an exit or comes of a stop. Such a request is told
    by the exit or the stop near it.
    """

    first: int = starting(0, min, _numbered_from)
    low: float = starting(inf, min)
    high: float = starting(-inf, max)
    foretells: bool = starting(False, or_)
    incarnation: IncarnationFacts = part(IncarnationFacts)

    def widen(self, low: float, high: float) -> None:
        """Stretch to hold both times."""
        self.low = min(self.low, low)
        self.high = max(self.high, high)


def joined_segments(segments: list[Segment]) -> Segment:
    """All segments of a name as one. `segments` is emptied."""
    segments.sort(key=lambda segment: segment.incarnation.grid.size)
    largest = segments.pop()
    while segments:
        largest.update(segments.pop())
    return largest


def text(raw: bytes) -> str:
    """Bytes of a log as every reader of lines decodes them."""
    return raw.decode("utf-8", "replace")
