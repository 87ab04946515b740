"""A dyno's memory against its peers' at the same times, and growth against age: what one time of day cannot show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, islice
from typing import Protocol

from herodyno.diagnosis.counting.facts import IncarnationFacts
from herodyno.diagnosis.counting.memory_facts import BLOCK_SECONDS
from herodyno.diagnosis.statistics.median import median
from herodyno.diagnosis.statistics.memory import MIN_LEVEL_SAMPLES
from herodyno.diagnosis.statistics.trend import TrendFacts
from herodyno.diagnosis.timeline.incarnations import Incarnation

# Ours. So far above the highest peer: times its level, and part of the quota.
FAR_ABOVE = 1.5
FAR_OF_QUOTA = 0.2
# Ours. Peers younger than that are low since they warm up.
WARM_SECONDS = 900.0
# Ours. Dynos that began so near to one another have one age.
SAME_AGE_SECONDS = 3600.0
_FEWEST_LIVES = 3
# Ours. More are not compared one by one; no app has so many dynos of a type at a time.
MOST_COMPARED = 512


class Life(Protocol):
    """What is needed of one dyno here."""

    @property
    def incarnation(self) -> Incarnation: ...
    @property
    def facts(self) -> IncarnationFacts: ...
    @property
    def quota_mb(self) -> float | None: ...
    @property
    def trend(self) -> TrendFacts: ...


def above_peers(own: Life, lives: Iterable[Life]) -> list[float]:
    """The levels in MB of the peers at the times both were sampled, when the dyno is far above all of them; else []."""
    levels: list[float] = []
    if not own.quota_mb or own.facts.memory.n < MIN_LEVEL_SAMPLES:
        return []
    for peer in islice((life for life in lives if life.facts.memory.n >= MIN_LEVEL_SAMPLES), MOST_COMPARED):
        if peer.incarnation.dyno == own.incarnation.dyno or peer.quota_mb != own.quota_mb:
            continue
        shared = _shared(own, peer)
        if len(shared[0]) < MIN_LEVEL_SAMPLES or len(shared[1]) < MIN_LEVEL_SAMPLES:
            continue
        mine, theirs = (median(side) for side in shared)
        if mine < FAR_ABOVE * theirs or mine - theirs < FAR_OF_QUOTA * own.quota_mb:
            return []
        levels.append(theirs)
    return sorted(levels)


def grow_by_age(lives: Sequence[Life]) -> bool:
    """Whether memory grows on all lives that were assessed, and the older one is higher wherever two can be compared.

    At one time of day a wave lifts the young and the old alike. There are three lives or more, of more than one age.
    """
    assessed = [life for life in lives if life.trend.kind != "not_assessed"]
    if len(assessed) < _FEWEST_LIVES or any(life.trend.kind != "growing" for life in assessed):
        return False
    compared = 0
    for one, other in islice(combinations(assessed, 2), MOST_COMPARED * 100):
        first, second = one.incarnation.start, other.incarnation.start
        if first is None or second is None or abs(first - second) < SAME_AGE_SECONDS:
            continue
        older, younger = (one, other) if first < second else (other, one)
        mine, theirs = _shared(older, younger, warm=0.0)
        if not mine or not theirs:
            continue
        compared += 1
        if median(mine) <= median(theirs):
            return False
    return compared > 0


def _shared(own: Life, peer: Life, warm: float = WARM_SECONDS) -> tuple[list[float], list[float]]:
    """(own levels, the peer's) in the blocks of time in which both have samples and the peer is warm."""
    mine, theirs = own.facts.memory.levels, peer.facts.memory.levels
    since = (peer.incarnation.start or 0.0) + warm
    blocks = [key for key in mine if key in theirs and key * BLOCK_SECONDS >= since]
    return ([mb for key in blocks for mb in mine[key]], [mb for key in blocks for mb in theirs[key]])
