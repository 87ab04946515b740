"""Levels of one dyno's memory: what is read back from swap, where the forced restart comes, the quota behind a line."""

from __future__ import annotations

from typing import NamedTuple

from herodyno.diagnosis.counting.facts import IncarnationFacts
from herodyno.diagnosis.counting.memory_facts import MemoryFacts
from herodyno.heroku_facts import CEDAR_QUOTAS_MB, R15_TIMES_QUOTA

MIN_LEVEL_SAMPLES = 3
# Ours. So many pages of 4 KB read in per second are no level swap any more. Without swap, public logs have 2 in the
# middle, and 54 at the 90th percentile.
THRASHING_PAGES = 200.0


class Level(NamedTuple):
    """A memory level: the time it was read (seconds since 1970, 0 when not known), MB, and part of the quota.

    `of_quota` is None when the quota is not known. `is_sample`: read from the runtime metrics, which have no rounding.
    """

    seconds: float
    mb: float
    of_quota: float | None
    is_sample: bool


def newest_level(facts: IncarnationFacts, quota_mb: float | None) -> Level | None:
    """The level of the last sample. Without metrics that of the last "Process running mem=" line, beside an R14."""
    if facts.memory.last is not None:
        seconds, mb, _ = facts.memory.last
        return Level(seconds, mb, mb / quota_mb if quota_mb else None, is_sample=True)
    if not facts.marks:
        return None
    mark = facts.marks[-1]
    return Level(mark.seconds, mark.mem_mb, mark.percent / 100, is_sample=False)


def swap_in_rate(memory: MemoryFacts) -> float | None:
    """Pages read in per second over the last minutes, or None. Swap that is not read does no harm."""
    if len(memory.pages) < 2:
        return None
    (t1, p1), (t2, p2) = memory.pages[0], memory.pages[-1]
    return (p2 - p1) / (t2 - t1) if t2 > t1 and p2 >= p1 else None


def thrashes(memory: MemoryFacts) -> bool:
    """Whether memory is swapped out and read in again and again. Without swap, pages read in are files and code."""
    rate = swap_in_rate(memory)
    return memory.last is not None and memory.last[2] > 0 and rate is not None and rate >= THRASHING_PAGES


def r15_limit_mb(size: str, quota_mb: float | None) -> float | None:
    """The level in MB at which R15 (forced restart) comes. None when the size or the quota is not known."""
    if quota_mb is None or not size:
        return None
    name = size.casefold()
    if name in R15_TIMES_QUOTA:
        return quota_mb * R15_TIMES_QUOTA[name]
    if name.startswith(("private-", "shield-", "dyno-")):
        return quota_mb
    return None


def quota_from_mark(mem_mb: int, percent: float) -> float | None:
    """The quota behind `mem=871M(170.3%)`. The line cuts megabytes off, so only a known quota near it counts."""
    if percent <= 0:
        return None
    guess = (mem_mb + 0.5) / percent * 100
    for quota in CEDAR_QUOTAS_MB:
        if abs(guess - quota) <= quota * 0.004 + 1:
            return quota
    return None
