"""What a process type used over the window: 95th percentiles of memory and load, and how much of them was measured."""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, repeat
from operator import sub
from typing import NamedTuple

from herodyno.diagnosis.counting.facts import IncarnationFacts

# All ours. Fewer hours of memory samples say nothing about a size. In a day is the busiest hour.
LEAST_HOURS = 24
LEAST_SECONDS = LEAST_HOURS * 3600.0
# After a longer gap a dyno counts as not measured. A long run keeps a sample of each 64 seconds.
LONGEST_GAP_SECONDS = 300
_SHARE = 0.95


class TypeUse(NamedTuple):
    """`memory_mb` and `load` are 95th percentiles, `load` None where not measured.

    `samples` is how many memory samples were seen; of a long run not every one is kept. `seconds` is the time that they
    cover. `quota_mb` is the quota that the newest sample names, None where none does. `most_mb` is the highest memory,
    `over_quota` how many R14 and R15 came.
    """

    type: str
    memory_mb: float
    load: float | None
    samples: int
    seconds: float
    quota_mb: float | None
    most_mb: float
    over_quota: int


def use_of(type_name: str, named: Sequence[tuple[str, IncarnationFacts]]) -> TypeUse | None:
    """What the dynos of a type, each with its name, used together; None without a memory sample."""
    dynos = [facts for _, facts in named]
    memory: list[tuple[array[float], float]] = []
    times: dict[str, list[tuple[float, float]]] = {}
    for name, facts in named:
        kept = facts.memory.samples.seconds
        last = [facts.memory.last[0]] if facts.memory.last else []
        # Joined dyno by dyno, since a day of fifty dynos has a hundred thousand samples.
        times.setdefault(name, []).extend(_runs_of([*kept, *last]))
        # A kept sample counts for those that were left out, so that a long run weighs as much as it lasted.
        weight = facts.memory.n / len(kept) if kept else 0.0
        memory.append((facts.memory.samples.totals, weight))
    memory_mb = _quantile(memory)
    if memory_mb is None:
        return None
    # The highest load of each cell stands for the cell, so the percentile is too high rather than too low.
    load = _quantile((facts.load.values, facts.load.width) for facts in dynos)
    quotas = [facts.memory.quota for facts in dynos if facts.memory.quota]
    quota_mb = max(quotas)[1] if quotas else None
    return TypeUse(
        type_name, memory_mb, load if load is None else round(load, 2),
        sum(facts.memory.n for facts in dynos), covered(times), quota_mb,
        max(facts.memory.max_mb or 0.0 for facts in dynos),
        sum(facts.memory.r14 + facts.memory.r15 for facts in dynos),
    )  # fmt: skip


def covered(times: Mapping[str, Iterable[tuple[float, float]]]) -> float:
    """How many seconds the samples of one dyno or more cover, those of several dynos at a time counted once.

    `times` are, by name of the dyno, the first and last sample of spans without a gap. A lonely sample covers nothing.
    """
    runs = sorted(run for spans in times.values() for run in _runs(spans))
    seconds, until = 0.0, float("-inf")
    for first, last in runs:
        seconds += max(0.0, last - max(first, until))
        until = max(until, last)
    return seconds


def _runs_of(times: Sequence[float]) -> list[tuple[float, float]]:
    """The first and last of each run of times, which are in order, without a gap that is too long."""
    gaps = map(sub, times[1:], times)
    breaks = [place for place, gap in enumerate(gaps, 1) if gap > LONGEST_GAP_SECONDS]
    runs = pairwise((0, *breaks, len(times))) if times else ()
    return [(times[begin], times[end - 1]) for begin, end in runs]


def _runs(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The spans of one dyno in order, joined over each gap that is not too long."""
    runs: list[tuple[float, float]] = []
    for first, last in sorted(spans):
        if runs and first - runs[-1][1] <= LONGEST_GAP_SECONDS:
            runs[-1] = (runs[-1][0], max(last, runs[-1][1]))
        else:
            runs.append((first, last))
    return runs


def _quantile(weighed: Iterable[tuple[array[float], float]]) -> float | None:
    """The smallest value that 95 % of the weight does not exceed; None of nothing. All values of an array weigh the
    same."""
    arrays = [(array("d", sorted(values, reverse=True)), weight) for values, weight in weighed]
    rest = (1 - _SHARE) * sum(len(values) * weight for values, weight in arrays) + 1e-6
    found = None
    # From the highest value on, so that few values become tuples.
    for value, weight in heapq.merge(*(zip(values, repeat(weight)) for values, weight in arrays), reverse=True):
        found = value
        rest -= weight
        if rest < 0:
            break
    return found
