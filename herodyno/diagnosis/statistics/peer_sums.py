"""Requests and failures of dynos by cells of time, and their sums over all peers.

With whom a dyno is compared is summed once for each release and size, never dyno by dyno. So the work is that of cells
times dynos. The cells in which nobody was sent a request are left out: a place is the number of one of the others.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import inf
from typing import NamedTuple, TypeAlias

from herodyno.diagnosis.counting.errors.bursts import Spans
from herodyno.diagnosis.statistics.moments import moment_length, moments, rounded
from herodyno.diagnosis.statistics.peers import Subject

# A dyno's first two minutes are left out. What fails while a dyno warms up does not last.
WARM_UP_SECONDS = 120.0
ALL = ""  # the family of all judged errors together
# A stratum has at least so many requests, where the dynos stay the same. Else an app with a request a minute would
# have strata in which only one side served.
_FEW_REQUESTS = 20
# Heroku's own errors say nothing about a dyno.
_NOT_THE_DYNO = frozenset({"H99"})


def families(subjects: Iterable[Subject]) -> list[str]:
    """The families by which dynos are judged: ALL, and each code by itself."""
    found = set().union(*(subject.facts.errors.families() for subject in subjects))
    return [ALL, *sorted(found - _NOT_THE_DYNO)]


def judged_lines(subject: Subject) -> int:
    """How many errors it has, without Heroku's own."""
    episodes = subject.facts.errors.episodes
    return sum(n for family in episodes.keys() - _NOT_THE_DYNO for _, _, n in episodes[family].sized())


def judged_episodes(subject: Subject, family: str = ALL) -> Spans:
    """When the errors of a family came."""
    episodes = subject.facts.errors.episodes
    if family != ALL:
        return episodes.get(family) or Spans()
    if len(episodes) == 1 and not episodes.keys() & _NOT_THE_DYNO:
        return next(iter(episodes.values()))
    together = Spans()
    for own, spans in episodes.items():
        if own not in _NOT_THE_DYNO:
            together.update(spans)
    return together


Moment: TypeAlias = tuple[int, float, float]  # (place, lines, lines rounded to a size)


