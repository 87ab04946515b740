"""One pass over blocks of lines: what the timeline is built from, and all counts, by name and segment.

Everything the scan's pattern reads is counted here without making an event of it; the events of the
other lines go the ordinary way. The outcome is the same (a test compares them, field by field).
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from math import inf
from operator import itemgetter

from herodyno.diagnosis.facts import Facts
from herodyno.diagnosis.folding import count, of_a_life
from herodyno.diagnosis.grid import CELL_SECONDS, step_of
from herodyno.diagnosis.segments import Counts, IdFacts, Segment, seconds_of, text
from herodyno.diagnosis.sightings import Sightings, is_boundary, is_edge
from herodyno.logs.events import AppException, Event, LoadSample, LogLine, MemorySample, RouterRequest
from herodyno.logs.grammar import dyno_of
from herodyno.logs.scan import (
    APP,
    CLIENT,
    DYNO,
    HOST,
    LONGEST_SERVICE,
    METHOD,
    NAME,
    PATH,
    SECOND,
    SERVICE,
    STAMP,
    STATUS,
    Block,
    Row,
    Scanner,
    is_slow,
)

# After a boundary line a segment of its own lasts so long: 30 s until the old dyno is killed, and until all
# requests of the pattern that were sent before are logged.
_GUARD_SECONDS = LONGEST_SERVICE + 15.0
_FORETELLING = ("H13", "H18")

_dyno, _app, _path, _client, _service, _second = map(itemgetter, (DYNO, APP, PATH, CLIENT, SERVICE, SECOND))
_request_kind = itemgetter(METHOD, HOST, STATUS)


class Scan:
    """What one pass has counted. `facts` are those of the app as a whole; the rest waits for the timeline."""

    def __init__(self) -> None:
        self.facts = Facts()
        self.segments: dict[str, list[Segment]] = {}
        self.slow: dict[str, list[Segment]] = {}
        self.ids: dict[tuple[bytes, bytes], IdFacts] = {}
        self.kinds: Counter[tuple[bytes, bytes, bytes]] = Counter()  # method, host, status of good requests
        self.paths = Counts()
        self.clients = Counts()
        self.first_lines = array("q")  # of each block
        self.is_clean = bytearray()  # of each block: whether no traceback was open before it
        self.events = Sightings()
        self._current: dict[bytes, Segment] = {}
        self.sent: dict[bytes, float] = {}  # when the first request to a name was sent
        self._guarded: dict[str, float] = {}
        self._dynos: dict[bytes, bool] = {}
        self._steps: dict[bytes, int] = {}
        self._now = 0.0

    def add(self, block: Block, scanner: Scanner) -> None:
        """Take in the next block."""
        self.first_lines.append(block.first)
        self.is_clean.append(block.is_clean)
        rows = block.ordered
        earliest, latest = (scanner.time(rows[0]), scanner.time(rows[-1])) if rows else (inf, -inf)
        self._now = earliest
        self._cut(block, scanner, earliest)
        for event in block.events:
            self.take(event)
        if not rows:
            return
        facts = self.facts
        facts.lines += len(rows)
        facts.first = earliest if facts.first is None else min(facts.first, earliest)
        facts.last = latest if facts.last is None else max(facts.last, latest)
        self.events.saw_line(earliest, latest)
        self._samples(block, scanner)
        self._requests([row for row in rows if row[DYNO]], scanner, earliest, latest)
        self._plain(rows, earliest, latest)

    def take(self, event: Event) -> None:
        """Take in one event. A boundary line waits for the timeline, which knows whose it is."""
        self.events.add(event)
        count(self.facts, event)
        if is_boundary(event):
            return
        dyno: str = getattr(event, "dyno", "")
        at = event.line.at
        if not dyno or at is None:
            self.facts.unattributed += event.lines if isinstance(event, AppException) else 1
            return
        if isinstance(event, (MemorySample, LoadSample)):
            of_a_life(self._id(dyno.encode(), event.dyno_id.encode()).life, event)
            return
        segment = self._segment(event, dyno)
        sent = (event.service_ms or 0) / 1000 if isinstance(event, RouterRequest) else 0.0
        segment.widen(at.timestamp() - sent, at.timestamp())
        if isinstance(event, RouterRequest) and event.code in _FORETELLING:
            segment.foretells = True
        of_a_life(segment.life, event)

    def sightings(self) -> Sightings:
        """What the timeline is built from. To be asked once, when all is taken in."""
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

    def _samples(self, block: Block, scanner: Scanner) -> None:
        seconds = scanner.seconds
        for row, number, raw, dyno_id, total, swap, pages, quota in block.samples:
            at = ((seconds[row[SECOND]] or 0) * 1_000_000 + int(row[STAMP][20:])) / 1_000_000
            if not dyno_id:
                self._pressed(row, at, number, raw)
                continue
            facts = self._id(row[NAME], dyno_id)
            facts.lines += 1
            if at > facts.last:
                facts.last = at
            if at < facts.first:
                facts.first = at
            if total:
                facts.life.memory.sample(at, float(total), float(swap), float(quota), int(pages))
                facts.memory.add(at, number, raw)

    def _pressed(self, row: Row, at: float, number: int, raw: bytes) -> None:
        segment = self._current.get(row[NAME]) or self._new(row[NAME])
        own = segment.life
        own.seen(at)
        own.codes["R14"] = own.codes.get("R14", 0) + 1
        own.memory.r14 += 1
        own.memory.r14_spans.add(at)
        segment.pressed.add(at, number, raw)
        segment.widen(at, at)

    def _requests(self, requests: list[Row], scanner: Scanner, earliest: float, latest: float) -> None:
        if not requests:
            return
        self.facts.router_lines += len(requests)
        segments = self._seen(requests, _dyno, earliest, latest)
        self._first_sent(requests, segments, scanner, earliest)
        steps = self._steps
        for service in set(map(_service, requests)):
            if service not in steps:
                steps[service] = step_of(int(service))
        for cell, run in _by_cell(requests, scanner):
            self._run(cell, run)
        self.kinds.update(map(_request_kind, requests))
        for counts, key in ((self.paths, _path), (self.clients, _client)):
            counts.add(Counter(map(key, requests)))
        for segment in segments.values():
            segment.paths.bound()
            segment.clients.bound()

    def _run(self, cell: float, run: list[Row]) -> None:
        """Requests of one cell of the grids."""
        steps = self._steps
        places: dict[bytes, tuple[dict[bytes, int], dict[bytes, int], dict[bytes, int], dict[int, int]]] = {}
        for _, _, _, path, _, client, dyno, service, _, _, _, _ in run:
            place = places.get(dyno)
            if place is None:
                segment = self._current[dyno]
                place = places[dyno] = (
                    segment.paths.of, segment.clients.of, segment.service, segment.grid.at(cell).service,
                )  # fmt: skip
            paths, clients, services, cells = place
            paths[path] += 1
            clients[client] += 1
            services[service] += 1
            step = steps[service]
            cells[step] = cells.get(step, 0) + 1

    def _plain(self, rows: list[Row], earliest: float, latest: float) -> None:
        names = Counter(map(_app, rows))
        del names[b""]
        for name in [name for name in names if not self._is_dyno(name)]:
            self.facts.unattributed += names.pop(name)
        if names:
            segments = self._seen(rows, _app, earliest, latest)
            for name, n in names.items():
                segments[name].plain += n

    def _seen(
        self, rows: list[Row], name_of: Callable[[Row], bytes], earliest: float, latest: float
    ) -> dict[bytes, Segment]:
        """The segments of the names in these rows, told when they were seen."""
        lasts = dict(zip(map(name_of, rows), rows, strict=True))
        lasts.pop(b"", None)
        firsts: dict[bytes, Row] = {}
        segments: dict[bytes, Segment] = {}
        begin = rows[0][STAMP]
        for name, row in lasts.items():
            if not self._is_dyno(name) and name_of is _app:
                continue
            segment = segments[name] = self._current.get(name) or self._new(name)
            if row[STAMP] > segment.to_stamp:
                segment.to_stamp = row[STAMP]
            if not segment.from_stamp or begin < segment.from_stamp:
                firsts = firsts or dict(zip(map(name_of, reversed(rows)), reversed(rows), strict=True))
                first = firsts[name][STAMP]
                segment.from_stamp = min(segment.from_stamp or first, first)
            segment.widen(earliest - LONGEST_SERVICE, latest)
        return segments

    def _first_sent(self, requests: list[Row], segments: Iterable[bytes], scanner: Scanner, earliest: float) -> None:
        """A request is logged when it ends, so those of the first minute may have been sent before the first one."""
        sent = self.sent
        young = {name for name in segments if earliest - LONGEST_SERVICE < sent.get(name, inf)}
        if not young:
            return
        for row in requests:
            if row[DYNO] in young:
                at = scanner.time(row) - int(row[SERVICE]) / 1000
                sent[row[DYNO]] = min(sent.get(row[DYNO], inf), at)

    def _cut(self, block: Block, scanner: Scanner, earliest: float) -> None:
        """Begin new segments: where lines of this block may begin or end a life, and some time after such lines."""
        guarded = self._guarded
        cut = {name for name, until in guarded.items() if earliest > until}
        for name in cut:
            del guarded[name]
        marks = [(event.dyno, event.line.at.timestamp()) for event in block.events if is_edge(event) and event.line.at]
        marks += [
            (text(sample.row[NAME]), scanner.time(sample.row))
            for sample in block.samples
            if sample.id and (sample.row[NAME], sample.id) not in self.ids
        ]
        for name, at in marks:
            cut.add(name)
            guarded[name] = max(guarded.get(name, -inf), at + _GUARD_SECONDS)
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

    def _id(self, name: bytes, dyno_id: bytes) -> IdFacts:
        facts = self.ids.get((name, dyno_id))
        if facts is None:
            facts = self.ids[name, dyno_id] = IdFacts()
        return facts

    def _is_dyno(self, name: bytes) -> bool:
        known = self._dynos.get(name)
        if known is None:
            known = self._dynos[name] = bool(dyno_of(LogLine(None, "app", text(name), "", "", 0)))
        return known


def _by_cell(requests: list[Row], scanner: Scanner) -> Iterator[tuple[float, list[Row]]]:
    """Requests in order of time, by the grid's cells."""
    seconds = list(map(_second, requests))
    begin = 0
    while begin < len(seconds):
        cell = (scanner.seconds[seconds[begin]] or 0) // CELL_SECONDS
        end = len(seconds)
        if (scanner.seconds[seconds[-1]] or 0) // CELL_SECONDS != cell:
            end = bisect_right(seconds, cell, begin, key=lambda second: (scanner.seconds[second] or 0) // CELL_SECONDS)
        yield cell * float(CELL_SECONDS), requests[begin:end]
        begin = end
