"""Runtime metrics and R14 lines that came as rows are kept until there are many, then counted dyno by dyno."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from herodyno.diagnosis.counting.facts import EVIDENCE_LINES, EvidenceLine, IncarnationFacts
from herodyno.diagnosis.counting.requests.batch import ENOUGH
from herodyno.diagnosis.counting.segments import Segment, text
from herodyno.diagnosis.counting.unassigned import Unassigned
from herodyno.logs.scan.columns import Samples
from herodyno.logs.scan.held import HeldSamples, NewestLine, SamplesOfDyno, WaitingSamples
from herodyno.logs.scan.stamps import Stamps


class PendingSamples:
    """Lines not yet counted, in the order of the log: as lists, or inside the compiled part."""

    def __init__(self) -> None:
        self._kept = _none()
        self._waiting: WaitingSamples | None = None

    @property
    def is_enough(self) -> bool:
        """Whether there are enough rows to count."""
        return len(self._kept.stamps) + len(self._waiting or ()) > ENOUGH

    def add(self, samples: Samples) -> None:
        """Keep more lines."""
        self._take_lists()
        for kept, column in zip(self._kept, samples, strict=True):
            kept += column  # type: ignore[operator]  # each of its own type

    def add_held(self, held: HeldSamples) -> None:
        """Keep more lines that the compiled part holds."""
        waiting = None if self._kept.stamps else held.wait()
        if waiting is None:
            self.add(held.read())
        else:
            self._waiting = waiting

    def count(
        self,
        segments: Mapping[bytes, Segment],
        unassigned: Unassigned,
        stamps: Stamps,
        is_wanted: Callable[[bytes], bool],
    ) -> None:
        """Count the kept lines of wanted names: R14 for the segment of each dyno, samples for their dyno id."""
        boundaries = unassigned.boundaries
        for rows in self._taken(stamps):
            if not is_wanted(rows.name):
                continue
            unassigned.facts.saw(rows.first, rows.last, lines=rows.lines)
            if not rows.dyno_id:
                incarnation = segments[rows.name].incarnation
                incarnation.codes["R14"] += rows.lines
                incarnation.memory.add_r14(rows.seconds)
                _keep(incarnation, "R14", rows.newest)
            else:
                name = text(rows.name)
                incarnation = unassigned.id_facts(rows.name, rows.dyno_id)
                boundaries.add_name(name, rows.first, rows.last)
                boundaries.add_id(name, text(rows.dyno_id), rows.first, rows.last)
                if rows.seconds:
                    incarnation.memory.add_samples(rows.seconds, rows.totals, rows.swaps, rows.quotas, rows.pages)
                    _keep(incarnation, "memory", rows.newest)
                incarnation.load.add(rows.load_seconds, rows.loads)
            incarnation.saw(rows.first, rows.last, lines=rows.lines)

    def _taken(self, stamps: Stamps) -> Iterator[SamplesOfDyno]:
        """Take all kept lines."""
        if self._waiting and (inside := self._waiting.take_by_dyno(EVIDENCE_LINES)) is not None:
            self._waiting = None
            yield from inside
            return
        self._take_lists()
        kept, self._kept = self._kept, _none()
        yield from _by_dyno(kept, stamps)

    def _take_lists(self) -> None:
        if self._waiting:
            self._kept, self._waiting = self._waiting.take_lists(), None


def _keep(incarnation: IncarnationFacts, what: str, newest: Iterable[NewestLine]) -> None:
    for each in newest:
        incarnation.evidence.add(what, EvidenceLine(each.seconds, each.number, text(each.line)))


def _none() -> Samples:
    return Samples(*([] for _ in Samples._fields))


def _by_dyno(rows: Samples, stamps: Stamps) -> Iterator[SamplesOfDyno]:
    """The lines of each (name, dyno id), or R14 lines of each name."""
    places: defaultdict[tuple[bytes, bytes], list[int]] = defaultdict(list)
    for place, (name, dyno_id) in enumerate(zip(rows.names, rows.ids, strict=True)):
        places[name, dyno_id or b""].append(place)
    for (name, dyno_id), own in places.items():
        logged = [rows.stamps[place] for place in own]
        told = [place for place in own if rows.loads[place] is None]
        of_load = [place for place in own if rows.loads[place] is not None]
        of_memory = told if dyno_id else []
        seconds = [stamps.seconds(rows.stamps[place]) for place in told]
        newest = sorted((at, rows.numbers[place], place) for at, place in zip(seconds, told, strict=True))
        yield SamplesOfDyno(
            name,
            dyno_id,
            stamps.seconds(min(logged)),
            stamps.seconds(max(logged)),
            seconds,
            _numbers(rows.totals, of_memory),
            _numbers(rows.swaps, of_memory),
            _numbers(rows.quotas, of_memory),
            [int(rows.pages[place] or 0) for place in of_memory],
            [stamps.seconds(rows.stamps[place]) for place in of_load],
            _numbers(rows.loads, of_load),
            [
                NewestLine(at, number, b"%b+00:00 heroku[%b]: %b" % rows.said(place))
                for at, number, place in newest[-EVIDENCE_LINES:]
            ],
        )


def _numbers(column: Sequence[bytes | None], places: Iterable[int]) -> list[float]:
    return [float(column[place] or 0) for place in places]
