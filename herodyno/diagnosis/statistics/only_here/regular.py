"""A line that comes at even gaps is printed by a clock: a scheduled job, a heartbeat, a retry."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from herodyno.diagnosis.statistics.median import median

# Gaps count as even within one slot. At random they would all be even once in a hundred looks.
_LEEWAY = 1
_CHANCE = 0.01


def period(slots: Collection[int]) -> int | None:
    """The gap in slots between events that come as evenly as no requests do, else None. Events may be missing."""
    gaps = [later - earlier for earlier, later in pairwise(sorted(slots))]
    if not gaps:
        return None
    usual = round(median(gaps))
    if usual <= 2 * _LEEWAY:
        return None
    even = all(min(gap % usual, -gap % usual) <= _LEEWAY for gap in gaps)
    return usual if even and ((2 * _LEEWAY + 1) / usual) ** len(gaps) <= _CHANCE else None
