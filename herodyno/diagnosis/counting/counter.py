"""One pass over blocks of lines: what the timeline is built from, and all counts, by name and segment.

What the scan's pattern reads is counted here without making an event of it; every other line is an event,
counted by folding.py. The outcome is the same (a test compares both, field by field).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from itertools import repeat
from math import inf
from typing import TypeGuard

from herodyno.diagnosis.counting.batch import PendingRequests, PendingSamples, keep_newest
from herodyno.diagnosis.counting.events import count_for_app, count_for_incarnation
from herodyno.diagnosis.counting.facts import IncarnationFacts
from herodyno.diagnosis.counting.grid import CELL_SECONDS
from herodyno.diagnosis.counting.segments import Segment, joined_segments, text
from herodyno.diagnosis.counting.unassigned import Unassigned
from herodyno.diagnosis.timeline.boundaries import Boundary, is_boundary, is_edge
from herodyno.logs.codes.table import FORETELL_EXIT
from herodyno.logs.events import AppException, Event, LoadSample, MemorySample, RouterRequest
from herodyno.logs.parsing.event import is_dyno
from herodyno.logs.scan.columns import Block, Plain, Requests, Samples
from herodyno.logs.scan.scanner import LONGEST_SERVICE, Scanner, is_slow
from herodyno.logs.scan.stamps import Stamps

# After a boundary line a segment of its own lasts so long: 30 s until the old dyno is killed, and until all
# requests of the pattern that were sent before are logged.
_GUARD_SECONDS = LONGEST_SERVICE + 15.0


class Counting:
    """One pass over blocks: counts them into a scan."""

    def __init__(self) -> None:
        self.unassigned = Unassigned()
        self._current: dict[bytes, Segment] = {}
        self._guarded: dict[str, float] = {}
        self._spans: dict[bytes, list[bytes]] = {}  # of a current segment: the stamps of its first and last row
        self._sent: dict[bytes, float] = {}  # when the first request to a name was sent
        self._requests_pending = PendingRequests()
        self._samples_pending = PendingSamples()
        self._now = 0.0

    def add(self, block: Block, stamps: Stamps) -> None:
        """Take in the next block."""
        earliest, latest = _times(block, stamps)
        self.unassigned.blocks.add(block.first, block.is_clean, earliest, latest)
        self._now = earliest
        self._cut(block, stamps, earliest)
        for event in block.events:
            self.take(event)
        if not block.rows:
            return
        facts = self.unassigned.facts
        facts.lines += block.rows
        facts.first = earliest if facts.first is None else min(facts.first, earliest)
        facts.last = latest if facts.last is None else max(facts.last, latest)
        self.unassigned.boundaries.span.widen(earliest, latest)
        self._samples(block.samples, stamps)
        if block.requests.dynos:
            self._requests(block.requests, stamps, earliest)
        if block.plain.names:
            self._plain(block.plain)

    def take(self, event: Event) -> None:
        """Take in one event. A boundary line waits for the timeline, which knows whose it is."""
        self.unassigned.boundaries.add(event)
        count_for_app(self.unassigned.facts, event)
        if is_boundary(event):
            if is_edge(event):
                self.unassigned.changed.add(event.dyno)
            return
        dyno: str = getattr(event, "dyno", "")
        at = event.line.at
        if not dyno or at is None:
            self.unassigned.facts.unattributed += event.lines if isinstance(event, AppException) else 1
            return
        if isinstance(event, (MemorySample, LoadSample)):
            count_for_incarnation(self.id_facts(dyno.encode(), event.dyno_id.encode()), event)
            return
        segment = self._segment(event, dyno)
        sent = (event.service_ms or 0) / 1000 if isinstance(event, RouterRequest) else 0.0
        segment.widen(at.timestamp() - sent, at.timestamp())
        if isinstance(event, RouterRequest) and event.code in FORETELL_EXIT:
            segment.foretells = True
        count_for_incarnation(segment.incarnation, event)

    def closed(self, scanner: Scanner) -> Unassigned:
        """What was counted, when all is taken in but what the scanner holds; names that lived one life have one
        segment."""
        for event in scanner.close():
            self.take(event)
            if event.line.at:
                self.unassigned.blocks.widen_last(event.line.at.timestamp())
        self._flush(scanner.stamps)
        for dyno, sent in self._sent.items():
            self.unassigned.boundaries.add_name(text(dyno), sent, sent)
        self._current.clear()
        for (name, slow), segments in self.unassigned.segments.items():
            for segment in segments:
                segment.incarnation.pack()
            if name not in self.unassigned.changed:
                self.unassigned.segments[name, slow] = [joined_segments(segments)]
        return self.unassigned

    def id_facts(self, name: bytes, dyno_id: bytes) -> IncarnationFacts:
        """What the metric lines of an id said, made when first asked for."""
        facts = self.unassigned.ids.get((name, dyno_id))
        if facts is None:
            facts = self.unassigned.ids[name, dyno_id] = IncarnationFacts()
            if self.unassigned.first_ids.setdefault(name, dyno_id) != dyno_id:
                self.unassigned.changed.add(text(name))
        return facts

    def _samples(self, samples: Samples, stamps: Stamps) -> None:
        if pressed := [place for place, dyno_id in enumerate(samples.ids) if dyno_id is None]:
            self._widen_spans([samples.names[place] for place in pressed], [samples.stamps[place] for place in pressed])
        self._samples_pending.add(samples)
        if self._samples_pending.is_enough:
            self._count_samples(stamps)

    def _requests(self, requests: Requests, stamps: Stamps, earliest: float) -> None:
        facts = self.unassigned.facts
        facts.router_lines += len(requests.dynos)
        self._widen_spans(requests.dynos, requests.stamps)
        self._first_sent(requests, stamps, earliest)
        for key, values in (("method", requests.methods), ("host", requests.hosts), ("status", requests.statuses)):
            facts.shared.add_good(key, {text(value): n for value, n in Counter(values).items() if value})
        self._requests_pending.add(requests, list(_cells(requests.stamps, stamps)))
        if self._requests_pending.is_enough:
            self._requests_pending.count(self._current, facts)

    def _plain(self, plain: Plain) -> None:
        names = Counter(plain.names)
        for name in [name for name in names if not is_dyno(text(name))]:
            self.unassigned.facts.unattributed += names.pop(name)
        if names:
            self._widen_spans(plain.names, plain.stamps, only=names)
        for name, n in names.items():
            self._current[name].incarnation.lines += n

    def _widen_spans(
        self, names: Sequence[bytes], logged: Sequence[bytes], only: Container[bytes] | None = None
    ) -> None:
        """Rows of these names, by time. What they tell is counted for the segments when it must be."""
        firsts: dict[bytes, bytes] = {}
        for name, last in dict(zip(names, logged, strict=True)).items():
            if only is not None and name not in only:
                continue
            span = self._spans.get(name)
            if span is None or logged[0] < span[0]:
                if name not in self._current:
                    self._new(name)
                firsts = firsts or dict(zip(reversed(names), reversed(logged), strict=True))
                span = self._spans[name] = span or [firsts[name], last]
                span[0] = min(span[0], firsts[name])
            if last > span[1]:
                span[1] = last

    def _first_sent(self, requests: Requests, stamps: Stamps, earliest: float) -> None:
        """A request is logged when it ends, so those of the first minutes may have been sent before the first one."""
        sent = self._sent
        young = {dyno for dyno in set(requests.dynos) if earliest - LONGEST_SERVICE < sent.get(dyno, inf)}
        if not young:
            return
        for stamp, dyno, service in zip(requests.stamps, requests.dynos, requests.services, strict=True):
            if dyno in young:
                sent[dyno] = min(sent.get(dyno, inf), stamps.seconds(stamp) - int(service) / 1000)

    def _flush(self, stamps: Stamps) -> None:
        """Count what is pending for the segments in which it was read."""
        for name, logged in self._spans.items():
            first, last = map(stamps.seconds, logged)
            self._current[name].incarnation.saw(first, last)
            self._current[name].widen(first - LONGEST_SERVICE, last)
            self.unassigned.boundaries.add_name(text(name), first, last)
        self._spans.clear()
        self._requests_pending.count(self._current, self.unassigned.facts)
        self._count_samples(stamps)

    def _count_samples(self, stamps: Stamps) -> None:
        boundaries = self.unassigned.boundaries
        for raw_name, raw_id, rows, places in self._samples_pending.taken():
            logged = [rows.stamps[place] for place in places]
            first, last, name = stamps.seconds(min(logged)), stamps.seconds(max(logged)), text(raw_name)
            if raw_id is None:
                incarnation = self._current[raw_name].incarnation
                incarnation.codes["R14"] += len(places)
                incarnation.memory.add_r14(keep_newest(incarnation, "R14", rows, places, stamps))
            else:
                incarnation = self.id_facts(raw_name, raw_id)
                boundaries.add_name(name, first, last)
                boundaries.add_id(name, text(raw_id), first, last)
                if of_memory := [place for place in places if rows.totals[place] is not None]:
                    incarnation.memory.add_rows(
                        rows, of_memory, keep_newest(incarnation, "memory", rows, of_memory, stamps)
                    )
            incarnation.saw(first, last, lines=len(places))

    def _cut(self, block: Block, stamps: Stamps, earliest: float) -> None:
        """Begin new segments: where lines of this block may begin or end a life, and some time after such lines."""
        guarded = self._guarded
        cut = {name for name, until in guarded.items() if earliest > until}
        for name in cut:
            del guarded[name]
        marked = filter(self._marks, block.events)
        marks = [(event.dyno, event.line.at.timestamp()) for event in marked if event.line.at]
        for dyno, dyno_id in set(zip(block.samples.names, block.samples.ids, strict=True)):
            if dyno_id is not None and (dyno, dyno_id) not in self.unassigned.ids:
                self.id_facts(dyno, dyno_id)
                marks.append((text(dyno), stamps.seconds(block.samples.first_of(dyno, dyno_id))))
        for name, at in marks:
            cut.add(name)
            guarded[name] = max(guarded.get(name, -inf), at + _GUARD_SECONDS)
        if cut:
            self._flush(stamps)
        for name in cut:
            for key in ((name, True), (name, False)):
                if key in self.unassigned.segments:
                    self.unassigned.segments[key].append(Segment(block.first))
            if (name, False) in self.unassigned.segments:
                self._current[name.encode()] = self.unassigned.segments[name, False][-1]

    def _marks(self, event: Event) -> TypeGuard[Boundary | MemorySample | LoadSample]:
        """Whether a life may begin or end at an event, or tell of its id for the first time."""
        if not isinstance(event, (MemorySample, LoadSample)) or not event.dyno:
            return is_edge(event)
        key = (event.dyno.encode(), event.dyno_id.encode())
        is_new = key not in self.unassigned.ids
        self.id_facts(*key)
        return is_new

    def _segment(self, event: Event, dyno: str) -> Segment:
        """The segment an event belongs to; a traceback may come out blocks after its first line."""
        key = (dyno, is_slow(event))
        segments = self.unassigned.segments.get(key)
        if segments is None:
            segments = self.unassigned.segments[key] = [Segment()]
            if not is_slow(event):
                self._current[dyno.encode()] = segments[0]
        if event.line.number >= segments[-1].first:
            return segments[-1]
        return segments[bisect_right(segments, event.line.number, key=lambda segment: segment.first) - 1]

    def _new(self, name: bytes) -> None:
        segment = self._current[name] = Segment()
        self.unassigned.segments[text(name), False] = [segment]
        self._guarded.setdefault(text(name), self._now + _GUARD_SECONDS)  # a part of a log may begin after such a line


def _times(block: Block, stamps: Stamps) -> tuple[float, float]:
    """The earliest and the latest time in a block; an infinite one before the other without any."""
    times = [event.line.at.timestamp() for event in block.events if event.line.at]
    if block.rows:
        times += [stamps.seconds(block.earliest), stamps.seconds(block.latest)]
    return min(times, default=inf), max(times, default=-inf)


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
