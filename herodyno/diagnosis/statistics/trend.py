"""How one dyno's memory moves: flat, warming up or growing, judged after 90 minutes and by its later part.

The slope is Theil and Sen's over the medians of 5-minute blocks (H. Theil, 1950; P. K. Sen, JASA 63 (1968) 1379).
Samples come every 20 seconds and follow one another closely. Over single samples Sen's interval calls 66 % of flat
series growing (measured with AR(1) 0.95), over blocks 16 %, and after the gates below none. Most leaks begin with a
warm-up. So the last two thirds are judged once more by themselves, with a warm-up that may still fade in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import sqrt
from typing import Literal, NamedTuple, TypeAlias

from herodyno.diagnosis.counting.memory_facts import BLOCK_SECONDS, MemoryFacts
from herodyno.diagnosis.statistics.drift import Drift, Point
from herodyno.diagnosis.statistics.median import median
from herodyno.diagnosis.statistics.rates import Z95
from herodyno.heroku_facts import CEDAR_QUOTAS_MB
from herodyno.units import count

MIN_TREND_MINUTES = 90
# The part of the expected samples that must be there.
MIN_COMPLETE = 0.8
MIN_BLOCKS = 12
# A rise counts from this part of the quota, and from this many times the scatter about the line.
MIN_RISE_OF_QUOTA = 0.05
SPREADS = 4.0
# The rise of the last part counts from this part of the quota, and from so many standard deviations of its slope.
MIN_LATE_RISE_OF_QUOTA = 0.01
LATE_DEVIATIONS = 3.0
LATE_HOURS = 1.0
# The slopes between all pairs are computed: so many blocks have 45,000.
MOST_BLOCKS = 300
# A line through two points fits them, and tells nothing.
_LEAST_POINTS = 3
# Blocks with fewer samples are thin.
_MIN_IN_BLOCK = 3
# The median absolute deviation times this is the standard deviation of a normal distribution.
_MAD_TO_SIGMA = 1.4826

TrendKind: TypeAlias = Literal["not_assessed", "flat", "warming_up", "growing"]


class LatePart(NamedTuple):
    """What memory did in its last hours, whatever it did before: `slope` in MB/h, plus or minus `margin` (95 %).

    `rises`: beyond doubt and by enough to matter. `may_rise`: the margin allows for as much.
    """

    slope: float
    margin: float
    hours: float
    rises: bool
    may_rise: bool


class TrendFacts(NamedTuple):
    """The trend of one dyno's memory. `minutes` were observed.

    `slope` in MB/h is that of the later part, `low` and `high` are its 95 % interval. `last_mb` is the fitted level at
    `end` (seconds since 1970). `drift` was fitted to the later part, from `later` on.
    """

    kind: TrendKind
    reason: str
    minutes: float = 0.0
    slope: float | None = None
    low: float | None = None
    high: float | None = None
    last_mb: float = 0.0
    end: float = 0.0
    late: LatePart | None = None
    later: float = 0.0
    drift: Drift | None = None


def trend(memory: MemoryFacts, quota_mb: float | None) -> TrendFacts:
    """Classify one dyno's memory_total. A trend needs 90 minutes with 80 % of the samples expected."""
    if not memory.n:
        return TrendFacts("not_assessed", "no runtime metrics")
    times = list(dict.fromkeys(memory.samples.seconds))
    minutes = (times[-1] - times[0]) / 60 if len(times) > 1 else 0.0
    if minutes < MIN_TREND_MINUTES:
        return TrendFacts("not_assessed", f"{minutes:.0f} min of {MIN_TREND_MINUTES} min needed", minutes)
    # Samples that were thinned out (counting/samples.py) are one in each `width` seconds.
    usual_gap = memory.samples.width or median(b - a for a, b in pairwise(times))
    complete = len(times) / (minutes * 60 / usual_gap + 1) if usual_gap > 0 else 0.0
    if complete < MIN_COMPLETE:
        return TrendFacts("not_assessed", f"{complete:.0%} of the samples expected, 80 % needed", minutes)
    points = block_medians(memory.levels)
    if len(points) < MIN_BLOCKS:
        return TrendFacts("not_assessed", f"{count(len(points), 'span')} of 5 min, {MIN_BLOCKS} needed", minutes)
    # The smallest quota stands for an unknown one, so that the gate of the rise is never laxer than meant.
    return _classify(points, quota_mb or min(CEDAR_QUOTAS_MB), minutes)


