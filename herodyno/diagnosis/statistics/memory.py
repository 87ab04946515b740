"""What may be said of a dyno's memory: its level, its R codes, and after 90 minutes its trend.

The trend is the Theil-Sen slope of the medians of 5-minute blocks (H. Theil, 1950; P. K. Sen, JASA 63 (1968) 1379).
Samples come every 20 seconds and follow one another closely. Over single samples Sen's interval calls 66 % of flat
series growing (measured with AR(1) 0.95), over blocks 16 %, and after the gates below none. The first minutes after
boot stay in: the bend that betrays a warm-up is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import sqrt
from statistics import median
from typing import Literal, NamedTuple, TypeAlias

from herodyno.diagnosis.counting.memory_facts import BLOCK_SECONDS, MemoryFacts
from herodyno.diagnosis.statistics.rates import Z95
from herodyno.heroku_facts import CEDAR_QUOTAS_MB, R15_TIMES_QUOTA

MIN_LEVEL_SAMPLES = 3
MIN_TREND_MINUTES = 90
# The part of the expected samples that must be there.
MIN_COMPLETE = 0.8
# A rise counts from this part of the quota, and from this many times the scatter about the line.
MIN_RISE_OF_QUOTA = 0.05
SPREADS = 4.0
# No forecast beyond this many times the time observed.
FORECAST_REACH = 3.0
# The slopes between all pairs are computed: so many blocks have 45,000.
MOST_BLOCKS = 300
# Blocks with fewer samples are thin.
_MIN_IN_BLOCK = 3
# The median absolute deviation times this is the standard deviation of a normal distribution.
_MAD_TO_SIGMA = 1.4826

TrendKind: TypeAlias = Literal["not_assessed", "flat", "warming_up", "growing"]


class TrendFacts(NamedTuple):
    """The trend of one dyno's memory. Slopes are in MB/h, `low` and `high` over parts of the time.

    `minutes` were observed. `last_mb` is the fitted level at `end` (seconds since 1970).
    """

    kind: TrendKind
    reason: str
    minutes: float = 0.0
    slope: float | None = None
    low: float | None = None
    high: float | None = None
    last_mb: float = 0.0
    end: float = 0.0


def trend(memory: MemoryFacts, quota_mb: float | None) -> TrendFacts:
    """Classify one dyno's memory_total. A trend needs 90 minutes with 80 % of the samples expected."""
    blocks = block_medians(memory.blocks)
    times = sorted({t for t, _, _ in memory.samples})
    minutes = (times[-1] - times[0]) / 60 if len(times) > 1 else 0.0
    if minutes < MIN_TREND_MINUTES:
        return TrendFacts("not_assessed", f"{minutes:.0f} min of {MIN_TREND_MINUTES} min needed", minutes)
    # Samples that were thinned out (counting/samples.py) are one in each `width` seconds.
    usual_gap = memory.samples.width or median(b - a for a, b in pairwise(times))
    complete = len(times) / (minutes * 60 / usual_gap + 1) if usual_gap > 0 else 0.0
    if complete < MIN_COMPLETE:
        return TrendFacts("not_assessed", f"{complete:.0%} of the samples expected, 80 % needed", minutes)
    # The smallest quota stands for an unknown one, so that the gate of the rise is never laxer than meant.
    return _classify(blocks, quota_mb or min(CEDAR_QUOTAS_MB), minutes)


def block_medians(blocks: Mapping[int, Sequence[tuple[float, float, float]]]) -> list[tuple[float, float, float]]:
    """(middle of the block in seconds, median total, median swap), by time.

    Thin blocks are left out unless there are no others. Beyond 25 hours every second block stays, or fewer.
    """
    full = {key: rows for key, rows in blocks.items() if len(rows) >= _MIN_IN_BLOCK} or blocks
    medians = [
        (
            (key + 0.5) * BLOCK_SECONDS,
            median(total for _, total, _ in full[key]),
            median(swap for _, _, swap in full[key]),
        )
        for key in sorted(full)
    ]
    while len(medians) > MOST_BLOCKS:
        medians = medians[::2]
    return medians


def theil_sen(points: Sequence[tuple[float, float]]) -> float:
    """The median slope between all pairs of (seconds, value) points, per hour. 0 for fewer than two points."""
    slopes = [(y2 - y1) / (x2 - x1) for i, (x1, y1) in enumerate(points) for x2, y2 in points[i + 1 :] if x2 > x1]
    return median(slopes) * 3600 if slopes else 0.0


