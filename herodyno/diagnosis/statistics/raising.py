"""Which worker raises exceptions that its peers do not, in the time that they share.

A worker is sent no requests, so what it is exposed to is time: where a web dyno has requests, a worker has units of
five seconds. The comparison is that of outliers.py, with the same rules and the same floors: 50 units of its own are
four minutes, 2 exceptions in 100 units are 14 an hour more than its peers'.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from herodyno.diagnosis.counting.facts import IncarnationFacts, IncarnationKey
from herodyno.diagnosis.counting.grid import CELL_SECONDS, MOST_CELLS, Grid
from herodyno.diagnosis.statistics.outliers import Assessment, assess
from herodyno.diagnosis.statistics.peers import Subject

UNIT_SECONDS = 5.0
_EXCEPTION = "exception"  # the family of all


def as_raising(subjects: Sequence[Subject]) -> list[Subject]:
    """The subjects with units of time in place of requests, and exceptions in place of failed ones.

    Empty for a process type that is sent requests, and for one without an exception.
    """
    is_sent_requests = any(subject.facts.requests for subject in subjects)
    raises = any(len(subject.facts.raised.times) for subject in subjects)
    if is_sent_requests or not raises:
        return []
    return [subject._replace(facts=_facts(subject)) for subject in subjects]


def assess_raising(subjects: Sequence[Subject]) -> dict[IncarnationKey, Assessment]:
    """Judge the subjects of `as_raising`."""
    return {key: found._replace(reason=_of_time(found.reason)) for key, found in assess(subjects).items()}


def _facts(subject: Subject) -> IncarnationFacts:
    facts = IncarnationFacts()
    facts.grid = _grid(subject)
    facts.requests = sum(facts.grid.requests)
    times = subject.facts.raised.times
    if len(times):
        facts.errors.by_code[_EXCEPTION] = sum(n for _, _, n in times.sized())
        facts.errors.episodes[_EXCEPTION] = times
    return facts


def _grid(subject: Subject) -> Grid:
    """Its units of time by cells, and in how many of them it raised an exception."""
    width = CELL_SECONDS
    while (subject.end - subject.start) / width > MOST_CELLS / 2:
        width *= 2
    raised = Counter(int(unit * UNIT_SECONDS // width) for unit in _units(subject))
    grid = Grid(width)
    for number in range(int(subject.start // width), int(subject.end // width) + 1):
        alive = min(subject.end, (number + 1) * width) - max(subject.start, number * width)
        units = round(alive / UNIT_SECONDS)
        if units or number in raised:
            grid.add_run(number * width, units, min(units, raised[number]))
    return grid


def _units(subject: Subject) -> set[int]:
    """The units in which it raised an exception. The exceptions of a span are taken to be spread evenly."""
    return {
        int((first + (last - first) * i / max(1, n - 1)) // UNIT_SECONDS)
        for first, last, n in subject.facts.raised.times.sized()
        for i in range(n)
    }


def _of_time(reason: str) -> str:
    """The reason of an assessment in the words of time."""
    if "requests" in reason:
        return "too little time beside its peers"
    return reason.replace("served", "ran")
