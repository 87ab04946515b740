"""Why no line fits: which word rules the lines out, and what would fit in its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from herodyno.logs.events import LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.logs.parsing.router_lines import router_request
from herodyno.logs.query.fields import missing_fields_note, reader_of
from herodyno.logs.query.filters import Condition
from herodyno.logs.query.quantities import quantity
from herodyno.logs.query.selecting import SOURCES, Selection, Selector
from herodyno.units import count

MOST_LINES = 50_000  # lines looked at; ours
_MOST_SHOWN = 6  # values named
_LONGEST = 60  # characters of a value
_Clocks = Callable[[datetime, datetime], tuple[str, str]]


class _Part(NamedTuple):
    """One word or flag of a selection. `values` gives what a line has in its place, and
    `leads` the words before them.
    """

    word: str
    selection: Selection
    values: Callable[[LogLine], Iterable[str]] = lambda line: ()
    leads: str = ""
    condition: Condition | None = None


class _Tally:
    """How many lines fit a part, how many only this part rules out, and what those have in its place."""

    def __init__(self, part: _Part) -> None:
        self.part = part
        self.selector = Selector(part.selection)
        self.fitting = 0
        self.alone = 0
        self.values: Counter[str] = Counter()  # of all lines, as long as none fits
        self.values_alone: Counter[str] = Counter()

    def fail(self, line: LogLine, *, is_alone: bool) -> None:
        """Count a line that does not fit."""
        self.alone += is_alone
        if is_alone:
            self.values_alone.update(self.part.values(line))
        if not self.fitting:
            self.values.update(self.part.values(line))


def why_none_fits(
    selection: Selection,
    lines: Iterable[LogLine],
    *,
    clocks: _Clocks,
    ids: Sequence[str] = (),
    whole: bool = True,
) -> str:
    """One sentence on why none of these lines fits, "" when there is no line. At most MOST_LINES are looked at.

    `ids` are the dyno ids whose incarnations `selection.lifetimes` are. `clocks` shows both ends of a window. `whole`:
    these are all the lines that there are.
    """
    tallies = [_Tally(part) for part in _parts(selection, ids)]
    seen = 0
    first: datetime | None = None
    last: datetime | None = None
    for line in islice(lines, MOST_LINES):
        seen += 1
        if line.at:
            first, last = min(first or line.at, line.at), max(last or line.at, line.at)
        # Every selector sees every line: a line without a head goes with the line before.
        failed = [it for it in tallies if not it.selector.wants(line)]
        for it in tallies:
            it.fitting += it not in failed
        for it in failed:
            it.fail(line, is_alone=len(failed) == 1)
    if not (seen and tallies):
        return ""
    among = f"the first {count(seen)} lines" if seen == MOST_LINES or not whole else f"all {count(seen, 'line')}"
    window = f"they are from {' to '.join(clocks(first, last))}" if first and last else "no line has a time"
    if none := [it for it in tallies if not it.fitting]:
        told = [f"{it.part.word} rules out {among}{_in_place(it, it.values, window)}" for it in none]
        return ". ".join(told)
    if deciding := [it for it in tallies if it.alone]:
        told = [
            f"without {it.part.word}, {count(it.alone, 'line')} would{_in_place(it, it.values_alone, window)}"
            for it in deciding
        ]
        return f"of {among} none fits all words; " + "; ".join(told)
    told = [f"{it.part.word} fits {count(it.fitting, 'line')}" for it in tallies]
    return f"of {among} none fits all words; {', '.join(told)}, each alone"


def _in_place(it: _Tally, values: Counter[str], window: str) -> str:
    """What lines have in the place of the word, after ": "; "" where that is not known."""
    part = it.part
    if part.selection.since or part.selection.until:
        return f": {window}"
    if not values:
        if not part.condition:
            return ""
        name = part.condition.name
        return f": they have no {name}" if it.fitting else f": {missing_fields_note([name])}"
    if part.condition and len(values) > _MOST_SHOWN and (numbers := _numbers(values)):
        name = part.condition.name
        return f": {name} is from {min(numbers, key=numbers.__getitem__)} to {max(numbers, key=numbers.__getitem__)}"
    named = [_cut(value) for value, _ in values.most_common(_MOST_SHOWN)]
    more = len(values) - len(named)
    return f": {part.leads}{', '.join(named)}" + (f" and {count(more)} more" if more else "")


def _numbers(values: Iterable[str]) -> dict[str, float]:
    """The number of each value, nothing unless all are numbers in one unit."""
    found = {value: quantity(value) for value in values}
    if len({each.unit if each else None for each in found.values()}) != 1:
        return {}
    return {value: each.number for value, each in found.items() if each}


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"


def _parts(selection: Selection, ids: Sequence[str]) -> list[_Part]:
    alone = selection.speaker_alone
    parts = []
    sources = tuple(word for word in selection.targets if word in SOURCES)
    names = tuple(word for word in selection.targets if word not in SOURCES)
    if sources:
        parts.append(_Part(_either(sources), Selection(targets=sources), lambda line: [line.source], "they are of "))
    if names or selection.lifetimes:
        who = Selection(targets=names, lifetimes=selection.lifetimes, speaker_alone=alone)
        speaks = " --speaker" if alone else ""
        parts.append(
            _Part(_either((*names, *ids)) + speaks, who, _speaker if alone else _speaker_and_spoken_of, "they are of ")
        )
    if selection.without:
        without = Selection(without=selection.without, speaker_alone=alone)
        parts.append(_Part(f"--not {' '.join(selection.without)}", without))
    if selection.since:
        parts.append(_Part("--since", Selection(since=selection.since)))
    if selection.until:
        parts.append(_Part("--until", Selection(until=selection.until)))
    if selection.request_id:
        parts.append(_Part(f"--request-id {selection.request_id}", Selection(request_id=selection.request_id)))
    if selection.grep:
        said = " ".join(f"--grep {each.pattern!r}" for each in selection.grep)
        parts.append(_Part(said, Selection(grep=selection.grep), _in_other_case(selection.grep), "some fit "))
    if selection.without_text:
        said = " ".join(f"--exclude {each.pattern!r}" for each in selection.without_text)
        parts.append(_Part(said, Selection(without_text=selection.without_text)))
    parts += [_of_condition(each) for each in selection.conditions]
    return parts


def _of_condition(condition: Condition) -> _Part:
    read = reader_of(condition.name)

    def values(line: LogLine) -> list[str]:
        text = read(event_of(line))
        return [text] if text else []

    leads = f"{condition.name} is "
    return _Part(condition.word, Selection(conditions=(condition,)), values, leads, condition)


def _speaker(line: LogLine) -> list[str]:
    return [line.proc] if line.proc else []


def _speaker_and_spoken_of(line: LogLine) -> list[str]:
    request = router_request(line) if line.source == "heroku" and line.proc == "router" else None
    return [request.dyno] if request and request.dyno else _speaker(line)


def _in_other_case(patterns: Sequence[re.Pattern[str]]) -> Callable[[LogLine], list[str]]:
    """The patterns that match a line if upper and lower case are the same."""
    folded = [
        (f"--grep '(?i){each.pattern}'", re.compile(each.pattern, each.flags | re.IGNORECASE)) for each in patterns
    ]
    return lambda line: [said for said, each in folded if each.search(line.text)]


def _either(words: Sequence[str]) -> str:
    return " or ".join(words)
