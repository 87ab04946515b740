"""Whether a dyno failed only while it started: all its errors lie in its first ten minutes, and are over.

Some apps fail for minutes after each boot, until caches are warm. The youngest dyno stands out then, whatever dyno it
is. It is not at fault, and a restart would make it fail again.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from herodyno.diagnosis.statistics.onset import onset
from herodyno.diagnosis.statistics.peer_sums import WARM_UP_SECONDS
from herodyno.diagnosis.statistics.peers import Subject
from herodyno.diagnosis.statistics.rates import rate_ratio
from herodyno.diagnosis.statistics.tense import Tense, tense

STARTING_SECONDS = 600.0
# Another dyno did the same: so many errors, at this multiple of its later rate.
_MIN_ERRORS = 5
_MIN_RATIO = 3.0


def tense_of(subject: Subject) -> Tense:
    """Whether the errors of one dyno go on at its end, or at the end of the window."""
    began = onset(subject.facts.grid)
    episodes = list(subject.facts.errors.episodes.values())
    return tense(subject.facts.grid, episodes, subject.end, began.seconds if began else -inf)


def failed_while_starting(subject: Subject) -> bool:
    """Whether its errors are over since its first ten minutes."""
    start, told = subject.incarnation.start, tense_of(subject)
    return start is not None and told.ended_at is not None and told.ended_at - start <= STARTING_SECONDS


def others_that_did_the_same(subject: Subject, subjects: Sequence[Subject]) -> tuple[list[Subject], list[Subject]]:
    """(other dynos that failed more while they started, others that started in the window and did not)."""
    born = [
        other
        for other in subjects
        if other is not subject
        and other.incarnation.start is not None
        and other.incarnation.start >= other.start
        and other.end - other.start > WARM_UP_SECONDS
    ]
    same = [other for other in born if _failed_more(other)]
    return same, [other for other in born if other not in same]


def _failed_more(other: Subject) -> bool:
    """Whether the rate of its first ten minutes is certainly higher than its later one."""
    until = other.start + STARTING_SECONDS
    requests, errors = other.facts.grid.between(other.start, until)
    later_requests, later_errors = other.facts.grid.between(until, inf)
    if errors < _MIN_ERRORS:
        return False
    return not later_requests or rate_ratio(errors, requests, later_errors, later_requests)[1] >= _MIN_RATIO
