"""Who is compared with whom, and when: the stretches of lives in which lines count, on the own side and the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf
from typing import Literal, NamedTuple, TypeAlias

from herodyno.diagnosis.counting.facts import IncarnationKey
from herodyno.diagnosis.statistics.peer_sums import WARM_UP_SECONDS
from herodyno.diagnosis.statistics.peers import Subject

# A dyno prints its banner for so long, where its lines cannot wait for the end of its warm-up.
SETTLES_SECONDS = 30.0

Against: TypeAlias = Literal["peers", "before", "release_before", "not_crashed"]


class Stretch(NamedTuple):
    """When a life counts, in seconds since 1970. Before `settled` its exceptions count alone: it prints its banner."""

    start: float
    end: float
    settled: float

    def since(self, kind: str) -> float:
        """From when on lines of a kind count."""
        return self.start if kind == "exception" else min(self.settled, self.end)


class Life(NamedTuple):
    """A life and the stretch of it that counts."""

    subject: Subject
    stretch: Stretch


class Stratum(NamedTuple):
    """A time in which the sides stay the same. `requests` are those of the own side and of the others."""

    own: Mapping[IncarnationKey, Stretch]
    others: Mapping[IncarnationKey, Stretch]
    requests: tuple[int, int]


class Sides(NamedTuple):
    """Who is compared with whom. `quiet` is when a life of the own side did not fail yet, `failing` when it did.

    `heading` says it for a reader: where the others never print the lines, and where they hardly do.
    """

    strata: Sequence[Stratum]
    against: Against
    heading: tuple[str, str]
    quiet: Mapping[IncarnationKey, Stretch] = {}
    failing: Mapping[IncarnationKey, Stretch] = {}

    @property
    def keys(self) -> set[IncarnationKey]:
        """The lives of both sides."""
        return {key for each in self.strata for side in (each.own, each.others) for key in side} | set(self.quiet)


def stretch(
    subject: Subject, since: float = -inf, until: float = inf, *, settles: float = WARM_UP_SECONDS
) -> Stretch | None:
    """The part of a life between two times, up to the moment when Heroku stops it. None when there is none.

    What a dyno prints at its stop is no sign of trouble, nor is its banner: it settles so long after its start.
    """
    own = subject.incarnation
    stopped = own.stopping_since if own.stopping_since is not None and not own.crashed else inf
    start, end = max(subject.start, since), min(subject.end, until, stopped)
    settled = start if own.start is None else max(start, own.start + settles)
    return Stretch(start, end, settled) if end > start else None


def stratum(own: Sequence[Life], others: Sequence[Life]) -> Stratum | None:
    """The stratum of these lives, None when a side has none."""
    if not own or not others:
        return None
    mine, theirs = ({life.subject.incarnation.key: life.stretch for life in side} for side in (own, others))
    return Stratum(mine, theirs, (_requests(own), _requests(others)))


def _requests(lives: Iterable[Life]) -> int:
    return sum(life.subject.facts.grid.between(life.stretch.start, life.stretch.end)[0] for life in lives)
