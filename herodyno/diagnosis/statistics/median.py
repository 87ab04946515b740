"""The median of numbers. Python's own comes with fractions, decimals and random numbers, which nobody needs here."""

from __future__ import annotations

from collections.abc import Iterable


def median(numbers: Iterable[float]) -> float:
    """The middle one, or half way between the two in the middle. Raises IndexError without a number."""
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
