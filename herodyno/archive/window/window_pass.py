"""The facts of a stretch of an archive: an engine counts ordinary rows, all others are counted as those of any log.

A verdict on the last day needs to know which dynos ran before, and when each began. For that the other days are not
read line by line.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from herodyno.archive.boundaries_of import boundaries_of
from herodyno.archive.engines.engine import Engine
from herodyno.archive.folder import US_PER_SECOND
from herodyno.archive.history import History
from herodyno.archive.rows import log_line
from herodyno.archive.window.line_numbers import NumberedLine, OtherLines
from herodyno.archive.window.ordinary_rows import OrdinaryRows, Shown
from herodyno.archive.window.printed_lines import PrintedLine
from herodyno.archive.window.statements import statement
from herodyno.diagnosis.counting.facts import EvidenceLine, Facts, IncarnationKey
from herodyno.diagnosis.counting.one_pass import Log, OnePass
from herodyno.diagnosis.timeline.boundaries import Boundaries
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.dynos import process_type_of

_BEFORE = "SELECT count(*) FROM events WHERE app = $app AND ts_us < $first_us"


class WindowPass:
    """The pass over the lines of a window of a history: `boundaries` of the whole history, `facts` of the window."""

    def __init__(self, whole: History, window: History, *, year: datetime) -> None:
        self._window = window
        with whole.archive.over() as found:
            ((self._before,),) = found.rows(_BEFORE, app=whole.app, first_us=window.first_us)
            self.boundaries = boundaries_of(found, whole.app, (window.first_us, window.last_us), until_us=whole.last_us)
            self._ordinary = OrdinaryRows(found, window)
        self.boundaries.update(self._ordinary.boundaries)
        self.others = OtherLines(partial(window.asked, statement("others"), **self._ordinary.values))
        edges = _edges(self.boundaries)
        self._pass = OnePass(Log(logs=[self.others], year=year, lines_before=self._before, edges=edges))
        self.boundaries.update(self._pass.boundaries)

    def facts(self, times: Timeline, selection: Any = None) -> Facts:
        """The facts of the window, for the process types of a Scope, over a timeline built from `boundaries`."""
        types = selection.types if selection else ()
        facts = self._pass.facts(times, selection and replace(selection, start=None, end=None))
        if self._ordinary.boundaries.window is None:
            return facts
        with self._window.engine() as found:
            counted = self._ordinary.facts(
                found, times, lambda name: not types or process_type_of(name) in types, facts.printed_ranks
            )
            self._number(found, facts, counted)
        facts.update(counted)
        facts.leave_out_slots()
        for own in facts.incarnations.values():
            own.pack()
        return facts

    def _number(self, found: Engine, facts: Facts, counted: Facts) -> None:
        """Give lines in both facts their numbers among all lines of the window, and `counted` its evidence."""
        places = {
            self.others.place_of(number - self._before): number for number in _kept(facts) if number > self._before
        }
        lines = self._ordinary.printed.lines
        printed = dict.fromkeys((lines[place - 1] for place in _kept(counted) if place), 0)
        shown = {line: key for key, lines in self._ordinary.shown.items() for line in lines}
        times_us = {ts_us for ts_us, _ in places} | {line.ts_us for line in printed} | {line.ts_us for line in shown}
        numbers: dict[int, int] = {}
        evidence: list[tuple[IncarnationKey, EvidenceLine]] = []
        for line in self._ordinary.numbered(found, times_us):
            number = self._before + line.number
            if line.counted is None:
                if (old := places.get((line.ts_us, line.place))) is not None:
                    numbers[old] = number
            elif line.counted == "app":
                if (own := PrintedLine(line.ts_us, line.dyno or "", line.place)) in printed:
                    printed[own] = number
            elif line.message and (key := shown.get(Shown(line.ts_us, line.dyno or "", line.dyno_id or ""))):
                evidence.append((key, self._evidence(line)))
        facts.renumber(lambda number: numbers.get(number, number))
        counted.renumber(lambda place: printed[lines[place - 1]] if place else 0)
        for key, of_memory in evidence:
            counted.of(key).evidence.add("memory", of_memory)

    def _evidence(self, line: NumberedLine) -> EvidenceLine:
        raw = log_line(line.ts_us, "heroku", line.dyno or "", line.message or "").raw
        return EvidenceLine(line.ts_us / US_PER_SECOND, self._before + line.number, raw)


def _edges(boundaries: Boundaries) -> list[tuple[float, str]]:
    """When each dyno id came and went, under names that had several."""
    ids = Counter(name for name, _ in boundaries.ids)
    return sorted(
        (at, name) for (name, _), seen in boundaries.ids.items() if ids[name] > 1 for at in (seen.first, seen.last)
    )


def _kept(facts: Facts) -> set[int]:
    """The numbers of lines in facts."""
    kept: set[int] = set()

    def keep(number: int) -> int:
        kept.add(number)
        return number

    facts.renumber(keep)
    return kept
