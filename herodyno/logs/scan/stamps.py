"""Timestamps of log lines as bytes ("2026-03-02T12:00:01.000002"): many checked at once, one turned to seconds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from herodyno.units import USABLE_YEARS, log_time, time_at

LENGTH = 26
_DIGITS = b"0123456789"
_BETWEEN = {4: b"-", 7: b"-", 10: b"T", 13: b":", 16: b":", 19: b"."}
_TENS = (14, 17)  # of minutes and seconds
_MINUTE = 60_000_000  # in microseconds


class Stamps:
    """Checks timestamps, all in UTC. Many lines share a minute, so each minute is parsed once."""

    def __init__(self) -> None:
        self._minutes: dict[bytes, int | None] = {}  # "2026-03-02T12:00:" -> microseconds since 1970
        self._written = (-1, b"")  # the minute that `stamp` wrote last

    def are_times(self, stamps: Sequence[bytes]) -> bool:
        """Whether all of these, each of 26 bytes, are times that exist (no 30 February)."""
        if not stamps:
            return True
        joined = b"".join(stamps)
        if len(joined.translate(None, _DIGITS)) != len(_BETWEEN) * len(stamps):
            return False
        if any(joined[at::LENGTH].strip(between) for at, between in _BETWEEN.items()):
            return False
        if any(joined[at::LENGTH].strip(b"012345") for at in _TENS):
            return False
        first, last = min(stamps), max(stamps)
        hours = {first[:13]} if first[:13] == last[:13] else {stamp[:13] for stamp in stamps}
        return all(self._minute(hour + b":00:") is not None for hour in hours)

    def is_time(self, stamp: bytes) -> bool:
        """Whether a stamp of the right shape is a time that exists."""
        return self._minute(stamp[:17]) is not None

    def seconds(self, stamp: bytes) -> float:
        """Seconds since 1970 of a time that exists."""
        return self.microseconds(stamp) / 1_000_000

    def microseconds(self, stamp: bytes) -> int:
        """Microseconds since 1970 of a time that exists."""
        minute = self._minutes.get(stamp[:17])
        if minute is None:
            minute = self._minute(stamp[:17]) or 0
        return minute + int(stamp[17:19] + stamp[20:])

    def stamp(self, us: int) -> bytes:
        """The stamp of a time in microseconds since 1970."""
        minute, rest = divmod(us, _MINUTE)
        if minute != self._written[0]:
            self._written = (minute, log_time(time_at(minute * _MINUTE))[:17].encode())
        return b"%b%02d.%06d" % (self._written[1], *divmod(rest, 1_000_000))

    def _minute(self, minute: bytes) -> int | None:
        if minute not in self._minutes:
            try:
                at: datetime | None = datetime.fromisoformat(f"{minute.decode('latin-1')}00+00:00")
            except ValueError:
                at = None
            if at is None or at.year not in USABLE_YEARS:
                self._minutes = {minute: None}
            else:
                # 100 minutes at most are kept, so that a long log takes no more memory.
                kept = self._minutes if len(self._minutes) < 100 else {}
                self._minutes = {**kept, minute: int(at.timestamp()) * 1_000_000}
        return self._minutes[minute]
