"""Counts of one pass over a log, by name and segment, that wait for the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from operator import or_
from typing import TypeAlias

from herodyno.diagnosis.counted import Counted, Renumber, merging, part, parts
from herodyno.diagnosis.counting.block_list import BlockList
from herodyno.diagnosis.counting.facts import Facts, IncarnationFacts
from herodyno.diagnosis.counting.segments import Segment, text
from herodyno.diagnosis.timeline.boundaries import Boundaries

# By name and slowness: requests too slow for the scan's pattern have segments of their own (True).
Segments: TypeAlias = dict[tuple[str, bool], list[Segment]]


def _both(mine: Segments, other: Segments) -> Segments:
    for key, segments in other.items():
        mine.setdefault(key, []).extend(segments)
    return mine


def _renumbered(all_segments: Segments, of: Renumber) -> Segments:
    for segments in all_segments.values():
        for segment in segments:
            segment.renumber(of)
    return all_segments


def _first_kept(mine: dict[bytes, bytes], other: dict[bytes, bytes]) -> dict[bytes, bytes]:
    return other | mine


@dataclass(slots=True, eq=False)
class Unassigned(Counted):
    """Counts that wait for the timeline; only `facts`, those of the app as a whole, do not."""

    facts: Facts = part(Facts)
    segments: Segments = merging(dict, _both, _renumbered)
    ids: dict[tuple[bytes, bytes], IncarnationFacts] = parts()  # from the metric lines of a (name, dyno id)
    blocks: BlockList = part(BlockList)
    boundaries: Boundaries = part(Boundaries)  # for the timeline
    first_ids: dict[bytes, bytes] = merging(dict, _first_kept)  # name -> the dyno id of its first metric line
    changed: set[str] = merging(set, or_)  # names of which an incarnation may have begun or ended

    def id_facts(self, name: bytes, dyno_id: bytes) -> IncarnationFacts:
        """The facts from the metric lines of a dyno id, made when first asked for."""
        facts = self.ids.get((name, dyno_id))
        if facts is None:
            facts = self.ids[name, dyno_id] = IncarnationFacts()
            if self.first_ids.setdefault(name, dyno_id) != dyno_id:
                self.changed.add(text(name))
        return facts
