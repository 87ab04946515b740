"""Passes over the parts of a log, put together as if it had been read in one."""

from __future__ import annotations

from collections.abc import Iterator

from herodyno.diagnosis.counting.segments import joined_segments, text
from herodyno.diagnosis.counting.unassigned import Unassigned


def merge(unassigned: Unassigned, later: Unassigned, lines: int) -> None:
    """Put a later part, or a piece of one, into an earlier one, which held so many lines. The later one is used up."""
    later.shift(lines)
    unassigned.changed |= {
        text(name) for name, dyno_id in later.first_ids.items() if unassigned.first_ids.get(name, dyno_id) != dyno_id
    }
    unassigned.update(later)
    for key in later.segments:
        if key[0] not in unassigned.changed:
            unassigned.segments[key] = [joined_segments(unassigned.segments[key])]


def split(unassigned: Unassigned) -> Iterator[Unassigned]:
    """A closed pass in many small ones, so that handing it over takes little memory at a time. It is used up.

    What tells whether a name changed comes before its segments.
    """
    segments, ids = unassigned.segments, unassigned.ids
    unassigned.segments, unassigned.ids = {}, {}
    yield unassigned
    while ids:
        yield Unassigned(ids=dict([ids.popitem()]))
    while segments:
        yield Unassigned(segments=dict([segments.popitem()]))
