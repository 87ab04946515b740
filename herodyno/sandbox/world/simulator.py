"""What every part of the world needs: the time, chance, the calendar of what comes next, and a pen for the log.

A calendar entry carries its own time, so any way of cutting the same span into ticks gives the same bytes.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random

from herodyno.sandbox.world.log_buffer import LogBuffer, LogEntry

LATE = 0.05  # share of lines that arrive after younger ones (real logs: 371 of 5,982)
LATE_SECONDS = 0.13  # mean of an exponential delay with the real median, 0.09 s


class Planned:
    """Something that will happen unless it is cancelled. `action` is None once it has."""

    __slots__ = ("action",)

    def __init__(self, action: Callable[[], None]) -> None:
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        self.action = None


class Stage:
    """`seconds` is the time since `start`; `now` the same as a datetime."""

    def __init__(self, seed: int, start: datetime) -> None:
        self.start = start
        self.seconds = 0.0
        self.random = Random(seed)  # noqa: S311  a simulation wants the same dice twice
        self._calendar: list[tuple[float, int, Planned]] = []
        self._order = count()

    @property
    def now(self) -> datetime:
        return self.time(self.seconds)

    def time(self, seconds: float) -> datetime:
        return self.start + timedelta(seconds=seconds)

    def later(self, seconds: float, action: Callable[[], None]) -> Planned:
        """Do `action` when `seconds` have passed."""
        planned = Planned(action)
        heapq.heappush(self._calendar, (self.seconds + seconds, next(self._order), planned))
        return planned

    def run(self, seconds: float) -> None:
        """Let `seconds` pass, doing what falls due in its order."""
        until = self.seconds + seconds
        calendar = self._calendar
        while calendar and calendar[0][0] <= until:
            self.seconds, _, planned = heapq.heappop(calendar)
            action, planned.action = planned.action, None
            if action is not None:
                action()
        self.seconds = until

    def new_id(self) -> str:
        """A UUID of version 4."""
        bits = self.random.getrandbits(128) & ~(0xF << 76) & ~(0x3 << 62) | (4 << 76) | (2 << 62)
        text = f"{bits:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def write(
        self,
        log: LogBuffer,
        source: str,
        proc: str,
        *texts: str,
        dyno_id: str = "",
        at: datetime | None = None,
        late: float = LATE,
    ) -> None:
        """Log lines that belong together, microseconds apart; with chance `late` they arrive late, in one piece."""
        stamp = self.now if at is None else at
        random = self.random
        entries = []
        for text in texts:
            entries.append(LogEntry(stamp, source, proc, text, dyno_id))
            stamp += timedelta(microseconds=random.randrange(4))
        if random.random() < late:
            self.later(random.expovariate(1 / LATE_SECONDS), lambda: log.extend(entries))
        else:
            log.extend(entries)
