"""When growing memory will pass its quota: a range that holds the true time in nine of ten straight leaks.

The range ends where the model of the later part (drift.py) gives 95 % for a sample above the quota, and begins where
it gives 5 %. So it allows for the slope that is not known exactly, for noise that follows itself, for a warm-up that
still fades, and for the scatter of the samples: with a saw-tooth the first samples pass long before the last.
"""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.diagnosis.counting.memory_facts import MemoryFacts
from herodyno.diagnosis.statistics.trend import TrendFacts

# No forecast beyond this many times the time observed.
FORECAST_REACH = 3.0
_TAIL = 0.05
# Between the 5th and the 95th percentile of a normal distribution lie so many standard deviations.
_PERCENTILES_TO_SIGMA = 1 / 3.29
_BISECTIONS = 30


def forecast(
    trend: TrendFacts, memory: MemoryFacts, quota_mb: float | None, cycle: tuple[float, float] | None
) -> tuple[float, float] | None:
    """(earliest, latest) time at which memory passes its quota, in seconds since 1970, or None.

    Only memory that grows beyond doubt has a forecast. It must pass its quota before the daily cycle ends, and within
    three times the time observed, by the middle of the range. A range without an end is not given.
    """
    drift = trend.drift
    if trend.kind != "growing" or drift is None or not quota_mb or (trend.low or 0.0) <= 0 or trend.last_mb >= quota_mb:
        return None
    noise = _scatter([total - drift.level(at) for at, total, _ in memory.samples if at >= trend.later])
    reach = FORECAST_REACH * trend.minutes * 60

    def passed(chance: float) -> float | None:
        early, late = trend.end, trend.end + 2 * reach
        if drift.chance_above(quota_mb, late, noise) < chance:
            return None
        for _ in range(_BISECTIONS):
            middle = (early + late) / 2
            early, late = (early, middle) if drift.chance_above(quota_mb, middle, noise) >= chance else (middle, late)
        return late

    first, middle, last = passed(_TAIL), passed(0.5), passed(1 - _TAIL)
    if first is None or middle is None or last is None or middle > trend.end + reach:
        return None
    return None if cycle is not None and middle > cycle[1] else (first, last)


def _scatter(rest: Sequence[float]) -> float:
    """The spread of samples about the line, as a standard deviation. A wild one in twenty does not move it."""
    ordered = sorted(rest)
    return (ordered[int(len(ordered) * 0.95)] - ordered[int(len(ordered) * 0.05)]) * _PERCENTILES_TO_SIGMA
