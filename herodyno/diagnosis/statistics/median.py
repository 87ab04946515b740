"""The median of numbers. Python's own comes with fractions, decimals and random numbers, which nobody needs here."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence


def median(numbers: Iterable[float]) -> float:
    """The middle one, or half way between the two in the middle. Raises IndexError without a number."""
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def median_of_others(ordered: Sequence[float], own: float) -> float:
    """The median of all numbers but one of them, the smallest first. Raises IndexError without another."""
    left_out, others = bisect_left(ordered, own), len(ordered) - 1
    low, high = (place + (place >= left_out) for place in ((others - 1) // 2, others // 2))
    return ordered[high] if others % 2 else (ordered[low] + ordered[high]) / 2
