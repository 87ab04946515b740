"""Two troubles in one window: failing that was over, and failing that came after it. Each is judged in its own time.

Judged together they hide a dyno. One that fails alone, after an outage of all or before, has no more errors in all
than the outage gave to its peers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import NamedTuple

from herodyno.diagnosis.counting.errors.bursts import Spans
from herodyno.diagnosis.counting.facts import IncarnationFacts, IncarnationKey
from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.statistics.outliers import ALPHA, Assessment, assess
from herodyno.diagnosis.statistics.own_tense import tense_at
from herodyno.diagnosis.statistics.peers import Subject
from herodyno.diagnosis.statistics.tense import Tense, longest_pause

# Each of two parts has half of the chance to accuse an innocent dyno.
_PARTS = 2
# Fewer failures are no trouble of their own.
MIN_FAILED = 10
_CHANCE = 0.001


class TwoTroubles(NamedTuple):
    """The tense of the `first` when the second began, and when that was, in seconds since 1970."""

    first: Tense
    second: float


def two_troubles(grid: Grid, episodes: Sequence[Spans], events: int) -> TwoTroubles | None:
    """Part the errors at their longest pause, `events` in all. None where the first part was not over by then.

    The pause was chosen. So it must be too long for errors that come at one rate all the time, wherever they pause.
    """
    times = sorted(span for spans in episodes for span in spans)
    place = longest_pause(times)[1] if times else 0
    if not place:
        return None
    second = times[place][0] // grid.width * grid.width
    failed = sum(n for spans in episodes for first, _, n in spans.sized() if first >= second)
    told = tense_at(grid, episodes, second)
    if told.ongoing is not False or min(told.before[0], failed) < MIN_FAILED:
        return None
    requests = sum(grid.requests)
    chance = events * (1 - min(1.0, events / requests)) ** told.since[1]
    return TwoTroubles(told, second) if chance <= _CHANCE else None


def judged_in_parts(
    judged: Mapping[IncarnationKey, Assessment], subjects: Sequence[Subject], parted: float
) -> dict[IncarnationKey, Assessment]:
    """Add the dynos that stand out in one of the two parts, and not in the whole window."""
    found = dict(judged)
    for start, end in ((parted, inf), (-inf, parted)):
        for key, told in assess([part(subject, start, end) for subject in subjects]).items():
            is_sure = told.p_adjusted is not None and told.p_adjusted <= ALPHA / _PARTS
            if told.standing == "outlier" and is_sure and found[key].standing != "outlier":
                found[key] = told._replace(evenness=judged[key].evenness, part=(start, end))
    return found


def part(subject: Subject, start: float, end: float) -> Subject:
    """The requests and errors of a subject between two times. A code stands for itself, any other status for "5xx"."""
    facts = IncarnationFacts()
    facts.grid = subject.facts.grid.within(start, end)
    facts.requests = sum(facts.grid.requests)
    for family, spans in subject.facts.errors.episodes.items():
        inside = Spans(spans.gap)
        for first, last, n in spans.sized():
            if start <= first < end:
                inside.add(first, min(last, end), n)
        if len(inside):
            facts.errors.episodes[family] = inside
            facts.errors.by_code[family] = sum(n for _, _, n in inside.sized())
    return subject._replace(facts=facts, start=max(start, subject.start), end=min(end, subject.end))
