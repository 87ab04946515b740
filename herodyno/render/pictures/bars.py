"""Columns of several rows, for one series that deserves them."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from herodyno.render.pictures.signs import Signs


def bars(values: Sequence[float | None], *, top: float, rows: int, signs: Signs) -> list[str]:
    """One column for each value, the highest row first, on a scale from 0 to `top`. None is a gap."""
    return ["".join(_sign(value, top, rows, row, signs) for value in values) for row in reversed(range(rows))]


def _sign(value: float | None, top: float, rows: int, row: int, signs: Signs) -> str:
    """The part of a column in a row, counted from below."""
    if value is None:
        return " "
    if value <= 0 or top <= 0:
        return " " if row else signs.zero
    eighths = max(1, ceil(min(value / top, 1.0) * rows * len(signs.levels))) - row * len(signs.levels)
    return " " if eighths <= 0 else signs.levels[min(eighths, len(signs.levels)) - 1]
