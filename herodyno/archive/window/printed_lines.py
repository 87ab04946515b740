"""What apps printed in a window, outside of tracebacks: an engine counts the lines, and few of them are read.

Read are the lines that are compared (printed.py), the newest of each incarnation, and those whose incarnation time
alone does not tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from herodyno.archive.engines.engine import Engine, Relation
from herodyno.archive.folder import US_PER_SECOND
from herodyno.archive.rows import log_line
from herodyno.archive.window.statements import Row, rows_of
from herodyno.diagnosis.counting.events import count_for_incarnation
from herodyno.diagnosis.counting.facts import EVIDENCE_LINES, EvidenceLine, Facts
from herodyno.diagnosis.counting.printed import least_rank, rank_of, slot_of
from herodyno.diagnosis.timeline.attribution import place_at
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.logs.events import AppOutput
from herodyno.logs.parsing.event import event_of
from herodyno.logs.patterns.masks import masked

# Ours: so many of the newest lines of an incarnation are asked for, and so many times more where they say nothing.
_NEWEST = 8
_MORE = 32
_ALL_SLOTS = 1 << 32
# Lines in 50 ms of which none comes more than 1 ms after the line before.
_WITHOUT_GAP = 49


def traced_seconds(rows: Iterable[Row], most: int) -> set[tuple[str, int]] | None:
    """(dyno, second) with lines that may be of a traceback; None where there are more than so many."""
    found: set[tuple[str, int]] = set()
    for dyno, second, parts, late_parts, late in rows:
        if parts or (dyno, second) in found:
            found.add((dyno, second))
            if late_parts or late >= _WITHOUT_GAP:
                found.add((dyno, second + US_PER_SECOND))
        if len(found) > most:
            return None
    return found


class PrintedLine(NamedTuple):
    """A line of an app: `place` is how many lines of the dyno come before it at its time."""

    ts_us: int
    dyno: str
    place: int


class PrintedLines:
    """The ordinary lines of apps. `lines` are those that were read: facts have their places in it, from 1 on."""

    def __init__(self, engine: Engine, values: dict[str, Any]) -> None:
        self._engine = engine
        self._values = values
        self.lines: list[PrintedLine] = []

    def count(self, facts: Facts, times: Timeline, own: Sequence[Incarnation], ranks: Mapping[int, int]) -> None:
        """Count the lines. `own` are the incarnations of the spans; `ranks` as OrdinaryRows.facts has them."""
        for place, n, first_us, last_us in self._rows("printed"):
            first, last = first_us / US_PER_SECOND, last_us / US_PER_SECOND
            facts.saw(first, last, lines=n)
            if place is not None:
                facts.of(own[place].key).saw(first, last, lines=n)
        for slot_us, n in self._rows("slots"):
            facts.printed_ranks[rank_of(slot_of(slot_us / US_PER_SECOND))] += n
        least = least_rank(facts.printed_ranks + Counter(ranks))
        for place, _, line in self._lines("lines_of_slots", below=_ALL_SLOTS >> least):
            facts.of(own[place].key).patterns.add("line", masked(line.raw), *line)
        self._keep_newest(facts, own)
        for _, dyno, line in self._lines("uncertain_printed"):
            incarnation = place_at(times.open_at(dyno), line.seconds).incarnation
            if incarnation is None:
                facts.ambiguous += 1
            else:
                of_text = event_of(log_line(self.lines[line.number - 1].ts_us, "app", dyno, line.raw, line.number))
                assert isinstance(of_text, AppOutput)
                counted = facts.of(incarnation.key)
                count_for_incarnation(counted, of_text)
                counted.patterns.add_event(of_text)

    def _keep_newest(self, facts: Facts, own: Sequence[Incarnation]) -> None:
        spans, most = self._values["spans"], _NEWEST
        while spans:
            found = {place: (since_us, n) for place, since_us, n in self._rows("newest", spans=spans, most=most)}
            newest = Relation(
                (place, dyno, max(first_us, found[place][0]), last_us)
                for place, dyno, first_us, last_us in spans
                if place in found and found[place][0] <= last_us
            )
            for place in found:
                facts.of(own[place].key).output.clear()
            for place, _, line in self._lines("lines_of_slots", spans=newest, below=_ALL_SLOTS) if newest else ():
                facts.of(own[place].key).printed(line)
            most *= _MORE
            lacking = {
                place
                for place, (_, n) in found.items()
                if n * _MORE == most and len(facts.of(own[place].key).output) < EVIDENCE_LINES
            }
            spans = Relation(span for span in spans if span[0] in lacking)

    def _lines(self, name: str, **values: Any) -> Iterator[tuple[Any, str, EvidenceLine]]:
        """The place of the span, the dyno and the line of each row."""
        time_us, places = -1, Counter[str]()
        for place, ts_us, dyno, text in self._rows(name, **values):
            if ts_us != time_us:
                time_us, places = ts_us, Counter()
            self.lines.append(PrintedLine(ts_us, dyno, places[dyno]))
            places[dyno] += 1
            yield place, dyno, EvidenceLine(ts_us / US_PER_SECOND, len(self.lines), text)

    def _rows(self, name: str, **values: Any) -> Iterator[Row]:
        return rows_of(self._engine, name, {**self._values, **values})
