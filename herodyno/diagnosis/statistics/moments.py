"""Failures that hang together in time are one moment: it falls on a dyno as a whole, with the lines it has.

A dyno that hangs for eight seconds fails a hundred requests on ten paths, and has failed once. Counted by lines, such
bursts accuse an innocent dyno in up to 77 % of simulated windows.

Where errors never pause, that would mislead the other way: a dyno that fails all the time would have failed once. So a
long episode is cut into moments of one length. A page that fails all the time is many moments, a hang is few.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import ceil, log

from herodyno.diagnosis.counting.errors.bursts import Spans

# The time looked at is cut into so many moments, none shorter or longer than these. A hang is about ten seconds.
_MOST_MOMENTS = 36
_SHORTEST, _LONGEST = 10.0, 30.0
# Lengths step by a quarter, so that few lengths are in use and what they are counted from is counted once.
_STEP = 1.25
# In failing that lasts a moment may be as short as this. The log of a busy app may hold fifteen seconds in all.
_SHORTEST_LASTING = 0.1
# Two digits of a size are kept, so that a type has few sizes.
_DIGITS = 2


def moment_length(episodes: Spans, seconds: float) -> float:
    """How long a moment lasts at most, in the seconds looked at: a 36th, and 10 to 30 s.

    Failing that lasts is no hang, so there a moment may be shorter than 10 s. Failing lasts when long episodes fill a
    third of the time, and half a minute of it. In a window of seconds half of the time must be filled.
    """
    long = sum(last - first for first, last in episodes if last - first >= min(_LONGEST, seconds / 4))
    lasts = long >= max(seconds / 3, min(_LONGEST, seconds / 2))
    length = min(_LONGEST, max(_SHORTEST_LASTING if lasts else _SHORTEST, seconds / _MOST_MOMENTS))
    return _LONGEST / _STEP ** ceil(log(_LONGEST / length) / log(_STEP) - 1e-9)


def moments(episodes: Spans, length: float) -> Iterator[tuple[float, float]]:
    """(time of the middle, lines) of each moment. The lines of an episode are taken to be spread evenly."""
    for first, last, lines in episodes.sized():
        pieces = min(lines, 1 + int((last - first) // length))
        for i in range(pieces):
            yield (first + (i + 0.5) * (last - first) / pieces, lines / pieces)


@lru_cache(maxsize=4096)  # the moments of an episode all have one size
def rounded(lines: float) -> float:
    """The size of a moment, to two digits."""
    return float(f"{lines:.{_DIGITS}g}")
