"""Which incarnations of a name were open at a time: looked up, since a name may have had thousands."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import islice
from math import inf

from herodyno.diagnosis.timeline.incarnations import MOST_AT_ONCE, Incarnation


class OpenAt:
    """The incarnations of one name, oldest first, by time. Made when the timeline no longer changes."""

    def __init__(self, incarnations: Sequence[Incarnation]) -> None:
        self.incarnations = incarnations
        self._starts = sorted((-inf if own.start is None else own.start, at) for at, own in enumerate(incarnations))
        self._exits = sorted(
            (own.end, at) for at, own in enumerate(incarnations) if own.end is not None and own.has_exited
        )
        self._edges, self._open = self._swept()
        self._left = self._latest_ends()

    def open(self, seconds: float) -> Sequence[Incarnation]:
        """Those open at a time; where there are very many, MOST_AT_ONCE and one more of them."""
        return self._open[self.stretch(seconds)]

    def stretch(self, seconds: float) -> int:
        """The number of the stretch of time, in which none begins or ends, that a time lies in."""
        return bisect_right(self._edges, seconds) - 1

    def only_one(self, stretch: int) -> Incarnation | None:
        """The one of a name that has only one, or the only one that is open throughout a stretch; None of several."""
        open_then = self.incarnations if len(self.incarnations) == 1 else self._open[stretch]
        return open_then[0] if len(open_then) == 1 else None

    def began(self, after: float, until: float) -> Incarnation | None:
        """The first that began in a span, its beginning left out."""
        at = bisect_right(self._starts, (after, len(self.incarnations)))
        is_in = at < len(self._starts) and self._starts[at][0] <= until
        return self.incarnations[self._starts[at][1]] if is_in else None

    def nearest(self, seconds: float) -> Incarnation:
        """The one whose end or start is nearest to a time at which none was open. The older of two as near."""
        at = bisect_right(self._starts, (seconds, len(self.incarnations)))
        near = []
        if at < len(self._starts):
            start, place = self._starts[at]
            near.append((start - seconds, place))
        if at:
            end, place = self._left[at - 1]
            near.append((seconds - end, place))
        return self.incarnations[min(near)[1]]

    def exited(self, first: float, last: float) -> Incarnation | None:
        """The oldest that exited from a time until another."""
        at = bisect_left(self._exits, (first, -1))
        places = [place for end, place in islice(self._exits, at, at + MOST_AT_ONCE) if end <= last]
        return self.incarnations[min(places)] if places else None

    def _swept(self) -> tuple[list[float], list[tuple[Incarnation, ...]]]:
        """Every time at which one begins or ends, and those open from then on."""
        begin: dict[float, list[int]] = {-inf: []}
        leave: dict[float, list[int]] = {}
        for at, own in enumerate(self.incarnations):
            start, end = -inf if own.start is None else own.start, inf if own.end is None else own.end
            if start < end:
                begin.setdefault(start, []).append(at)
                leave.setdefault(end, []).append(at)
        running: dict[int, Incarnation] = {}
        edges, found = sorted(begin.keys() | leave.keys()), []
        for edge in edges:
            for at in leave.get(edge, ()):
                del running[at]
            running |= {at: self.incarnations[at] for at in begin.get(edge, ())}
            found.append(tuple(islice(running.values(), MOST_AT_ONCE + 1)))
        return edges, found

    def _latest_ends(self) -> list[tuple[float, int]]:
        """For each start, the latest end of those that began by then, and whose it is."""
        ends: list[tuple[float, int]] = []
        for _, at in self._starts:
            end = self.incarnations[at].end
            own = (inf if end is None else end, -at)
            ends.append(max(ends[-1], own) if ends else own)
        return [(end, -at) for end, at in ends]