class DynoCells:
    """A subject by places: its requests, the places from its birth on and past its warm-up, its end."""

    def __init__(self, subject: Subject, places: Sequence[int], width: int, window_end: float) -> None:
        self.subject = subject
        start, end = subject.incarnation.start, subject.incarnation.end
        self.requests: dict[int, int] = {}
        self.errors: dict[int, int] = {}
        grid, place = subject.facts.grid, 0
        requests, errors = grid.requests, grid.errors
        for seconds, first, behind in grid.wider(width):
            place = bisect_left(places, seconds // width, place)
            self.requests[place] = sum(requests[first:behind])
            self.errors[place] = sum(errors[first:behind])
        born = -inf if start is None else start // width
        warm = -inf if start is None else -((start + WARM_UP_SECONDS) // -width)
        gone = inf if end is None or end >= window_end else end // width
        self.born, self.warm = bisect_left(places, born), bisect_left(places, warm)
        self.gone = bisect_left(places, gone)
        self._places, self._width = places, width
        self._episodes: dict[str, Spans] = {}
        self._lengths: dict[tuple[str, float], float] = {}
        self._moments: dict[tuple[str, float], list[Moment]] = {}

    def is_warm(self, place: int) -> bool:
        """Whether it counts as a peer at a place."""
        return self.warm <= place < self.gone

    def episodes(self, family: str) -> Spans:
        """When the errors of a family came."""
        if family not in self._episodes:
            self._episodes[family] = judged_episodes(self.subject, family)
        return self._episodes[family]

    def lines(self, family: str) -> int:
        """How many errors of a family it has."""
        return sum(n for _, _, n in self.episodes(family).sized())

    def moment_length(self, family: str, seconds: float) -> float:
        """How long a moment of a family lasts at most, in so many seconds looked at."""
        key = (family, seconds)
        if key not in self._lengths:
            self._lengths[key] = moment_length(self.episodes(family), seconds)
        return self._lengths[key]

    def moments(self, family: str, length: float) -> list[Moment]:
        """Each moment at which it failed, in order of time."""
        key = (family, length)
        if key not in self._moments:
            places, width = self._places, self._width
            self._moments[key] = [
                (max(0, bisect_right(places, at // width) - 1), lines, rounded(lines))
                for at, lines in moments(self.episodes(family), length)
            ]
        return self._moments[key]


class Failures(NamedTuple):
    """The failures of all peers: lines by place, and by place how many moments have each size."""

    lines: dict[int, float]
    sizes: dict[int, dict[float, int]]


class Strata(NamedTuple):
    """Neighbouring places put together, from one place on: the stratum of each, and of each the requests and places."""

    begin: int
    at: list[int]
    requests: list[int]
    places: list[int]


class PeerSums:
    """All dynos of one release and size, past their warm-up, as sums by place. Dynos can be left out and taken back."""

    def __init__(self, dynos: Sequence[DynoCells], places: int) -> None:
        self.dynos = {dyno.subject.incarnation.key: dyno for dyno in dynos}
        self.requests = [0] * places
        self._changes = [0] * (places + 1)  # how many dynos begin or end at a place
        self._failures: dict[tuple[str, float], Failures] = {}
        self._strata: dict[tuple[int, int], Strata] = {}
        for dyno in dynos:
            self._count(dyno, 1)
            self._changes[dyno.warm] += 1
            self._changes[dyno.gone] += 1

    def leave_out(self, dyno: DynoCells) -> None:
        """Take a dyno from the sums."""
        if self.dynos.pop(dyno.subject.incarnation.key, None):
            self._count(dyno, -1)

    def take_back(self, dyno: DynoCells) -> None:
        """Put it back."""
        self.dynos[dyno.subject.incarnation.key] = dyno
        self._count(dyno, 1)

    def strata(self, dyno: DynoCells, begin: int) -> Strata:
        """The strata that a dyno shares with these, itself included, from a place on."""
        end = dyno.gone
        if dyno.subject.incarnation.key in self.dynos:
            if begin >= dyno.warm:  # its requests are in the sums: all such dynos have the same strata
                if (begin, end) not in self._strata:
                    self._strata[begin, end] = self._put_together(begin, self.requests[begin:end])
                return self._strata[begin, end]
            alone = range(begin, min(dyno.warm, end))
        else:
            alone = range(begin, end)
        totals = self.requests[begin:end]
        for place in alone:
            totals[place - begin] += dyno.requests.get(place, 0)
        return self._put_together(begin, totals)

    def failures(self, family: str, length: float) -> Failures:
        """The failures of a family in moments of a length. Counted once, then kept up to date."""
        if (family, length) not in self._failures:
            self._failures[family, length] = Failures(defaultdict(float), defaultdict(dict))
            for dyno in self.dynos.values():
                self._count_failures(dyno, family, length, 1)
        return self._failures[family, length]

    def _put_together(self, begin: int, totals: Sequence[int]) -> Strata:
        at: list[int] = []
        requests: list[int] = []
        places: list[int] = []
        for n, changes in zip(totals, self._changes[begin : begin + len(totals)], strict=True):
            if not requests or changes or requests[-1] >= _FEW_REQUESTS:
                requests.append(0)
                places.append(0)
            requests[-1] += n
            places[-1] += 1
            at.append(len(requests) - 1)
        return Strata(begin, at, requests, places)

    def _count(self, dyno: DynoCells, sign: int) -> None:
        self._strata.clear()
        for place, n in dyno.requests.items():
            if dyno.is_warm(place):
                self.requests[place] += sign * n
        for family, length in self._failures:
            self._count_failures(dyno, family, length, sign)

    def _count_failures(self, dyno: DynoCells, family: str, length: float, sign: int) -> None:
        lines, sizes = self._failures[family, length]
        warm, gone = dyno.warm, dyno.gone
        for place, n, size in dyno.moments(family, length):
            if warm <= place < gone:
                lines[place] += sign * n
                of_size = sizes[place]
                of_size[size] = of_size.get(size, 0) + sign
