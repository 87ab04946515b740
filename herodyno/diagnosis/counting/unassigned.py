"""What one pass over a log has counted, by name and segment, until the timeline tells whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from operator import or_
from typing import TypeAlias

from herodyno.diagnosis.counted import Counted, merging, part, parts
from herodyno.diagnosis.counting.block_list import BlockList
from herodyno.diagnosis.counting.facts import Facts, IncarnationFacts
from herodyno.diagnosis.counting.segments import Segment
from herodyno.diagnosis.timeline.boundaries import Boundaries

# By name; requests too slow for the scan's pattern have segments of their own (True).
Segments: TypeAlias = dict[tuple[str, bool], list[Segment]]


def _both(mine: Segments, other: Segments) -> Segments:
    for key, segments in other.items():
        mine.setdefault(key, []).extend(segments)
    return mine


def _renumbered(all_segments: Segments, by: int) -> Segments:
    for segments in all_segments.values():
        for segment in segments:
            segment.shift(by)
    return all_segments


def _first_kept(mine: dict[bytes, bytes], other: dict[bytes, bytes]) -> dict[bytes, bytes]:
    return other | mine


@dataclass(slots=True, eq=False)
class Unassigned(Counted):
    """What one pass has counted. `facts` are those of the app as a whole; the rest waits for the timeline."""

    facts: Facts = part(Facts)
    segments: Segments = merging(dict, _both, _renumbered)
    ids: dict[tuple[bytes, bytes], IncarnationFacts] = parts()  # what the metric lines of an id said
    blocks: BlockList = part(BlockList)
    boundaries: Boundaries = part(Boundaries)  # what the timeline is built from
    first_ids: dict[bytes, bytes] = merging(dict, _first_kept)  # the id under which a name told of itself first
    changed: set[str] = merging(set, or_)  # names of which a life may have begun or ended
