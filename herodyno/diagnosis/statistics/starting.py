"""Whether a dyno failed only while it started: its errors lie in its first ten minutes, and are over.

Some apps fail for minutes after each boot, until caches are warm. The youngest dyno stands out then, whatever dyno it
is. It is not at fault, and a restart would make it fail again.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from herodyno.diagnosis.statistics.onset import onset
from herodyno.diagnosis.statistics.peer_sums import WARM_UP_SECONDS
from herodyno.diagnosis.statistics.peers import Subject
from herodyno.diagnosis.statistics.tense import Tense, tense

STARTING_SECONDS = 600.0
# Another dyno did the same: it had so many errors then.
_MIN_ERRORS = 5


def tense_of(subject: Subject) -> Tense:
    """Whether the errors of one dyno go on at its end, or at the end of the window."""
    began = onset(subject.facts.grid)
    episodes = list(subject.facts.errors.episodes.values())
    return tense(subject.facts.grid, episodes, subject.end, began.seconds if began else -inf)


def failed_while_starting(subject: Subject) -> bool:
    """Whether its errors are over since its first ten minutes."""
    start, told = subject.incarnation.start, tense_of(subject)
    return start is not None and told.ended_at is not None and told.ended_at - start <= STARTING_SECONDS


def is_starting(subject: Subject) -> bool:
    """Whether it is in its first ten minutes."""
    start = subject.incarnation.start
    return start is not None and subject.end - start <= STARTING_SECONDS


def others_at_that_age(subject: Subject, subjects: Sequence[Subject]) -> tuple[list[Subject], list[Subject]]:
    """(other dynos that started in the window and failed then only, others that started and did not)."""
    born = [
        other
        for other in subjects
        if other is not subject
        and other.incarnation.start is not None
        and other.incarnation.start >= other.start
        and other.end - other.start > WARM_UP_SECONDS
    ]
    same = [other for other in born if other.facts.errors.n >= _MIN_ERRORS and failed_while_starting(other)]
    return same, [other for other in born if other not in same]
