"""Where two answers differ, field by field."""

from __future__ import annotations

import math
from typing import Any


def difference(one: Any, other: Any) -> str:
    """Where two values differ first, or "". Integers and texts are equal exactly, floats to 1e-6."""
    if isinstance(one, float) and isinstance(other, float):
        return "" if math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9) else f"{one} {other}"
    if type(one) is not type(other):
        return f"{one!r} {other!r}"
    if isinstance(one, list):
        if len(one) != len(other):
            return f"{len(one)} and {len(other)} rows"
        return next((f"{at}: {found}" for at, pair in enumerate(zip(one, other, strict=True))
                     if (found := difference(*pair))), "")  # fmt: skip
    if isinstance(one, dict):
        if one.keys() != other.keys():
            return f"{one.keys() ^ other.keys()}"
        return next((f"{key}: {found}" for key in one if (found := difference(one[key], other[key]))), "")
    return "" if one == other else f"{one!r} {other!r}"
