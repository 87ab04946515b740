"""Durations and shares as people type them: "90s", "5m", "12h", "2d"; "90%", "25%"."""

from __future__ import annotations

import re

from herodyno.errors import UsageError

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)([smhd]?)", re.ASCII)
_PERCENT = re.compile(r"(\d{1,4}(?:\.\d{1,3})?)%?", re.ASCII)


def parse_duration(text: str, *, flag: str, unit_needed: bool = False) -> float:
    """The duration in seconds ("12" is 12 s). Raises UsageError naming `flag`.

    `unit_needed` refuses a number without a unit: "12" typed for 12 hours would select the wrong dynos.
    """
    found = _DURATION.fullmatch(text.strip())
    if found and unit_needed and not found[2]:
        raise UsageError(
            f"{flag} {text!r} has no unit; nothing was sent.",
            next_step=f"Write it as {flag} {found[1]}m or {found[1]}h.",
        )
    if not found:
        raise UsageError(f"{flag} {text!r} is not a duration.", next_step=f"Write it as {flag} 90s, 5m, 12h or 2d.")
    return float(found[1]) * _SECONDS[found[2]]


def parse_share(text: str, *, flag: str) -> float:
    """A share as a fraction: "90%" and "90" are 0.9. Raises UsageError naming `flag`; a bare "0.9" is refused too."""
    found = _PERCENT.fullmatch(text.strip())
    if not found or (0 < float(found[1]) <= 1 and "%" not in text):
        raise UsageError(f"{flag} {text!r} is not a percentage.", next_step=f"Write it as {flag} 90%.")
    return float(found[1]) / 100


def show_duration(seconds: float) -> str:
    """ "45 s", "5 min", "2 h 30 min", "3 d 4 h"."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"
