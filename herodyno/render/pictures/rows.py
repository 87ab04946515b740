"""Pictures of one row: a sparkline, a strip of shades, a bar of a share."""

from __future__ import annotations

from collections.abc import Container, Sequence
from math import ceil

from herodyno.render.pictures.signs import Signs


def sparkline(
    values: Sequence[float | None], *, top: float, signs: Signs, borders: Container[int] = frozenset()
) -> str:
    """One character for each value, on a scale from 0 to `top` that other sparklines may share.

    None is a gap. Whatever is above zero is seen. A border stands where one dyno ended and the next began, but never
    in place of a value above zero.
    """
    return _row(values, top, signs.levels, signs, borders)


def heat_strip(
    values: Sequence[float | None], *, top: float, signs: Signs, borders: Container[int] = frozenset()
) -> str:
    """The same in shades, for many rows below one another: dynos by time."""
    return _row(values, top, signs.shades, signs, borders)


def share_bar(share: float | None, width: int, sign: str) -> str:
    """A share of 0 to 1 as so many signs of `width`. A share above 0 has a sign, one below 1 is not a full bar."""
    if not share or width < 1:
        return ""
    if share >= 1:
        return sign * width
    return sign * max(1, min(width - 1, round(share * width)))


def _row(values: Sequence[float | None], top: float, levels: str, signs: Signs, borders: Container[int]) -> str:
    return "".join(
        signs.border if place in borders and not value else _sign(value, top, levels, signs)
        for place, value in enumerate(values)
    )


def _sign(value: float | None, top: float, levels: str, signs: Signs) -> str:
    if value is None:
        return " "
    if value <= 0 or top <= 0:
        return signs.zero
    return levels[min(len(levels), ceil(value / top * len(levels))) - 1]
