"""Memory by the age of a dyno: how the dynos that had one name grew, one after the other, and when each met its quota.

A dyno that ended below its quota says only that it had not met the quota until then. So ages are told with how many
dynos met it of how many, and the middle age is that of Kaplan and Meier (JASA 53 (1958) 457), which counts such dynos
for as long as they lived.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from herodyno.diagnosis.statistics.memory_peers import Life

# Ours. Two may be chance, and at least so large a part of the dynos assessed must grow.
FEWEST_LIVES = 3
MOST_OTHERS = 1 / 3
_DAY_SECONDS = 86_400.0
# Ours. Lives that all begin within so many hours of the day may all follow one daily wave.
_APART_SECONDS = 3 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthByAge:
    """The dynos that had one name. Ages are in hours, slopes in MB/h, each (lowest, highest).

    Of `dynos` in all, `assessed` have a known beginning and a trend, and `grew` of these grow. Of those that grow,
    `reached` are the ages at which a dyno first had more than its quota, `ended` those of dynos that ended before, and
    `running` of one that runs below it. `median` is the age by which half of them met it, None where less than half
    did. `is_of_age`: they began at different hours, so that a daily wave does not explain it.
    """

    name: str
    dynos: int
    assessed: int
    grew: int
    slopes: tuple[float, float]
    quota_mb: float | None
    reached: tuple[float, ...]
    ended: tuple[float, ...]
    running: tuple[float, ...]
    median: float | None
    is_of_age: bool


def growth_by_age(name: str, lives: Sequence[Life]) -> GrowthByAge | None:
    """How the dynos under a name grew; None where fewer than three did, or more than a third did not."""
    assessed = [life for life in lives if life.incarnation.start is not None and life.trend.kind != "not_assessed"]
    grew = [life for life in assessed if life.trend.kind == "growing"]
    if len(grew) < FEWEST_LIVES or len(assessed) - len(grew) > MOST_OTHERS * len(assessed):
        return None
    ages = [(_reached(life), _age(life), life.incarnation.end is None) for life in grew]
    reached = tuple(sorted(met for met, _, _ in ages if met is not None))
    slopes = [life.trend.slope or 0.0 for life in grew]
    return GrowthByAge(
        name=name,
        dynos=len(lives),
        assessed=len(assessed),
        grew=len(grew),
        slopes=(min(slopes), max(slopes)),
        quota_mb=max((life.quota_mb for life in grew if life.quota_mb), default=None),
        reached=reached,
        ended=tuple(sorted(age for met, age, runs in ages if met is None and not runs)),
        running=tuple(sorted(age for met, age, runs in ages if met is None and runs)),
        median=median_age(reached, [age for met, age, _ in ages if met is None]),
        is_of_age=_begin_apart([life.incarnation.start or 0.0 for life in grew]),
    )


def median_age(reached: Sequence[float], censored: Sequence[float]) -> float | None:
    """The age by which half would have met the quota, by Kaplan and Meier; None where the data does not reach so far.

    At one age those that met it come before those that are no longer followed.
    """
    share = 1.0
    for age in sorted(set(reached)):
        at_risk = sum(other >= age for other in (*reached, *censored))
        share *= 1 - sum(other == age for other in reached) / at_risk
        if share <= 0.5:
            return age
    return None


def _reached(life: Life) -> float | None:
    """The age in hours at the first level above the quota, or at the first R14."""
    memory, start = life.facts.memory, life.incarnation.start or 0.0
    times = [span[0] for span in memory.r14_spans][:1]
    if life.quota_mb:
        times += [at for at, total, _ in memory.samples if total > life.quota_mb][:1]
    return (min(times) - start) / 3600 if times else None


def _age(life: Life) -> float:
    """The age in hours at the last sample: so long the memory was followed."""
    last = life.facts.memory.last
    return ((last[0] if last else 0.0) - (life.incarnation.start or 0.0)) / 3600


def _begin_apart(starts: Sequence[float]) -> bool:
    """Whether no three hours of the day hold all beginnings."""
    of_day = sorted(start % _DAY_SECONDS for start in starts)
    gaps = [later - earlier for earlier, later in zip(of_day, [*of_day[1:], of_day[0] + _DAY_SECONDS], strict=True)]
    return _DAY_SECONDS - max(gaps) >= _APART_SECONDS
