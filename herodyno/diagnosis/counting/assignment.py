"""What one pass counted, given to the lives of the timeline; what lies across the edge of a life is read again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, pairwise
from math import inf
from typing import TypeAlias

from herodyno.diagnosis.counting.counter import Scan
from herodyno.diagnosis.counting.events import attribute
from herodyno.diagnosis.counting.facts import ErrorFacts, Facts, IncarnationFacts
from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.counting.segments import Segment, client_name, path_name, text
from herodyno.diagnosis.counting.tallies import Tally
from herodyno.diagnosis.timeline.attribution import place_between
from herodyno.diagnosis.timeline.boundaries import Boundary, is_boundary
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.dynos import process_type_of
from herodyno.logs.events import Event, LoadSample, MemorySample
from herodyno.logs.scan.scanner import is_slow

# An H13 or H18 belongs to an exit up to a second later, or a moment before.
_FORETOLD = 2.0


class Again:
    """Which lines must be read again: of a name, from a line number to before another, slow requests or the rest;
    and the metric lines of ids that no life bears."""

    def __init__(self) -> None:
        self.spans: dict[tuple[str, bool], list[tuple[int, float]]] = {}
        self.ids: set[tuple[str, str]] = set()

    def __bool__(self) -> bool:
        return bool(self.spans or self.ids)

    @property
    def names(self) -> frozenset[bytes]:
        """The names whose lines are wanted."""
        return frozenset(name.encode() for name, _ in self.spans) | {name.encode() for name, _ in self.ids}

    def ranges(self) -> Iterator[tuple[float, float]]:
        """The line numbers among which they lie."""
        if self.ids:
            yield (0, inf)
        for spans in self.spans.values():
            yield from spans

    def holds(self, event: Event) -> bool:
        """Whether an event is among them."""
        dyno = getattr(event, "dyno", "")
        if not dyno or is_boundary(event):
            return False
        if isinstance(event, (MemorySample, LoadSample)):
            return (dyno, event.dyno_id) in self.ids
        spans = self.spans.get((dyno, is_slow(event)), ())
        return any(first <= event.line.number < end for first, end in spans)


Reread: TypeAlias = Callable[[Again], Iterable[Event]]


def settle(scan: Scan, boundaries: Iterable[Boundary], times: Timeline, reread: Reread) -> Facts:
    """All facts. `reread` gives the events of the lines asked for, and may give others. The scan is used up."""
    facts = scan.facts
    again = Again()
    while scan.ids:  # given back one by one, so that nothing is held twice
        (raw_name, raw_id), counted = scan.ids.popitem()
        name, dyno_id = text(raw_name), text(raw_id)
        incarnation = times.by_id.get((name, dyno_id))
        if incarnation is None:
            again.ids.add((name, dyno_id))
        else:
            _give(facts, incarnation, counted.poured())
    for slow, by_name in ((False, scan.segments), (True, scan.slow)):
        while by_name:
            name, segments = by_name.popitem()
            _settle_name(facts, name, segments, times, again, slow=slow)
    for event in chain(boundaries, filter(again.holds, reread(again)) if again else ()):
        attribute(facts, event, times)
    _pour_shared(facts, scan)
    return facts


def _settle_name(
    facts: Facts, name: str, segments: list[Segment], times: Timeline, again: Again, *, slow: bool
) -> None:
    incarnations = times.incarnations.get(name, ())
    edges = sorted(
        edge for incarnation in incarnations for edge in (incarnation.start, incarnation.end) if edge is not None
    )
    ends = sorted(incarnation.end for incarnation in incarnations if incarnation.end is not None)
    kind = process_type_of(name)
    for segment, following in pairwise([*segments, None]):
        assert segment is not None
        if segment.high < segment.low:
            continue
        _pour_segment(facts, kind, segment)
        own = segment.poured()
        first, last = place_between(incarnations, segment.low), place_between(incarnations, segment.high)
        is_crossed = len(incarnations) > 1 and _lies_in(edges, segment.low, segment.high)
        is_foretold = segment.foretells and _lies_in(ends, segment.low - _FORETOLD, segment.high + _FORETOLD)
        if first.incarnation is not last.incarnation or is_crossed or is_foretold:
            again.spans.setdefault((name, slow), []).append((segment.first, following.first if following else inf))
        elif first.incarnation is not None:
            _give(facts, first.incarnation, own)
        else:
            _give_to_none(facts, kind, own)


def _pour_segment(facts: Facts, kind: str, segment: Segment) -> None:
    """What its good requests were, for the app as a whole."""
    if segment.grid.cells:
        facts.types.setdefault(kind, Grid()).update(segment.counted_grid(), times=False)
    for key, counts, name_of in (("path", segment.paths, path_name), ("client", segment.clients, client_name)):
        poured = Tally()
        counts.pour(poured, name_of)
        if poured.total:
            facts.shared.good.setdefault(key, Tally()).update(poured)


def _lies_in(edges: list[float], low: float, high: float) -> bool:
    return bisect_right(edges, high) > bisect_left(edges, low)


def _give(facts: Facts, incarnation: Incarnation, counted: IncarnationFacts) -> None:
    if incarnation.key in facts.incarnations:
        facts.incarnations[incarnation.key].update(counted)
    else:
        facts.incarnations[incarnation.key] = counted


def _give_to_none(facts: Facts, kind: str, counted: IncarnationFacts) -> None:
    """Lines of a name that two lives could have written, or none."""
    facts.ambiguous += counted.lines
    if counted.requests:
        facts.ambiguous_requests[kind] = facts.ambiguous_requests.get(kind, 0) + counted.requests
    if counted.errors.n:
        facts.ambiguous_errors.setdefault(kind, ErrorFacts()).update(counted.errors)


def _pour_shared(facts: Facts, scan: Scan) -> None:
    good = facts.shared.good
    for key, counts in scan.shared.items():
        for value, n in counts.items():
            if value:
                good.setdefault(key, Tally()).add(text(value), n)
