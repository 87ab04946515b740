"""What one pass over a log has counted, by name and segment, until the timeline tells whose it is."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass
from functools import partial
from math import inf
from operator import iadd, or_
from typing import TypeAlias

from herodyno.diagnosis.counted import Counted, merging, part, parts
from herodyno.diagnosis.facts import Facts
from herodyno.diagnosis.segments import IdFacts, Segment, seconds_of, text
from herodyno.diagnosis.sightings import Sightings

Segments: TypeAlias = dict[str, list[Segment]]


def _both(mine: Segments, other: Segments) -> Segments:
    for name, segments in other.items():
        mine.setdefault(name, []).extend(segments)
    return mine


def _renumbered(by_name: Segments, by: int) -> Segments:
    for segments in by_name.values():
        for segment in segments:
            segment.shift(by)
    return by_name


def _earliest(mine: dict[bytes, float], other: dict[bytes, float]) -> dict[bytes, float]:
    return mine | {name: min(at, mine.get(name, inf)) for name, at in other.items()}


def _first_kept(mine: dict[bytes, bytes], other: dict[bytes, bytes]) -> dict[bytes, bytes]:
    return other | mine


def _numbered_from(lines: array[int], by: int) -> array[int]:
    return array("q", (line + by for line in lines))


@dataclass(slots=True, eq=False)
class Scan(Counted):
    """What one pass has counted. `facts` are those of the app as a whole; the rest waits for the timeline."""

    facts: Facts = part(Facts)
    segments: Segments = merging(dict, _both, _renumbered)
    slow: Segments = merging(dict, _both, _renumbered)
    ids: dict[tuple[bytes, bytes], IdFacts] = parts()
    # Of good requests, by key; the segments tell of their paths and clients.
    shared: dict[str, Counter[bytes]] = parts()
    first_lines: array[int] = merging(partial(array, "q"), iadd, _numbered_from)  # of each block
    is_clean: bytearray = merging(bytearray, iadd)  # of each block: whether no traceback was open before it
    events: Sightings = part(Sightings)
    sent: dict[bytes, float] = merging(dict, _earliest)  # when the first request to a name was sent
    first_ids: dict[bytes, bytes] = merging(dict, _first_kept)  # the id under which a name told of itself first
    changed: set[str] = merging(set, or_)  # names of which a life may have begun or ended

    def sightings(self) -> Sightings:
        """What the timeline is built from. To be asked once, when all is counted."""
        seen = self.events
        for dyno, sent in self.sent.items():
            seen.saw(text(dyno), sent, sent)
        for name, segments in self.segments.items():
            for segment in segments:
                if segment.from_stamp:
                    seen.saw(name, seconds_of(segment.from_stamp), seconds_of(segment.to_stamp))
                if segment.pressed.lines:
                    seen.saw(name, segment.pressed.first, segment.pressed.last)
        for (dyno, dyno_id), facts in self.ids.items():
            if facts.lines:
                seen.saw(text(dyno), facts.first, facts.last)
                seen.saw_id(text(dyno), text(dyno_id), facts.first, facts.last)
        return seen
