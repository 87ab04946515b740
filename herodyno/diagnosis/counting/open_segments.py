"""Where segments begin: at lines where an incarnation may begin or end, and some time after such lines."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable
from math import inf
from typing import TypeGuard

from herodyno.diagnosis.counting.segments import Segment, text
from herodyno.diagnosis.counting.unassigned import Unassigned
from herodyno.diagnosis.timeline.boundaries import Boundary, is_edge
from herodyno.logs.events import AppException, Event, LoadSample, MemorySample, RouterRequest
from herodyno.logs.scan.block import Block
from herodyno.logs.scan.scanner import LONGEST_SERVICE, is_slow
from herodyno.logs.scan.stamps import Stamps

# After a boundary line a guard segment lasts so many seconds: until the old dyno is killed (30 s), and until all
# requests of the pattern that were sent before the line are logged.
_GUARD_SECONDS = LONGEST_SERVICE + 15.0


class OpenSegments:
    """The segment of each name that lines are counted for now. `current` holds those of rows, slow requests apart."""

    def __init__(self, unassigned: Unassigned, edges: Iterable[tuple[float, str]] = ()) -> None:
        self._edges = deque(edges)
        self.current: dict[bytes, Segment] = {}
        self._unassigned = unassigned
        self._guarded: dict[str, float] = {}  # name -> when its guard segment ends

    def names_to_cut(self, block: Block, stamps: Stamps, earliest: float, latest: float) -> set[str]:
        """The names for which a new segment begins with a block, whose times these are."""
        guarded = self._guarded
        names = {name for name, until in guarded.items() if earliest > until}
        for name in names:
            del guarded[name]
        marked = filter(self._is_mark, block.events)
        marks = [(event.dyno, event.line.at.timestamp()) for event in marked if event.line.at]
        for (dyno, dyno_id), stamp in block.first_of_ids().items():
            if (dyno, dyno_id) not in self._unassigned.ids:
                self._unassigned.id_facts(dyno, dyno_id)
                marks.append((text(dyno), stamps.seconds(stamp)))
        while self._edges and self._edges[0][0] <= latest:
            at, name = self._edges.popleft()
            marks.append((name, at))
        for name, at in marks:
            names.add(name)
            guarded[name] = max(guarded.get(name, -inf), at + _GUARD_SECONDS)
        return names

    def cut(self, names: Iterable[str], first: int) -> None:
        """Begin new segments at a line number."""
        segments = self._unassigned.segments
        for name in names:
            for key in ((name, True), (name, False)):
                if key in segments:
                    segments[key].append(Segment(first))
            if (name, False) in segments:
                self.current[name.encode()] = segments[name, False][-1]

    def begin(self, name: bytes, now: float) -> None:
        """Begin the first segment of a name. A part of a log may begin behind a boundary line, so guard the segment."""
        segment = self.current[name] = Segment()
        self._unassigned.segments[text(name), False] = [segment]
        self._guarded.setdefault(text(name), now + _GUARD_SECONDS)

    def segment_of(self, event: Event, dyno: str) -> Segment:
        """The segment that an event belongs to. A traceback may come out blocks after its first line."""
        key = (dyno, is_slow(event))
        segments = self._unassigned.segments.get(key)
        if segments is None:
            segments = self._unassigned.segments[key] = [Segment()]
            if not is_slow(event):
                self.current[dyno.encode()] = segments[0]
        if event.line.number >= segments[-1].first:
            return segments[-1]
        return segments[bisect_right(segments, event.line.number, key=lambda segment: segment.first) - 1]

    def _is_mark(self, event: Event) -> TypeGuard[Boundary | MemorySample | LoadSample]:
        """Whether an incarnation may begin or end at an event, or the event is the first with its dyno id."""
        if isinstance(event, (RouterRequest, AppException)):  # as most events are
            return False
        if not isinstance(event, (MemorySample, LoadSample)) or not event.dyno:
            return is_edge(event)
        key = (event.dyno.encode(), event.dyno_id.encode())
        is_new = key not in self._unassigned.ids
        self._unassigned.id_facts(*key)
        return is_new
