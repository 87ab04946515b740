"""Merges the passes over the parts of a log: the outcome is that of one pass."""

from __future__ import annotations

from collections.abc import Iterator

from herodyno.diagnosis.counting.segments import joined_segments, text
from herodyno.diagnosis.counting.unassigned import Unassigned


def merge(unassigned: Unassigned, later: Unassigned, lines: int) -> None:
    """Merge a later part, or a piece of a later part, into the earlier part of so many lines. `later` is used up."""
    later.shift(lines)
    unassigned.changed |= {
        text(name) for name, dyno_id in later.first_ids.items() if unassigned.first_ids.get(name, dyno_id) != dyno_id
    }
    unassigned.update(later)
    for key in later.segments:
        if key[0] not in unassigned.changed:
            unassigned.segments[key] = [joined_segments(unassigned.segments[key])]


def split(unassigned: Unassigned) -> Iterator[Unassigned]:
    """Split a closed pass into many small ones, so that sending them takes little memory. `unassigned` is emptied.

    `merge` must know which names have changed before segments come, so the segments come last.
    """
    segments, ids = unassigned.segments, unassigned.ids
    unassigned.segments, unassigned.ids = {}, {}
    yield unassigned
    while ids:
        yield Unassigned(ids=dict([ids.popitem()]))
    while segments:
        yield Unassigned(segments=dict([segments.popitem()]))
