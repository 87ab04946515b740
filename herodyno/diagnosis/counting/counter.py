"""One pass over blocks of lines: what the timeline is built from, and all counts, by name and segment.

Everything the scan's pattern reads is counted here without making an event of it; the events of the
other lines go the ordinary way. The outcome is the same (a test compares them, field by field).
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import repeat
from math import inf

from herodyno.diagnosis.counting.batch import PendingRequests, PendingSamples
from herodyno.diagnosis.counting.events import count_for_app, of_an_incarnation
from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.grid import CELL_SECONDS
from herodyno.diagnosis.counting.segments import IdFacts, Segment, joined_segments, seconds_of, text
from herodyno.diagnosis.timeline.boundaries import Boundaries, is_boundary, is_edge
from herodyno.logs.events import AppException, Event, LoadSample, LogLine, MemorySample, RouterRequest
from herodyno.logs.parsing.events_of import dyno_of
from herodyno.logs.scan.columns import Block, Requests, Samples
from herodyno.logs.scan.scanner import LONGEST_SERVICE, is_slow
from herodyno.logs.scan.stamps import Stamps

# After a boundary line a segment of its own lasts so long: 30 s until the old dyno is killed, and until all
# requests of the pattern that were sent before are logged.
_GUARD_SECONDS = LONGEST_SERVICE + 15.0
_FORETELLING = ("H13", "H18")


class Scan:
    """What one pass has counted. `facts` are those of the app as a whole; the rest waits for the timeline."""

    def __init__(self) -> None:
        self.facts = Facts()
        self.segments: dict[str, list[Segment]] = {}
        self.slow: dict[str, list[Segment]] = {}
        self.ids: dict[tuple[bytes, bytes], IdFacts] = {}
        # Of good requests; their paths and clients are told by the segments.
        self.shared: dict[str, Counter[bytes]] = {"method": Counter(), "host": Counter(), "status": Counter()}
        self.first_lines = array("q")  # of each block
        self.is_clean = bytearray()  # of each block: whether no traceback was open before it
        self.events = Boundaries()
        self._current: dict[bytes, Segment] = {}
        self.sent: dict[bytes, float] = {}  # when the first request to a name was sent
        self.changed: set[str] = set()  # names of which a life may have begun or ended
        self._first_ids: dict[bytes, bytes] = {}
        self._guarded: dict[str, float] = {}
        self._dynos: dict[bytes, bool] = {}
        self._requests_pending = PendingRequests()
        self._samples_pending = PendingSamples()
        self._now = 0.0

    def add(self, block: Block, stamps: Stamps) -> None:
        """Take in the next block."""
        self.first_lines.append(block.first)
        self.is_clean.append(block.is_clean)
        earliest, latest = inf, -inf
        if block.rows:
            earliest, latest = stamps.seconds(block.earliest), stamps.seconds(block.latest)
        self._now = earliest
        self._cut(block, stamps, earliest)
        for event in block.events:
            self.take(event)
        if not block.rows:
            return
        facts = self.facts
        facts.lines += block.rows
        facts.first = earliest if facts.first is None else min(facts.first, earliest)
        facts.last = latest if facts.last is None else max(facts.last, latest)
        self.events.saw_line(earliest, latest)
        self._samples(block.samples, stamps)
        if block.requests.dynos:
            self._requests(block.requests, stamps, earliest, latest)
        if block.plain.names:
            self._plain(block, earliest, latest)

    def take(self, event: Event) -> None:
        """Take in one event. A boundary line waits for the timeline, which knows whose it is."""
        self.events.add(event)
        count_for_app(self.facts, event)
        if is_boundary(event):
            if is_edge(event):
                self.changed.add(event.dyno)
            return
        dyno: str = getattr(event, "dyno", "")
        at = event.line.at
        if not dyno or at is None:
            self.facts.unattributed += event.lines if isinstance(event, AppException) else 1
            return
        if isinstance(event, (MemorySample, LoadSample)):
            of_an_incarnation(self.id_facts(dyno.encode(), event.dyno_id.encode()).incarnation, event)
            return
        segment = self._segment(event, dyno)
        sent = (event.service_ms or 0) / 1000 if isinstance(event, RouterRequest) else 0.0
        segment.widen(at.timestamp() - sent, at.timestamp())
        if isinstance(event, RouterRequest) and event.code in _FORETELLING:
            segment.foretells = True
        of_an_incarnation(segment.incarnation, event)

    def close(self, stamps: Stamps) -> None:
        """All is taken in: what only counting needs is given back, and names that lived one life have one segment."""
        self._requests_pending.count(self._current)
        self._samples_pending.count(self.ids, stamps)
        self._current.clear()
        for by_name in (self.segments, self.slow):
            for name, segments in by_name.items():
                for segment in segments:
                    segment.pack()
                if name not in self.changed:
                    by_name[name] = [joined_segments(segments)]

    def id_facts(self, name: bytes, dyno_id: bytes) -> IdFacts:
        """What the metric lines of an id said, made when first asked for."""
        facts = self.ids.get((name, dyno_id))
        if facts is None:
            facts = self.ids[name, dyno_id] = IdFacts()
            if self._first_ids.setdefault(name, dyno_id) != dyno_id:
                self.changed.add(text(name))
        return facts

    def boundaries(self) -> Boundaries:
        """What the timeline is built from. To be asked once, when the scan is closed."""
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

    def _samples(self, samples: Samples, stamps: Stamps) -> None:
        self._samples_pending.add(samples)
        if self._samples_pending.is_enough:
            self._samples_pending.count(self.ids, stamps)
        for place, dyno_id in enumerate(samples.ids):
            if dyno_id is None:
                self._pressed(samples.names[place], samples, place, stamps)

    def _pressed(self, name: bytes, samples: Samples, place: int, stamps: Stamps) -> None:
        segment = self._current.get(name) or self._new(name)
        at = stamps.seconds(samples.stamps[place])
        own = segment.incarnation
        own.seen(at)
        own.codes["R14"] = own.codes.get("R14", 0) + 1
        own.memory.r14 += 1
        own.memory.r14_spans.add(at)
        segment.pressed.add(at, samples.numbers[place], samples.said(place))
        segment.widen(at, at)

    def _requests(self, requests: Requests, stamps: Stamps, earliest: float, latest: float) -> None:
        self.facts.router_lines += len(requests.dynos)
        segments = self._seen(requests.dynos, requests.stamps, earliest, latest)
        self._first_sent(requests, stamps, segments, earliest)
        for key, values in (("method", requests.methods), ("host", requests.hosts), ("status", requests.statuses)):
            self.shared[key].update(values)
        self._requests_pending.add(requests, list(_cells(requests.stamps, stamps)))
        if self._requests_pending.is_enough:
            self._requests_pending.count(self._current)

    def _plain(self, block: Block, earliest: float, latest: float) -> None:
        names = Counter(block.plain.names)
        for name in [name for name in names if not self._is_dyno(name)]:
            self.facts.unattributed += names.pop(name)
        if names:
            segments = self._seen(block.plain.names, block.plain.stamps, earliest, latest, only=names)
            for name, n in names.items():
                segments[name].plain += n

    def _seen(
        self,
        names: Sequence[bytes],
        stamps: Sequence[bytes],
        earliest: float,
        latest: float,
        only: Container[bytes] | None = None,
    ) -> dict[bytes, Segment]:
        """The segments of these names, told when they were seen."""
        firsts: dict[bytes, bytes] = {}
        segments: dict[bytes, Segment] = {}
        for name, last in dict(zip(names, stamps, strict=True)).items():
            if only is not None and name not in only:
                continue
            segment = segments[name] = self._current.get(name) or self._new(name)
            if last > segment.to_stamp:
                segment.to_stamp = last
            if not segment.from_stamp or stamps[0] < segment.from_stamp:
                firsts = firsts or dict(zip(reversed(names), reversed(stamps), strict=True))
                segment.from_stamp = min(segment.from_stamp or firsts[name], firsts[name])
            segment.widen(earliest - LONGEST_SERVICE, latest)
        return segments

    def _first_sent(self, requests: Requests, stamps: Stamps, segments: Iterable[bytes], earliest: float) -> None:
        """A request is logged when it ends, so those of the first minutes may have been sent before the first one."""
        sent = self.sent
        young = {name for name in segments if earliest - LONGEST_SERVICE < sent.get(name, inf)}
        if not young:
            return
        for stamp, dyno, service in zip(requests.stamps, requests.dynos, requests.services, strict=True):
            if dyno in young:
                sent[dyno] = min(sent.get(dyno, inf), stamps.seconds(stamp) - int(service) / 1000)

    def _cut(self, block: Block, stamps: Stamps, earliest: float) -> None:
        """Begin new segments: where lines of this block may begin or end a life, and some time after such lines."""
        guarded = self._guarded
        cut = {name for name, until in guarded.items() if earliest > until}
        for name in cut:
            del guarded[name]
        marks = [(event.dyno, event.line.at.timestamp()) for event in block.events if is_edge(event) and event.line.at]
        for dyno, dyno_id in set(zip(block.samples.names, block.samples.ids, strict=True)):
            if dyno_id is not None and (dyno, dyno_id) not in self.ids:
                self.id_facts(dyno, dyno_id)
                marks.append((text(dyno), stamps.seconds(block.samples.first_of(dyno, dyno_id))))
        for name, at in marks:
            cut.add(name)
            guarded[name] = max(guarded.get(name, -inf), at + _GUARD_SECONDS)
        if cut:
            self._requests_pending.count(self._current)
        for name in cut:
            for segments in (self.segments.get(name), self.slow.get(name)):
                if segments:
                    segments.append(Segment(block.first))
            if name in self.segments:
                self._current[name.encode()] = self.segments[name][-1]

    def _segment(self, event: Event, dyno: str) -> Segment:
        """The segment an event belongs to; a traceback may come out blocks after its first line."""
        segments = self.slow.setdefault(dyno, []) if is_slow(event) else self.segments.setdefault(dyno, [])
        if not segments:
            segments.append(Segment(0))
            if not is_slow(event):
                self._current[dyno.encode()] = segments[0]
        if event.line.number >= segments[-1].first:
            return segments[-1]
        return segments[bisect_right(segments, event.line.number, key=lambda segment: segment.first) - 1]

    def _new(self, name: bytes) -> Segment:
        segment = self._current[name] = Segment(0)
        self.segments[text(name)] = [segment]
        self._guarded.setdefault(text(name), self._now + _GUARD_SECONDS)  # a part of a log may begin after such a line
        return segment

    def _is_dyno(self, name: bytes) -> bool:
        known = self._dynos.get(name)
        if known is None:
            known = self._dynos[name] = bool(dyno_of(LogLine(None, "app", text(name), "", "", 0)))
        return known


def _cells(stamps: Sequence[bytes], clock: Stamps) -> Iterator[int]:
    """The cell of the grids that each of these lies in."""

    def cell_of(stamp: bytes) -> int:
        return int(clock.seconds(stamp) // CELL_SECONDS)

    begin = 0
    while begin < len(stamps):
        cell = cell_of(stamps[begin])
        end = bisect_right(stamps, cell, begin, key=cell_of)
        yield from repeat(cell, end - begin)
        begin = end
