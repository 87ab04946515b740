"""What a process type used over the window: 95th percentiles of memory and load, and how much of them was measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from herodyno.diagnosis.counting.facts import IncarnationFacts

# Ours: fewer hours of memory samples say nothing about a size. In a day is the busiest hour.
LEAST_HOURS = 24
_SHARE = 0.95
_HOUR_SECONDS = 3600


class TypeUse(NamedTuple):
    """`memory_mb` and `load` are 95th percentiles, `load` None where not measured.

    `samples` is how many memory samples were seen; of a long run not every one is kept. `hours` is how many hours
    of the clock have one. `quota_mb` is the quota that the newest sample names, None where none does.
    """

    type: str
    memory_mb: float
    load: float | None
    samples: int
    hours: int
    quota_mb: float | None


def use_of(type_name: str, dynos: Sequence[IncarnationFacts]) -> TypeUse | None:
    """What the dynos of a type used together; None without a memory sample."""
    memory: list[tuple[float, float]] = []
    hours: set[int] = set()
    for facts in dynos:
        kept = list(facts.memory.samples)
        # A kept sample counts for those that were left out, so that a long run weighs as much as it lasted.
        memory += [(total, facts.memory.n / len(kept)) for _, total, _ in kept]
        hours.update(int(seconds // _HOUR_SECONDS) for seconds, _, _ in kept)
    memory_mb = _quantile(memory)
    if memory_mb is None:
        return None
    # The highest load of each cell stands for the cell, so the percentile is too high rather than too low.
    load = _quantile((load, facts.load.width) for facts in dynos for _, load in facts.load)
    quotas = [facts.memory.quota for facts in dynos if facts.memory.quota]
    quota_mb = max(quotas)[1] if quotas else None
    return TypeUse(type_name, memory_mb, load, sum(facts.memory.n for facts in dynos), len(hours), quota_mb)


def _quantile(weighed: Iterable[tuple[float, float]]) -> float | None:
    """The smallest value that 95 % of the weight does not exceed; None of nothing."""
    values = sorted(weighed)
    rest = _SHARE * sum(weight for _, weight in values)
    for value, weight in values:
        rest -= weight
        if rest <= 1e-6:
            return value
    return values[-1][0] if values else None