def block_medians(blocks: Mapping[int, Sequence[float]]) -> list[Point]:
    """(middle of the block in seconds, median total), by time.

    Thin blocks are left out unless there are no others. Beyond 25 hours every second block stays, or fewer.
    """
    full = {key: levels for key, levels in blocks.items() if len(levels) >= _MIN_IN_BLOCK} or blocks
    medians = [((key + 0.5) * BLOCK_SECONDS, median(full[key])) for key in sorted(full)]
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


def _classify(points: Sequence[Point], quota_mb: float, minutes: float) -> TrendFacts:
    """The class by three gates: the slope is positive beyond doubt, the rise is large, and its shape.

    Growing: both halves rise, the second at half of the whole slope at least. Or the last two thirds rise in such a
    way that a warm-up which still fades does not explain it. Warming up: the slope of the second half is below half of
    the first. Everything else is flat.
    """
    slope = theil_sen(points)
    half = len(points) // 2
    first, second = theil_sen(points[: half + 1]), theil_sen(points[half:])
    later = points[len(points) // 3 :]
    drift = Drift(later)
    mean, deviation = drift.slope()
    low, high = mean - Z95 * deviation, mean + Z95 * deviation
    last = points[-1][0]
    late = _late_part(points, drift, later, quota_mb)
    flat = TrendFacts("flat", "", minutes, mean, low, high, drift.level(last), last, late, later[0][0], drift)
    bends = second < first / 2
    if not bends and first > 0 and second > 0 and second >= slope / 2 and _rises(points, slope, quota_mb):
        return flat._replace(kind="growing")
    if late.rises and low > 0 and _rises(later, mean, quota_mb):
        return flat._replace(kind="growing")
    rises = _rises(points, slope, quota_mb) or _rose_early(points, second, quota_mb)
    return flat._replace(kind="warming_up") if bends and rises and sen_interval(points)[0] > 0 else flat


def _late_part(points: Sequence[Point], drift: Drift, later: Sequence[Point], quota_mb: float) -> LatePart:
    """The slope of the last hour, or of the last third if that is longer.

    A saw-tooth hides what an hour rises by. Then the two thirds that `drift` was fitted to may show it.
    """
    hours = max(LATE_HOURS, (points[-1][0] - points[0][0]) / 3 / 3600)
    part = [point for point in points if point[0] >= points[-1][0] - hours * 3600]
    longer = _part(drift, (later[-1][0] - later[0][0]) / 3600, quota_mb)
    if len(part) < _LEAST_POINTS:
        return longer
    last = _part(Drift(part, with_warm_up=False), hours, quota_mb)
    return longer if longer.rises and not last.rises else last


def _part(drift: Drift, hours: float, quota_mb: float) -> LatePart:
    slope, deviation = drift.slope()
    margin, enough = Z95 * deviation, MIN_LATE_RISE_OF_QUOTA * quota_mb / hours
    return LatePart(slope, margin, hours, slope >= max(enough, LATE_DEVIATIONS * deviation), slope + margin >= enough)


def _rises(points: Sequence[Point], slope: float, quota_mb: float) -> bool:
    """Whether points rise beyond doubt, and by more than they scatter about the line of that slope (MB/h)."""
    hours = (points[-1][0] - points[0][0]) / 3600
    enough = max(MIN_RISE_OF_QUOTA * quota_mb, SPREADS * _scatter(points, slope))
    return slope * hours >= enough and sen_interval(points)[0] > 0


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