def sen_interval(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Sen's 95 % interval of the slope, per hour, from the order of the pairwise slopes."""
    slopes = sorted((y2 - y1) / (x2 - x1) for i, (x1, y1) in enumerate(points) for x2, y2 in points[i + 1 :] if x2 > x1)
    n = len(points)
    if len(slopes) < 3:
        return (float("-inf"), float("inf"))
    spread = Z95 * sqrt(n * (n - 1) * (2 * n + 5) / 18)
    low = int((len(slopes) - spread) / 2)
    high = int((len(slopes) + spread) / 2) + 1
    return (slopes[max(0, low)] * 3600, slopes[min(len(slopes) - 1, high)] * 3600)


def _classify(blocks: Sequence[tuple[float, float, float]], quota_mb: float, minutes: float) -> TrendFacts:
    """The class by three gates: the slope is positive beyond doubt, the rise is large, and its shape.

    Warming up: the slope of the second half is below half of the first. Growing: both halves rise, the second at half
    of the whole slope at least. Everything else is flat.
    """
    points = [(t, total) for t, total, _ in blocks]
    slope = theil_sen(points)
    interval = sen_interval(points)
    half = len(points) // 2
    first, second = theil_sen(points[: half + 1]), theil_sen(points[half:])
    level = median(y - slope * (x - points[0][0]) / 3600 for x, y in points)
    hours = (points[-1][0] - points[0][0]) / 3600
    flat = TrendFacts(
        "flat", "", minutes, slope, min(first, second), max(first, second), level + slope * hours, points[-1][0]
    )
    rises = slope * hours >= max(MIN_RISE_OF_QUOTA * quota_mb, SPREADS * _scatter(points, slope))
    bends = second < first / 2
    if interval[0] <= 0 or not (rises or (bends and _rose_early(points, second, quota_mb))):
        return flat
    low, high = _range_over_parts(points)
    ranged = flat._replace(low=low, high=high)
    if bends:
        return ranged._replace(kind="warming_up")
    if first > 0 and second > 0 and second >= slope / 2:
        return ranged._replace(kind="growing")
    return ranged


def _scatter(points: Sequence[tuple[float, float]], slope: float) -> float:
    """The robust spread of points about a line of this slope (MB/h), as a standard deviation."""
    rest = [y - slope * (x - points[0][0]) / 3600 for x, y in points]
    middle = median(rest)
    return _MAD_TO_SIGMA * median(abs(r - middle) for r in rest)


def _rose_early(points: Sequence[tuple[float, float]], second: float, quota_mb: float) -> bool:
    """Whether memory rose and then stayed level.

    When only the first of many hours rose, one line through all of them hardly rises and lies far from most points. So
    the rise is from the first points to the second half, and the scatter is that of the second half.
    """
    half = len(points) // 2
    rise = median(y for _, y in points[half:]) - median(y for _, y in points[:3])
    return rise >= max(MIN_RISE_OF_QUOTA * quota_mb, SPREADS * _scatter(points[half:], second))


def _range_over_parts(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """(lowest, highest) slope over each half and with each hour left out.

    Samples are not independent, so a textbook interval would be too narrow.
    """
    half = len(points) // 2
    parts = [points[: half + 1], points[half:]]
    hours = sorted({int(x // 3600) for x, _ in points})
    parts += [[p for p in points if int(p[0] // 3600) != hour] for hour in hours] if len(hours) > 1 else []
    slopes = [theil_sen(part) for part in parts if len(part) >= 6] or [theil_sen(points)]
    return (min(slopes), max(slopes))


def forecast(
    trend: TrendFacts, quota_mb: float | None, cycle: tuple[float, float] | None
) -> tuple[float, float] | None:
    """(earliest, latest) time at which memory passes its quota, in seconds since 1970, or None.

    Only growing memory has a forecast. It must pass its quota before the next daily cycle ends, and within three times
    the time observed.
    """
    if trend.kind != "growing" or not quota_mb or trend.slope is None or trend.slope <= 0 or trend.last_mb >= quota_mb:
        return None
    missing = quota_mb - trend.last_mb
    hours = missing / trend.slope
    if hours * 60 > FORECAST_REACH * trend.minutes:
        return None
    eta = trend.end + hours * 3600
    if cycle is not None and eta > cycle[1]:
        return None
    fast, slow = max(trend.high or trend.slope, trend.slope), min(trend.low or trend.slope, trend.slope)
    latest = trend.end + missing / slow * 3600 if slow > 0 else trend.end + FORECAST_REACH * trend.minutes * 60
    if cycle is not None:
        latest = min(latest, cycle[1])
    return (trend.end + missing / fast * 3600, max(latest, eta))


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
