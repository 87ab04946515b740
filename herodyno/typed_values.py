"""Intervals and shares as people type them: "90s", "5m", "90%". Other text is refused."""

from __future__ import annotations

import re

from herodyno.errors import UsageError
from herodyno.units import SECONDS_OF_UNIT

_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)([smhd]?)", re.ASCII)
_PERCENT = re.compile(r"(\d{1,4}(?:\.\d{1,3})?)%?", re.ASCII)


def parse_duration(text: str, *, flag: str, unit_needed: bool = False) -> float:
    """Seconds of "90s", "5m", "12h", "2d" or "90", as people type an interval.

    Raises UsageError that names the flag. `unit_needed`: where "12" for 12 hours would hit the wrong dynos.
    """
    found = _DURATION.fullmatch(text.strip())
    if found and unit_needed and not found[2]:
        raise UsageError(
            f"{flag} {text!r} has no unit; nothing was sent.",
            next_step=f"Write it as {flag} {found[1]}m or {found[1]}h.",
        )
    if not found:
        raise UsageError(f"{flag} {text!r} is not a duration.", next_step=f"Write it as {flag} 90s, 5m, 12h or 2d.")
    return float(found[1]) * SECONDS_OF_UNIT[found[2]]


def parse_share(text: str, *, flag: str) -> float:
    """A share as a fraction: "90%" and "90" are 0.9. A bare "0.9" is refused. Raises UsageError naming the flag."""
    found = _PERCENT.fullmatch(text.strip())
    if not found or (0 < float(found[1]) <= 1 and "%" not in text):
        raise UsageError(f"{flag} {text!r} is not a percentage.", next_step=f"Write it as {flag} 90%.")
    return float(found[1]) / 100
