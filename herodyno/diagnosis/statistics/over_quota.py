"""When a dyno was over its memory quota, and whether it is: by its last samples, else by its R14 lines."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

from herodyno.diagnosis.counting.errors.bursts import Spans
from herodyno.diagnosis.counting.memory_facts import EPISODE_GAP_SECONDS, MemoryFacts
from herodyno.diagnosis.statistics.tense import GOES_ON_SECONDS, NEVER_FAILED, PAUSES, Tense

# An older reading tells of the past only. Samples come every 20 seconds or so.
FRESH_SECONDS = 300.0
# So many samples below the quota show that a dyno is below it.
_MIN_BELOW = 3


def times_over(memory: MemoryFacts, quota_mb: float | None) -> Spans:
    """The spans of time over the quota, by samples and R14 lines. Two less than a minute apart are one."""
    spans = Spans(EPISODE_GAP_SECONDS, memory.r14_spans)
    if quota_mb and memory.max_mb is not None and memory.max_mb > quota_mb:
        for at, total_mb, _ in memory.samples:
            if total_mb > quota_mb:
                spans.add(at)
    return spans


def is_fresh(memory: MemoryFacts, end: float) -> bool:
    """Whether the last sample tells of now, the end of the window (seconds since 1970)."""
    return memory.last is not None and end - memory.last[0] <= FRESH_SECONDS


def quota_tense(memory: MemoryFacts, quota_mb: float | None, end: float) -> Tense:
    """Whether a dyno is over its quota at the end of the window. `newest` is when it was last seen over it.

    That has ended after twice the longest pause before. A level that swings has not ended between two peaks.
    """
    spans = list(times_over(memory, quota_mb))
    if not spans:
        return NEVER_FAILED
    newest = spans[-1][1]
    quiet = end - newest
    pause = max((later[0] - earlier[1] for earlier, later in pairwise(spans)), default=0.0)
    if memory.last is not None and quota_mb:
        if not is_fresh(memory, end):
            return Tense(None, newest)
        if memory.last[1] > quota_mb or newest >= memory.last[0]:
            return Tense(True, newest)
        times = memory.samples.seconds
        below = len(times) - bisect_right(times, newest)
        has_ended = below >= _MIN_BELOW and quiet >= PAUSES * pause
    elif quiet <= GOES_ON_SECONDS:
        return Tense(True, newest)
    else:
        has_ended = quiet >= max(FRESH_SECONDS, PAUSES * pause)
    return Tense(False, newest, newest) if has_ended else Tense(None, newest)
