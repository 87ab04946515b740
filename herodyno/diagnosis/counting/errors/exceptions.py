"""Exceptions are counted many at a time, the same as one by one: the same error comes again and again.

They wait by segment. Of many equal ones only the newest and the earliest are looked at closely.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeAlias

from herodyno.diagnosis.counting.facts import EVIDENCE_LINES, EvidenceLine, Facts, IncarnationFacts
from herodyno.diagnosis.counting.printed import named_by, rank_of, slot_of
from herodyno.diagnosis.counting.raised import STOPPED, Raised
from herodyno.diagnosis.counting.segments import Segment
from herodyno.diagnosis.counting.unassigned import Unassigned
from herodyno.logs.events import AppException
from herodyno.logs.parsing.server_timeouts import is_rack_timeout

# rack-timeout logs a line and raises an exception, so the two are counted apart.
RACK_TIMEOUT_EXCEPTION = "Rack::Timeout"
# In bytes, about: of exceptions that wait, a thousand usual ones; of an exception without its line.
_ENOUGH, _OBJECTS = 650_000, 500

# An exception with the seconds since 1970 of its first line.
Timed: TypeAlias = tuple[float, AppException]


class PendingExceptions:
    """Exceptions that wait until there are many."""

    def __init__(self) -> None:
        self._of: dict[Segment, list[Timed]] = {}
        self._bytes = 0

    @property
    def is_enough(self) -> bool:
        """Whether so much waits that it should be counted."""
        return self._bytes >= _ENOUGH

    def add(self, segment: Segment, seconds: float, event: AppException) -> None:
        """Take in an exception of a segment."""
        self._of.setdefault(segment, []).append((seconds, event))
        self._bytes += _OBJECTS + 2 * len(event.line.raw)  # the text is kept beside the line

    def count(self, unassigned: Unassigned, is_looked_at: Callable[[float], bool]) -> None:
        """Count those that wait. `is_looked_at`: whether what was printed at a time is compared."""
        for segment, raised in self._of.items():
            times = [seconds for seconds, _ in raised]
            first, last = min(times), max(times)
            count_exceptions_for_app(unassigned.facts, raised)
            unassigned.boundaries.span.widen(first, last)
            unassigned.boundaries.add_name(raised[0][1].dyno, first, last)
            segment.widen(first, last)
            segment.incarnation.saw(first, last, lines=sum(event.lines for _, event in raised))
            count_exceptions(segment.incarnation, raised)
            segment.incarnation.patterns.add_exceptions([each for each in raised if is_looked_at(each[0])])
        self._of, self._bytes = {}, 0


def count_exceptions_for_app(facts: Facts, raised: Sequence[Timed]) -> None:
    """Count what needs no timeline: lines, and times that are guesses."""
    times = [seconds for seconds, _ in raised]
    facts.saw(min(times), max(times), lines=sum(event.lines for _, event in raised))
    for seconds, event in raised:
        facts.printed_ranks[rank_of(slot_of(seconds))] += 1
        facts.guessed(event.line)


def count_exceptions(own: IncarnationFacts, raised: Sequence[Timed]) -> None:
    """Count what exceptions of an incarnation say; their lines are counted apart."""
    own.raised.add([Raised(at, event.line.number, event.kind, event.message) for at, event in raised])
    kinds = Counter([event.kind for _, event in raised])
    if timeouts := sum(n for kind, n in kinds.items() if is_rack_timeout(kind)):
        own.timeouts[RACK_TIMEOUT_EXCEPTION] += timeouts
    newest_first = sorted(raised, key=lambda each: (each[0], each[1].line.number), reverse=True)
    for at, event in [each for each in newest_first if each[1].kind != STOPPED][:EVIDENCE_LINES]:
        # The first line of a traceback says nothing, so the last line is put behind the first.
        raw, named = event.line.raw, named_by(event)
        told = raw if named in raw else f"{raw} ... {named}"
        own.evidence.add("exception", EvidenceLine(at, event.line.number, told))
    said = 0
    for at, event in newest_first:
        said += own.printed(EvidenceLine(at, event.line.number, named_by(event) or event.line.text))
        if said == EVIDENCE_LINES:
            break
