"""Passes over the parts of a log, put together as if it had been read in one."""

from __future__ import annotations

from collections.abc import Iterator

from herodyno.diagnosis.counting.segments import joined_segments, text
from herodyno.diagnosis.counting.unassigned import Scan


def merge(scan: Scan, later: Scan, lines: int) -> None:
    """Put a later part, or a piece of one, into an earlier one, which held so many lines. The later one is used up."""
    later.shift(lines)
    scan.changed |= {
        text(name) for name, dyno_id in later.first_ids.items() if scan.first_ids.get(name, dyno_id) != dyno_id
    }
    scan.update(later)
    for key in later.segments:
        if key[0] not in scan.changed:
            scan.segments[key] = [joined_segments(scan.segments[key])]


def pieces(scan: Scan) -> Iterator[Scan]:
    """A closed pass in many small ones, so that handing it over takes little memory at a time. It is used up.

    What tells whether a name changed comes before its segments.
    """
    segments, ids = scan.segments, scan.ids
    scan.segments, scan.ids = {}, {}
    yield scan
    while ids:
        yield Scan(ids=dict([ids.popitem()]))
    while segments:
        yield Scan(segments=dict([segments.popitem()]))
