"""Errors counted by time, whatever their path: what fails at one time is one moment, weighed by its lines.

A dyno that hangs for eight seconds fails a hundred requests on ten paths, and has failed once. And where
errors never pause, bursts say nothing more: a dyno that fails one page all the time has one burst, while each odd
error of its peers is one. There the moments say how long it went on, and their lines how much it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from herodyno.diagnosis.counting.bursts import SPAN_SECONDS
from herodyno.diagnosis.statistics.peers import PeerComparison, Subject
from herodyno.diagnosis.statistics.rates import binomial_tail, rate_ratio, weighted_tail

# A hang is one moment up to this long, then one more. What lasts longer than any burst is no hang: there errors are
# separate when bursts would be.
EPISODE_SECONDS = 10.0
LASTING_EPISODE_SECONDS = 5.0
# The part of the time that failures longer than a burst must cover to be called lasting.
LASTING_SHARE = 1 / 3


class ByTime(NamedTuple):
    """The moments of a subject and of its peers in its span, each the lines that failed in it."""

    own: Sequence[float]
    theirs: Sequence[float]

    def chance(self, row: PeerComparison) -> float:
        """The chance of so many moments, or of so many lines in moments, if each came to any dyno by its share.

        Two looks, so the smaller counts twice.
        """
        share = row.requests / (row.requests + row.peer_requests)
        by_number = binomial_tail(len(self.own), len(self.own) + len(self.theirs), share)
        return min(1.0, 2 * min(by_number, weighted_tail(self.own, self.theirs, share)))

    def ratio(self, row: PeerComparison) -> tuple[float | None, float]:
        """How many times the peers' rate of failed lines it is, and the lower end of that.

        Lines of one moment hang together, so there are only as many of them as moments of even size would carry as
        much (L. Kish, Survey Sampling, 1965). What peers might have had unseen would have come in moments like its own.
        """
        own, size = _even(self.own)
        theirs, their_size = _even(self.theirs)
        return rate_ratio(own, row.requests / size, theirs, row.peer_requests / (their_size if theirs else size))


def by_time(subject: Subject, peers: Sequence[Subject], family: str, *, lasting: bool) -> ByTime:
    """Count both sides in the subject's span."""
    every = LASTING_EPISODE_SECONDS if lasting else EPISODE_SECONDS
    theirs = [size for peer in peers for size in _episodes(peer, subject, family, every)]
    return ByTime(_episodes(subject, subject, family, every), theirs)


def is_lasting(subject: Subject, family: str) -> bool:
    """Whether failures that are longer than any burst fill a third of the time, and half a minute of it at least.

    In a window of seconds, which is all that a busy app's log holds, a quarter of it is long, and half must be filled.
    """
    episodes = subject.facts.errors.episodes.get(family)
    seconds = subject.end - subject.start
    if episodes is None or seconds <= 0:
        return False
    clipped = [
        min(b, subject.end) - max(a, subject.start) for a, b in episodes if a < subject.end and b > subject.start
    ]
    long = min(SPAN_SECONDS, seconds / 4)
    filled = max(LASTING_SHARE * seconds, min(SPAN_SECONDS, seconds / 2))
    return sum(length for length in clipped if length >= long) >= filled


def _episodes(incarnation: Subject, subject: Subject, family: str, every: float) -> list[float]:
    """A life's moments in the subject's span. Only cells know lines, all families together: a family has its part.

    One line a moment; the rest of a cell's lines belong to the longest failure in it, so that odd errors beside a
    hang do not make several great moments of it.
    """
    errors, grid = incarnation.facts.errors, incarnation.facts.grid
    start, end = max(incarnation.start, subject.start), min(incarnation.end, subject.end)
    part = errors.lines_of(family) / errors.n if errors.n else 1.0
    cells: dict[int, list[tuple[float, float]]] = {}  # (length of the wave, time of the moment)
    for a, b in errors.episodes.get(family, ()):
        episodes = 1 + int((b - a) // every)
        for i in range(episodes):
            at = a + (i + 0.5) * (b - a) / episodes
            cells.setdefault(int(at // grid.width), []).append((b - a, at))
    found = []
    for key, held in cells.items():
        longest = max(length for length, _ in held)
        share = sum(1 for length, _ in held if length == longest)
        lines = part * grid.cells[key].errors if key in grid.cells else 0.0
        more = max(0.0, lines - len(held)) / share
        found += [1.0 + (more if length == longest else 0.0) for length, at in held if start <= at <= end]
    return found


def _even(sizes: Sequence[float]) -> tuple[float, float]:
    """(how many moments of even size weigh as much, that size); (0, 1) without any."""
    total, squares = sum(sizes), sum(size * size for size in sizes)
    return (total * total / squares, squares / total) if total else (0.0, 1.0)
