"""A discrete-event simulator: the time, the random numbers, the queue of events, and writing to a log.

An event carries its own time. So any way of cutting the same span into ticks gives the same bytes.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random

from herodyno.sandbox.heroku_facts import LATE_MEAN, LATE_SHARE
from herodyno.sandbox.world.log_buffer import LogBuffer, LogEntry


class ScheduledEvent:
    """An event that happens unless it is cancelled. `action` is None once the event has happened or was cancelled."""

    __slots__ = ("action",)

    def __init__(self, action: Callable[[], object]) -> None:
        self.action: Callable[[], object] | None = action

    def cancel(self) -> None:
        """Make sure that the event does not happen."""
        self.action = None


class Simulator:
    """The clock of one world: `seconds` have passed since `start`. `random` is the only source of chance."""

    def __init__(self, seed: int, start: datetime) -> None:
        self.seed = seed
        self.start = start
        self.seconds = 0.0
        self.random = Random(seed)  # noqa: S311  the same seed must give the same world
        self._queue: list[tuple[float, int, ScheduledEvent]] = []
        self._order = count()

    @property
    def now(self) -> datetime:
        """The time of the world, in UTC."""
        return self.time(self.seconds)

    def time(self, seconds: float) -> datetime:
        """The time when `seconds` have passed since `start`."""
        return self.start + timedelta(seconds=seconds)

    def schedule(self, seconds: float, action: Callable[[], object]) -> ScheduledEvent:
        """Call `action` when `seconds` have passed from now."""
        event = ScheduledEvent(action)
        heapq.heappush(self._queue, (self.seconds + seconds, next(self._order), event))
        return event

    def run(self, seconds: float) -> None:
        """Let `seconds` pass. Events happen in order of time, equal times in order of scheduling."""
        until = self.seconds + seconds
        queue = self._queue
        while queue and queue[0][0] <= until:
            self.seconds, _, event = heapq.heappop(queue)
            action, event.action = event.action, None
            if action is not None:
                action()
        self.seconds = until

    def new_id(self) -> str:
        """A UUID of version 4, from the seed."""
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
        late: float = LATE_SHARE,
    ) -> None:
        """Write lines that belong together, microseconds apart. With probability `late` all of them arrive late."""
        stamp = self.now if at is None else at
        random = self.random
        entries = []
        for text in texts:
            entries.append(LogEntry(stamp, source, proc, text, dyno_id))
            stamp += timedelta(microseconds=random.randrange(4))
        if random.random() < late:
            self.schedule(random.expovariate(1 / LATE_MEAN), lambda: log.extend(entries))
        else:
            log.extend(entries)
