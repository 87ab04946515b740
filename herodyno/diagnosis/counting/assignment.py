"""Assigns the counts of a pass to the incarnations of the timeline; a segment with an edge inside is read again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, pairwise
from math import inf
from typing import TypeAlias

from herodyno.diagnosis.counting.events import attribute
from herodyno.diagnosis.counting.facts import ErrorFacts, Facts, IncarnationFacts
from herodyno.diagnosis.counting.raised import RaisedFacts
from herodyno.diagnosis.counting.segments import Segment, text
from herodyno.diagnosis.counting.unassigned import Unassigned
from herodyno.diagnosis.timeline.attribution import EXIT_BEFORE, place_at
from herodyno.diagnosis.timeline.boundaries import Boundary, is_boundary
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.dynos import process_type_of
from herodyno.logs.codes.table import FORETELL_EXIT
from herodyno.logs.events import Event, LoadSample, MemorySample
from herodyno.logs.scan.scanner import is_slow

_LONGEST_REACH = max(FORETELL_EXIT.values())


class _Spans:
    """Spans of time, and whether one of them touches another span."""

    def __init__(self, spans: Sequence[tuple[float, float]]) -> None:
        self._starts = sorted(start for start, _ in spans)
        self._ends = sorted(end for _, end in spans)

    def touch(self, low: float, high: float) -> bool:
        """Whether a span has a moment in [low, high]."""
        return bisect_right(self._starts, high) > bisect_left(self._ends, low)


class LinesToReread:
    """The lines whose incarnation the counts alone do not show.

    `spans`: (name, is slow) -> [first line number, end), in order. `ids`: the (name, dyno id) of metric lines without
    an incarnation.
    """

    def __init__(self) -> None:
        self.spans: dict[tuple[str, bool], list[tuple[int, float]]] = {}
        self.ids: set[tuple[str, str]] = set()

    def __bool__(self) -> bool:
        return bool(self.spans or self.ids)

    @property
    def names(self) -> frozenset[bytes]:
        """The names in these lines."""
        return frozenset(name.encode() for name, _ in self.spans) | {name.encode() for name, _ in self.ids}

    def ranges(self) -> Iterator[tuple[float, float]]:
        """Ranges [first, end) of line numbers that hold these lines."""
        if self.ids:
            yield (0, inf)
        for spans in self.spans.values():
            yield from spans

    def holds(self, event: Event) -> bool:
        """Whether an event is of these lines."""
        dyno = getattr(event, "dyno", "")
        if not dyno or is_boundary(event):
            return False
        if isinstance(event, (MemorySample, LoadSample)):
            return (dyno, event.dyno_id) in self.ids
        spans = self.spans.get((dyno, is_slow(event)), ())
        at = bisect_right(spans, (event.line.number, inf)) - 1
        return at >= 0 and event.line.number < spans[at][1]


Reread: TypeAlias = Callable[[LinesToReread], Iterable[Event]]


def assign(
    unassigned: Unassigned, times: Timeline, reread: Reread, counts: Callable[[Boundary], bool] = lambda event: True
) -> Facts:
    """All facts. `reread` must give the events of the lines asked for, and may give more. `unassigned` is emptied.

    `counts`: whether a boundary line is counted.
    """
    facts = unassigned.facts
    to_reread = LinesToReread()
    while unassigned.segments:  # popped one by one, so that nothing is in memory twice
        key, segments = unassigned.segments.popitem()
        _assign_name(facts, key, segments, times, to_reread)
    while unassigned.ids:  # after the segments, which have more to merge
        (raw_name, raw_id), counted = unassigned.ids.popitem()
        if not counted.lines:
            continue
        name, dyno_id = text(raw_name), text(raw_id)
        incarnation = times.by_id.get((name, dyno_id))
        if incarnation is None:
            to_reread.ids.add((name, dyno_id))
        else:
            _add_to(facts, incarnation, counted)
    boundaries = filter(counts, unassigned.boundaries.events)
    for event in chain(boundaries, filter(to_reread.holds, reread(to_reread)) if to_reread else ()):
        attribute(facts, event, times)
    facts.leave_out_slots()
    return facts


def _assign_name(
    facts: Facts, key: tuple[str, bool], segments: list[Segment], times: Timeline, to_reread: LinesToReread
) -> None:
    name, _ = key
    of_name = times.open_at(name)
    incarnations = of_name.incarnations
    edges = sorted(edge for each in incarnations for edge in (each.start, each.end) if edge is not None)
    ends = sorted(incarnation.end for incarnation in incarnations if incarnation.end is not None)
    stops = _Spans([each.shutdown for each in incarnations if each.shutdown is not None])
    boots = _Spans(
        [(min(each.start or -inf, each.listens), each.listens) for each in incarnations if each.listens is not None]
    )
    kind = process_type_of(name)
    for segment, following in pairwise([*segments, None]):
        assert segment is not None
        if segment.high < segment.low:
            continue
        first, last = place_at(of_name, segment.low), place_at(of_name, segment.high)
        is_divided = first.incarnation is not last.incarnation or (
            len(incarnations) > 1 and _lies_in(edges, segment.low, segment.high)
        )
        is_foretold = segment.foretells and (
            _lies_in(ends, segment.low - EXIT_BEFORE, segment.high + _LONGEST_REACH)
            or stops.touch(segment.low, segment.high)
        )
        # While a dyno boots beside another, lines of the name are ambiguous, and requests are not.
        is_boot = first.incarnation is None and boots.touch(segment.low, segment.high)
        if is_divided or is_foretold or is_boot:
            to_reread.spans.setdefault(key, []).append((segment.first, following.first if following else inf))
        elif first.incarnation is not None:
            _add_to(facts, first.incarnation, segment.incarnation)
        else:
            _count_as_ambiguous(facts, kind, segment.incarnation)


def _lies_in(edges: list[float], low: float, high: float) -> bool:
    return bisect_right(edges, high) > bisect_left(edges, low)


def _add_to(facts: Facts, incarnation: Incarnation, counted: IncarnationFacts) -> None:
    if incarnation.key in facts.incarnations:
        facts.incarnations[incarnation.key].update(counted)
    else:
        facts.incarnations[incarnation.key] = counted


def _count_as_ambiguous(facts: Facts, kind: str, counted: IncarnationFacts) -> None:
    """Count lines that several incarnations of a name could have written, or none."""
    facts.ambiguous += counted.lines
    if counted.requests:
        facts.ambiguous_requests[kind] += counted.requests
    if counted.errors.n:
        facts.ambiguous_errors.setdefault(kind, ErrorFacts()).update(counted.errors)
    if counted.raised:
        facts.ambiguous_raised.setdefault(kind, RaisedFacts()).update(counted.raised)
