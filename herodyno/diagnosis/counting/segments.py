"""Lines counted before it is known to which life they belong: those of one name between two of its boundary lines.

When no life began or ended while a segment lasted, all of it belongs to one; else its lines are read
again, one by one (settling.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from operator import or_

from herodyno.diagnosis.counted import Counted, part, starting
from herodyno.diagnosis.counting.facts import IncarnationFacts


def _numbered_from(first: int, by: int) -> int:
    return max(first, 1) + by


@dataclass(slots=True, eq=False)
class Segment(Counted):
    """`first` is the number of its first line; its lines were logged and its requests sent between `low` and `high`.

    `foretells`: among them is a request of which the code foretells an exit, so that it belongs to the exit.
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
    """All segments of a name as one. They are used up."""
    segments.sort(key=lambda segment: len(segment.incarnation.grid.cells))
    largest = segments.pop()
    while segments:
        largest.update(segments.pop())
    return largest


def text(raw: bytes) -> str:
    """Bytes of a log as every reader of lines decodes them."""
    return raw.decode("utf-8", "replace")
