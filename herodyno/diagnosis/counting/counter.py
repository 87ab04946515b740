"""One pass over blocks of lines gathers the boundaries for the timeline, and all counts by name and segment.

Rows of the scan are counted here as columns. Every other line is an event, counted by events.py. A line counts the
same on both ways (a test compares all facts, field by field).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from math import inf

from herodyno.diagnosis.counting.errors.exceptions import PendingExceptions
from herodyno.diagnosis.counting.errors.failed_rows import PendingFailures
from herodyno.diagnosis.counting.events import count_for_app, count_for_incarnation
from herodyno.diagnosis.counting.facts import EvidenceLine
from herodyno.diagnosis.counting.last_rows import PendingLastLines
from herodyno.diagnosis.counting.open_segments import OpenSegments
from herodyno.diagnosis.counting.printed_rows import PrintedRows
from herodyno.diagnosis.counting.requests.batch import PendingRequests
from herodyno.diagnosis.counting.requests.read_requests import count_requests, is_good_request
from herodyno.diagnosis.counting.sample_rows import PendingSamples
from herodyno.diagnosis.counting.segments import joined_segments, text
from herodyno.diagnosis.counting.selection.selecting import Selecting
from herodyno.diagnosis.counting.selection.sights import Sights
from herodyno.diagnosis.counting.unassigned import Unassigned
from herodyno.diagnosis.timeline.boundaries import is_boundary, is_edge
from herodyno.logs.codes.table import CUT_BY_STOP
from herodyno.logs.events import AppException, AppOutput, Event, LoadSample, MemorySample, RouterRequest
from herodyno.logs.parsing.event import is_dyno
from herodyno.logs.scan.block import Block
from herodyno.logs.scan.columns import PlainLines, Requests, Samples
from herodyno.logs.scan.held import HeldRequests, HeldRows
from herodyno.logs.scan.scanner import LONGEST_SERVICE, Scanner
from herodyno.logs.scan.stamps import Stamps


class Counting:
    """Counts blocks into `unassigned`. `edges` as Log has them (one_pass.py).

    With `selecting` only a part counts, but the boundaries are those of all lines.
    """

    def __init__(self, edges: Sequence[tuple[float, str]] = (), selecting: Selecting | None = None) -> None:
        self.unassigned = Unassigned(changed={name for _, name in edges})
        self._open = OpenSegments(self.unassigned, edges)
        self._spans: dict[bytes, list[bytes]] = {}  # of an open segment: the stamps of its first and last row
        self._last_lines = PendingLastLines()
        self._sights = Sights()
        self._requests_pending = PendingRequests()
        self._failures_pending = PendingFailures()
        self._samples_pending = PendingSamples()
        self._exceptions_pending = PendingExceptions()
        self._printed = PrintedRows(self.unassigned)
        self._now = 0.0
        self._selecting = selecting
        self._is_wanted: Callable[[bytes], bool] = selecting.has_name if selecting else lambda name: True

    def add(self, block: Block, stamps: Stamps) -> None:
        """Take in the next block."""
        earliest, latest = _times(block, stamps)
        self.unassigned.blocks.add(block.first, block.is_clean, earliest, latest)
        self._now = earliest
        if cut := self._open.names_to_cut(block, stamps, earliest, latest):
            self._flush(stamps)
            self._open.cut(cut, block.first)
        self._take_all(block.events, earliest, latest, block.rows)
        if self._exceptions_pending.is_enough:
            self._exceptions_pending.count(self.unassigned, self._printed.is_looked_at)
        self._printed.leave_out()
        if not block.rows:
            return
        self.unassigned.boundaries.span.widen(earliest, latest)
        if self._selecting:
            self._sights.add(block, stamps, earliest)
            block = self._selecting.rows(block, stamps)
        if block.earliest:
            samples = len(block.samples.stamps) + (block.held.samples.n if block.held else 0)
            first, last = stamps.seconds(block.earliest), stamps.seconds(block.latest)
            self.unassigned.facts.saw(first, last, lines=block.rows - samples)
        if block.held:
            self._held(block.held, stamps, earliest)
        if block.samples.stamps:
            self._samples(block.samples, stamps)
        if self._samples_pending.is_enough:
            self._samples_pending.count(self._open.current, self.unassigned, stamps, self._is_wanted)
        if block.requests.dynos:
            self._requests(block.requests, stamps, earliest)
        if block.failures.dynos:
            self._widen_spans(block.failures.dynos, block.failures.stamps)
            self._failures_pending.add(block.failures)
        if self._failures_pending.is_enough:
            self._failures_pending.count(self._open.current, self.unassigned, stamps)
        if block.plain.names:
            self._plain(block.plain, stamps)
            self._last_lines.add(block.last_lines)

    def _take_all(self, events: Sequence[Event], earliest: float, latest: float, rows: int = 0) -> None:
        counted: Iterable[bool] = [True] * len(events)
        if self._selecting:
            counted = self._selecting.events(events, earliest, latest, rows)
        requests: list[RouterRequest] = []
        for event, counts in zip(events, counted, strict=True):
            if counts and is_good_request(event):
                requests.append(event)
            else:
                self.take(event, counts=counts)
        if requests:
            count_requests(requests, self.unassigned, self._open.segment_of)

    def take(self, event: Event, *, counts: bool) -> None:
        """Take in one event. A boundary line waits for the timeline, which knows the line's incarnation."""
        if isinstance(event, AppException) and event.line.at is not None:
            seconds = event.line.at.timestamp()
            if counts:
                self._exceptions_pending.add(self._open.segment_of(event, event.dyno), seconds, event)
            else:
                self.unassigned.boundaries.add_line(event.dyno, seconds)
            return
        self.unassigned.boundaries.add(event)
        if counts:
            count_for_app(self.unassigned.facts, event)
        at = event.line.at
        if at is not None and is_boundary(event):
            if is_edge(event):
                self.unassigned.changed.add(event.dyno)
            return
        if not counts:
            return
        dyno: str = getattr(event, "dyno", "")
        if not dyno or at is None:
            self.unassigned.facts.unattributed += event.lines if isinstance(event, AppException) else 1
            return
        if isinstance(event, (MemorySample, LoadSample)):
            count_for_incarnation(self.unassigned.id_facts(dyno.encode(), event.dyno_id.encode()), event)
            return
        segment = self._open.segment_of(event, dyno)
        sent = (event.service_ms or 0) / 1000 if isinstance(event, RouterRequest) else 0.0
        segment.widen(at.timestamp() - sent, at.timestamp())
        if isinstance(event, RouterRequest) and event.code in CUT_BY_STOP:
            segment.foretells = True
        count_for_incarnation(segment.incarnation, event)
        if isinstance(event, AppOutput) and self._printed.is_looked_at(at.timestamp()):
            segment.incarnation.patterns.add_event(event)

    def closed(self, scanner: Scanner) -> Unassigned:
        """The counts, after the tracebacks that the scanner still holds. To be called once, after the last block.

        The segments of a name that had a single incarnation become one.
        """
        last = scanner.close()
        times = [event.line.at.timestamp() for event in last if event.line.at]
        for seconds in times:
            self.unassigned.blocks.widen_last(seconds)
        self._take_all(last, min(times, default=inf), max(times, default=-inf))
        self._flush(scanner.stamps)
        self._exceptions_pending.count(self.unassigned, self._printed.is_looked_at)
        self._sights.tell(self.unassigned.boundaries, scanner.stamps)
        self._printed.count(scanner.stamps)
        self._open.current.clear()
        for (name, _), segments in self.unassigned.segments.items():
            for segment in segments:
                segment.incarnation.pack()
            if name not in self.unassigned.changed:
                segments.append(joined_segments(segments))
            for segment in segments:
                segment.incarnation.grid.pack()
        return self.unassigned

    def _samples(self, samples: Samples, stamps: Stamps) -> None:
        if r14 := [place for place, dyno_id in enumerate(samples.ids) if dyno_id is None]:
            self._widen_spans([samples.names[place] for place in r14], [samples.stamps[place] for place in r14])
        self._samples_pending.add(samples)

    def _requests(self, requests: Requests, stamps: Stamps, earliest: float) -> None:
        facts = self.unassigned.facts
        facts.router_lines += len(requests.dynos)
        self._widen_spans(requests.dynos, requests.stamps)
        self._sights.add_sent(requests, stamps, earliest)
        self._requests_pending.add(requests, stamps)
        if self._requests_pending.is_enough:
            self._requests_pending.count(self._open.current, facts, stamps)

    def _held(self, held: HeldRows, stamps: Stamps, earliest: float) -> None:
        if held.requests.n:
            self._held_requests(held.requests, stamps, earliest)
        if held.failures.n:
            for name, first, last in held.failures.spans:
                self._widen_span(name, first, last)
            self._failures_pending.add_held(held.failures)
        if held.samples.n:
            for name, dyno_id, first, last in held.samples.spans:
                if not dyno_id and self._is_wanted(name):  # R14
                    self._widen_span(name, first, last)
            self._samples_pending.add_held(held.samples)
        if held.lines.n:
            names = ((name, n) for name, _, _, n in held.lines.spans)
            dynos = self._of_dynos({name: n for name, n in names if self._is_wanted(name) or not is_dyno(text(name))})
            for name, first, last, _ in held.lines.spans:
                if name in dynos:
                    self._widen_span(name, first, last)
            self._count_lines(dynos)
            self._printed.add_held(held.lines, self._open.current, dynos)
            self._last_lines.add_held(held.lines)

    def _held_requests(self, held: HeldRequests, stamps: Stamps, earliest: float) -> None:
        facts = self.unassigned.facts
        facts.router_lines += held.n
        for name, first, last in held.spans:
            self._widen_span(name, first, last)
        if not self._selecting and any(self._sights.is_young(name, earliest) for name, _, _ in held.spans):
            self._sights.add_sent(held.read(), stamps, earliest)
        self._requests_pending.add_held(held, stamps)
        if self._requests_pending.is_enough:
            self._requests_pending.count(self._open.current, facts, stamps)

    def _plain(self, plain: PlainLines, stamps: Stamps) -> None:
        dynos = self._of_dynos(Counter(plain.names))
        if dynos:
            self._widen_spans(plain.names, plain.stamps, only=dynos)
        self._count_lines(dynos)
        self._printed.add(plain, stamps, self._open.current, dynos)

    def _of_dynos(self, lines: dict[bytes, int]) -> dict[bytes, int]:
        """The names of dynos among the names that wrote so many lines. The other lines are of no dyno."""
        dynos = {name: n for name, n in lines.items() if is_dyno(text(name))}
        self.unassigned.facts.unattributed += sum(lines.values()) - sum(dynos.values())
        return dynos

    def _count_lines(self, lines: dict[bytes, int]) -> None:
        for name, n in lines.items():
            self._open.current[name].incarnation.lines += n

    def _widen_spans(
        self, names: Sequence[bytes], logged: Sequence[bytes], only: Container[bytes] | None = None
    ) -> None:
        """Stretch the spans of these names, whose rows are in order of time. `_flush` counts the spans."""
        firsts = dict(zip(reversed(names), reversed(logged), strict=True))
        for name, last in dict(zip(names, logged, strict=True)).items():
            if only is None or name in only:
                self._widen_span(name, firsts[name], last)

    def _widen_span(self, name: bytes, first: bytes, last: bytes) -> None:
        span = self._spans.get(name)
        if span is None:
            if name not in self._open.current:
                self._open.begin(name, self._now)
            self._spans[name] = [first, last]
            return
        span[0], span[1] = min(span[0], first), max(span[1], last)

    def _flush(self, stamps: Stamps) -> None:
        """Count the pending rows for the segments that are open now."""
        for name, logged in self._spans.items():
            first, last = map(stamps.seconds, logged)
            self._open.current[name].incarnation.saw(first, last)
            self._open.current[name].widen(first - LONGEST_SERVICE, last)
            self.unassigned.boundaries.add_name(text(name), first, last)
        self._spans.clear()
        for name, line in self._last_lines.taken(lambda name: is_dyno(text(name)) and self._is_wanted(name)):
            said = EvidenceLine(stamps.seconds(line.stamp), line.number, text(line.text))
            self._open.current[name].incarnation.printed(said)
        self._requests_pending.count(self._open.current, self.unassigned.facts, stamps)
        self._failures_pending.count(self._open.current, self.unassigned, stamps)
        self._samples_pending.count(self._open.current, self.unassigned, stamps, self._is_wanted)


def _times(block: Block, stamps: Stamps) -> tuple[float, float]:
    """The earliest and the latest time in a block; (inf, -inf) for a block without times."""
    times = [event.line.at.timestamp() for event in block.events if event.line.at]
    if block.rows:
        times += [stamps.seconds(block.earliest), stamps.seconds(block.latest)]
    return min(times, default=inf), max(times, default=-inf)
