"""From when until when a name is one incarnation's alone: a line of that time needs no look to be assigned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from herodyno.archive.folder import US_PER_SECOND
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.diagnosis.timeline.timeline import Timeline

EVER_US = 1 << 62
# Ours: times of the timeline are floats, which are exact to less than this.
_EDGE_US = 10


class SafeSpan(NamedTuple):
    """Lines of a name that were sent and logged within these times, both included, are of the incarnation."""

    place: int
    dyno: str
    first_us: int
    last_us: int


def safe_spans(times: Timeline, incarnations: Sequence[Incarnation]) -> Iterator[SafeSpan]:
    """The spans of some incarnations. `place` is the place in `incarnations`."""
    places = {own.key: place for place, own in enumerate(incarnations)}
    for name in dict.fromkeys(own.dyno for own in incarnations):
        of_name = times.open_at(name)
        moments = {at for own in of_name.incarnations for at in (own.start, own.end) if at is not None}
        edges = sorted(round(at * US_PER_SECOND) for at in moments) if len(of_name.incarnations) > 1 else []
        for first, last in pairwise([-EVER_US, *edges, EVER_US]):
            first, last = first + _EDGE_US, last - _EDGE_US
            if first >= last:
                continue
            candidates = of_name.open((first + last) / 2 / US_PER_SECOND) if edges else of_name.incarnations
            if len(candidates) == 1 and candidates[0].key in places:
                yield SafeSpan(places[candidates[0].key], name, first, last)
