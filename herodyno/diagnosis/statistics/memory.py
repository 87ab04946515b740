"""Levels of one dyno's memory: what is read back from swap, where the forced restart comes, the quota behind a line."""

from __future__ import annotations

from herodyno.diagnosis.counting.memory_facts import MemoryFacts
from herodyno.heroku_facts import CEDAR_QUOTAS_MB, R15_TIMES_QUOTA

MIN_LEVEL_SAMPLES = 3


def swap_in_rate(memory: MemoryFacts) -> float | None:
    """Pages read in per second between the first and the last sample, or None. Swap that is not read does no harm."""
    if len(memory.pages) < 2:
        return None
    (t1, p1), (t2, p2) = memory.pages
    return (p2 - p1) / (t2 - t1) if t2 > t1 and p2 >= p1 else None


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
