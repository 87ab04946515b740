"""Passes over the parts of a log, put together as if it had been read in one."""

from __future__ import annotations

from collections.abc import Iterator

from herodyno.diagnosis.counting.counter import Scan
from herodyno.diagnosis.counting.facts import EvidenceStore, IncarnationFacts
from herodyno.diagnosis.counting.segments import joined_segments
from herodyno.diagnosis.timeline.boundaries import Boundaries


def merge(scan: Scan, later: Scan, lines: int) -> None:
    """Put a later part, or a piece of one, into an earlier one, which held so many lines. The later one is used up."""
    _shift(later, lines)
    scan.facts.update(later.facts)
    scan.events.update(later.events)
    scan.changed |= later.changed
    for key, facts in later.ids.items():
        scan.id_facts(*key).update(facts)
    for mine, theirs in ((scan.segments, later.segments), (scan.slow, later.slow)):
        for name, segments in theirs.items():
            mine.setdefault(name, []).extend(segments)
            if name not in scan.changed:
                mine[name] = [joined_segments(mine[name])]
    for dyno, sent in later.sent.items():
        scan.sent[dyno] = min(sent, scan.sent.get(dyno, sent))
    for name, counts in later.shared.items():
        scan.shared[name].update(counts)
    scan.first_lines.extend(later.first_lines)
    scan.is_clean.extend(later.is_clean)


def pieces(scan: Scan) -> Iterator[Scan]:
    """A closed pass in many small ones, so that handing it over takes little memory at a time. It is used up.

    What tells whether a name changed comes before its segments.
    """
    segments, slow, ids = scan.segments, scan.slow, scan.ids
    scan.segments, scan.slow, scan.ids = {}, {}, {}
    yield scan
    while ids:
        piece = Scan()
        key, piece.ids[key] = ids.popitem()
        yield piece
    while segments:
        piece = Scan()
        name, piece.segments[name] = segments.popitem()
        yield piece
    while slow:
        piece = Scan()
        name, piece.slow[name] = slow.popitem()
        yield piece


def _shift(scan: Scan, by: int) -> None:
    """Number all lines as if so many had come before."""
    _shift_evidence(scan.facts.evidence, by)
    _shift_events(scan.events, by)
    for by_name in (scan.segments, scan.slow):
        for segments in by_name.values():
            for segment in segments:
                segment.first = max(segment.first, 1) + by
                segment.pressed.shift(by)
                _shift_incarnation(segment.incarnation, by)
    for facts in scan.ids.values():
        facts.memory.shift(by)
        _shift_incarnation(facts.incarnation, by)
    for i, first in enumerate(scan.first_lines):
        scan.first_lines[i] = first + by


def _shift_incarnation(incarnation: IncarnationFacts, by: int) -> None:
    _shift_evidence(incarnation.evidence, by)
    incarnation.marks = [(number + by, mem_mb, percent) for number, mem_mb, percent in incarnation.marks]


def _shift_evidence(evidence: EvidenceStore, by: int) -> None:
    for what, lines in evidence.lines.items():
        evidence.lines[what] = [line._replace(number=line.number + by) for line in lines]


def _shift_events(seen: Boundaries, by: int) -> None:
    seen.events = [event._replace(line=event.line._replace(number=event.line.number + by)) for event in seen.events]
    seen.actions = [event._replace(line=event.line._replace(number=event.line.number + by)) for event in seen.actions]
