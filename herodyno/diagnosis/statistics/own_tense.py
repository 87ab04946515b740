"""Whether a dyno's own failing goes on: what it fails together with all its peers is not its own.

A dyno that stood out may have recovered before an outage of all. Its errors go on then, but its own failing is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from herodyno.diagnosis.counting.errors.bursts import Spans
from herodyno.diagnosis.counting.grid import Grid, counts_of
from herodyno.diagnosis.statistics.onset import MIN_RATIO, onset
from herodyno.diagnosis.statistics.peers import Subject
from herodyno.diagnosis.statistics.tense import Tense, tense


def tense_before_all_failed(subject: Subject, others: Sequence[Subject]) -> Tense | None:
    """The tense at the time when the others began to fail, if the dyno had recovered by then and fails as they do.

    None when its failing is a matter of its own up to the end.
    """
    requests = counts_of([other.facts.grid for other in others])
    began = onset(requests)
    if began is None or _stands_out_since(subject, requests, began.seconds):
        return None
    told = tense_at(subject.facts.grid, list(subject.facts.errors.episodes.values()), began.seconds)
    return told if told.ongoing is False else None


def tense_at(grid: Grid, episodes: Sequence[Spans], end: float) -> Tense:
    """The tense of requests and errors as it would have been told at a time."""
    before = grid.before(end)
    past = [Spans(spans.gap, ((first, min(last, end)) for first, last in spans if first < end)) for spans in episodes]
    began = onset(before)
    return tense(before, past, end, began.seconds if began else -inf)


def _stands_out_since(subject: Subject, others: Grid, began: float) -> bool:
    (own, own_failed), (theirs, their_failed) = (each.between(began, inf) for each in (subject.facts.grid, others))
    return own_failed * theirs >= MIN_RATIO * their_failed * own
