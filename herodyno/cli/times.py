"""Times as people type them: "10m" (ago), "14:30", "yesterday", "2026-11-23 02:00", with or without a zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from herodyno.errors import UsageError
from herodyno.typed_values import parse_duration
from herodyno.units import USABLE_YEARS

_AGO = re.compile(r"-?(\d[\d.]*[smhd])(?: ago)?")
_DAYS = {"today": 0, "yesterday": 1}


def parse_time(text: str, *, now: datetime, zone: tzinfo | None, flag: str) -> datetime:
    """The time in UTC. `zone` is the zone of a text without one; None is this machine's zone.

    A time of day is the last such time before now. Raises UsageError for text that is no time.
    """
    text = text.strip()
    try:
        at = _time(text, now, zone, flag)
    except (ValueError, OverflowError):
        at = None
    if at is None or at.year not in USABLE_YEARS:
        raise UsageError(
            f"{flag} {text!r} is no time", next_step=f"such as {flag} 10m, 14:30, yesterday, 2026-11-23T02:00Z"
        )
    return at


def _time(text: str, now: datetime, zone: tzinfo | None, flag: str) -> datetime:
    if found := _AGO.fullmatch(text):
        return now - timedelta(seconds=parse_duration(found[1], flag=flag))
    local = now.astimezone(zone)
    if text in _DAYS:
        day = local.date() - timedelta(days=_DAYS[text])
        return _in_utc(datetime.combine(day, time()), zone)
    try:
        clock = time.fromisoformat(text) if ":" in text else None
    except ValueError:
        clock = None
    if clock is not None and clock.tzinfo is None:
        at = _in_utc(datetime.combine(local.date(), clock), zone)
        return at if at <= now else at - timedelta(days=1)
    return _in_utc(datetime.fromisoformat(text), zone)


def _in_utc(at: datetime, zone: tzinfo | None) -> datetime:
    if at.tzinfo is None:
        at = at.replace(tzinfo=zone) if zone else at.astimezone()
    return at.astimezone(UTC)
