"""Errors counted by time, whatever their path: what fails at one time is one episode, weighed by its lines.

A dyno that hangs for eight seconds fails a hundred requests on ten paths, and has failed once. Counted by bursts of
one path that would be ten events.

Where errors never pause, bursts mislead the other way. A dyno that fails one page all the time has one burst, while
each odd error of its peers is a burst of its own. There the number of episodes says how long the failure went on, and
their lines say how much failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from herodyno.diagnosis.counting.bursts import SPAN_SECONDS
from herodyno.diagnosis.statistics.peers import PeerComparison, Subject
from herodyno.diagnosis.statistics.rates import binomial_tail, rate_ratio, weighted_tail

# A failure counts as one episode up to this length, and as one more for each further such length. A hang is shorter.
# In lasting failure errors are separate events sooner, as soon as bursts are.
EPISODE_SECONDS = 10.0
LASTING_EPISODE_SECONDS = 5.0
# The part of the time that failures longer than a burst must cover to be called lasting.
LASTING_SHARE = 1 / 3


class ByTime(NamedTuple):
    """The episodes of a subject and of its peers in the subject's span, each as the number of lines that failed."""

    own: Sequence[float]
    theirs: Sequence[float]

    def chance(self, counts: PeerComparison) -> float:
        """The chance of so many episodes, or of so many lines in them, if each fell on a dyno by its share of requests.

        The smaller of the two is doubled for having tested twice.
        """
        share = counts.requests / (counts.requests + counts.peer_requests)
        by_number = binomial_tail(len(self.own), len(self.own) + len(self.theirs), share)
        return min(1.0, 2 * min(by_number, weighted_tail(self.own, self.theirs, share)))

    def ratio(self, counts: PeerComparison) -> tuple[float | None, float]:
        """(the rate of failed lines as a multiple of the peers', lower end of its 95 % interval).

        Lines of one episode are not independent. Their number is replaced by the effective sample size: the number of
        episodes of even size that weigh as much (L. Kish, Survey Sampling, 1965). Peers without an episode are taken
        to have episodes of the subject's size.
        """
        own, size = _even(self.own)
        theirs, their_size = _even(self.theirs)
        return rate_ratio(own, counts.requests / size, theirs, counts.peer_requests / (their_size if theirs else size))


def by_time(subject: Subject, peers: Sequence[Subject], family: str, *, lasting: bool) -> ByTime:
    """The episodes of both sides. `lasting`: the subject fails without a pause (`is_lasting`)."""
    every = LASTING_EPISODE_SECONDS if lasting else EPISODE_SECONDS
    theirs = [size for peer in peers for size in _episodes(peer, subject, family, every)]
    return ByTime(_episodes(subject, subject, family, every), theirs)


def is_lasting(subject: Subject, family: str) -> bool:
    """Whether long failures fill a third of the subject's span, and half a minute of it at least.

    A failure is long from half a minute on, the length at which a burst counts again. The log of a busy app may hold
    seconds only. There a quarter of the span is long, and long failures must fill half of the span.
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


def _episodes(one: Subject, subject: Subject, family: str, every: float) -> list[float]:
    """The lines of each episode of one side, in the subject's span.

    Only the cells of the grid count lines, and all families together. A family gets its part of them. Each episode has
    one line. The other lines of a cell go to the longest failure in it, so that odd errors beside a hang do not become
    heavy episodes.
    """
    errors, grid = one.facts.errors, one.facts.grid
    start, end = max(one.start, subject.start), min(one.end, subject.end)
    part = errors.lines_of(family) / errors.n if errors.n else 1.0
    by_cell: dict[int, list[tuple[float, float]]] = {}  # (length of the failure, time of the episode)
    for first, last in errors.episodes.get(family, ()):
        number = 1 + int((last - first) // every)
        for i in range(number):
            at = first + (i + 0.5) * (last - first) / number
            by_cell.setdefault(int(at // grid.width), []).append((last - first, at))
    sizes = []
    for key, episodes in by_cell.items():
        longest = max(length for length, _ in episodes)
        share = sum(1 for length, _ in episodes if length == longest)
        lines = part * grid.cells[key].errors if key in grid.cells else 0.0
        more = max(0.0, lines - len(episodes)) / share
        sizes += [1.0 + (more if length == longest else 0.0) for length, at in episodes if start <= at <= end]
    return sizes


def _even(sizes: Sequence[float]) -> tuple[float, float]:
    """(number of episodes of even size that weigh as much, that size). (0, 1) without an episode."""
    total, squares = sum(sizes), sum(size * size for size in sizes)
    return (total * total / squares, squares / total) if total else (0.0, 1.0)
