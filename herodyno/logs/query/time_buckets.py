"""Buckets of time, aligned to the clock of a zone: by the minute, by five minutes, by the day.

Weeks begin on Monday, days at midnight of the zone. A day on which the clock changes has 23 or 25 hours.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from math import floor

_EPOCH = datetime(1970, 1, 1)
_MONDAY = 4 * 86_400  # the first Monday midnight of the epoch, in seconds of a wall clock
_QUARTER = 900  # seconds; a zone's offset changes at a quarter of an hour only
_HOUR = 3600
# Widths in seconds, each a multiple of the width before: seconds, minutes, hours, a day, a week.
_WIDTHS = (1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800)

# Widths that an eye knows. Not each is a multiple of the width before.
_ROUND = sorted({*_WIDTHS, 2, 15, 20, 120, 180, 240, 360, 480, 900, 1200, 2400, 5400, 7200, 14_400, 28_800})


class TimeBuckets:
    """Buckets of `seconds` in `zone`. A bucket is named by the instant it begins at, in seconds of the epoch."""

    def __init__(self, seconds: int, zone: tzinfo) -> None:
        self.seconds = seconds
        self._zone = zone
        self._start = self._since = self._until = 0  # the bucket of all instants from `_since` to before `_until`

    def start(self, at: datetime) -> int:
        """The bucket that the time falls into."""
        return self.start_of(floor(at.timestamp()))

    def start_of(self, instant: int) -> int:
        """The same for seconds of the epoch."""
        if not self._since <= instant < self._until:
            self._find(instant)
        return self._start

    def between(self, first: int, last: int) -> list[int]:
        """All buckets from `first` to `last`, both included."""
        found = [first]
        while (at := found[-1]) < last:
            instant = at + self.seconds
            while (following := self.start_of(instant)) <= at:  # the clock was put back
                instant += _HOUR
            found.append(following)
        return found

    def widened(self) -> TimeBuckets:
        """The next wider buckets. Each holds whole buckets of these."""
        wider = (width for width in _WIDTHS if width > self.seconds and width % self.seconds == 0)
        return TimeBuckets(next(wider, 2 * self.seconds), self._zone)

    def wider(self, first: int, last: int, most: int) -> TimeBuckets:
        """Wider buckets, `most` or fewer from `first` to `last` if a round width does that. Each holds whole ones."""
        widths = [width for width in _ROUND if width > self.seconds and width % self.seconds == 0]
        fitting = (width for width in widths if (last - first) // width + 2 <= most)
        return TimeBuckets(next(fitting, 0) or self.widened().seconds, self._zone)

    def _find(self, instant: int) -> None:
        quarter = instant // _QUARTER * _QUARTER
        offset = datetime.fromtimestamp(quarter, UTC).astimezone(self._zone).utcoffset() or timedelta()
        shift = floor(offset.total_seconds())
        into = (instant + shift - _MONDAY) % self.seconds
        self._since = max(quarter, instant - into)
        self._until = min(quarter + _QUARTER, instant - into + self.seconds)
        # Up to an hour, a bucket that comes twice when the clock is put back is two buckets. A longer one is longer.
        is_short = self.seconds <= _HOUR
        self._start = instant - into if is_short else self._instant(instant + shift - into)

    def _instant(self, wall: int) -> int:
        """When the clock of the zone shows this many seconds since the epoch."""
        return floor((_EPOCH + timedelta(seconds=wall)).replace(tzinfo=self._zone).timestamp())
