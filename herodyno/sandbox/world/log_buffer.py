"""The log of one app: what Logplex keeps (the last 1,500 lines), and the tails that follow it.

Nothing is pushed: a tail is asked with `take()`, so the world stays a pure state machine.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from herodyno.sandbox.world import log_lines

CAPACITY = 1500  # lines Logplex keeps per app (Dev Center, "Logging")


class LogEntry(NamedTuple):
    """One line. `source` is "app" or "heroku", `proc` "web.1", "router", "api" ….

    `dyno_id` is the incarnation that truly wrote or served it ("" when none): no reader is told.
    """

    at: datetime
    source: str
    proc: str
    text: str
    dyno_id: str = ""


@dataclass(slots=True)
class _Loss:
    """Lines of one dyno that log-shuttle does not ship."""

    proc: str
    count: int
    code: str
    lost: int = 0
    since: datetime | None = None


class LogBuffer:
    """`entries` are in order of arrival, which is not quite the order of time.

    `everything` is the whole log since the start when `keep_all` was asked for, else only what is kept.
    """

    def __init__(self, *, keep_all: bool = False, keeps_history: bool = True) -> None:
        self.entries: deque[LogEntry] = deque(maxlen=CAPACITY)
        self.keeps_history = keeps_history
        self.is_hidden = False  # history cannot be had at the moment (L15)
        self.total = 0
        self._losing: list[_Loss] = []
        self._archive: list[LogEntry] | None = [] if keep_all else None
        self._tails: list[Tail] = []

    @property
    def everything(self) -> list[LogEntry]:
        return list(self.entries if self._archive is None else self._archive)

    def extend(self, entries: Sequence[LogEntry]) -> None:
        if self._losing:
            entries = [kept for entry in entries for kept in self._shipped(entry)]
        self.entries.extend(entries)
        self.total += len(entries)
        if self._archive is not None:
            self._archive.extend(entries)
        for tail in self._tails:
            for entry in entries:
                tail.offer(entry)

    def lose(self, proc: str, count: int, code: str) -> None:
        """The next `count` lines that `proc` prints reach nobody; then an L12 or L13 line says how many."""
        self._losing.append(_Loss(proc, count, code))

    def _shipped(self, entry: LogEntry) -> list[LogEntry]:
        """What log-shuttle ships when a dyno prints `entry`."""
        loss = next((each for each in self._losing if (entry.source, entry.proc) == ("app", each.proc)), None)
        if loss is None:
            return [entry]
        loss.since = loss.since or entry.at
        loss.lost += 1
        if loss.lost < loss.count:
            return []
        self._losing.remove(loss)
        told = log_lines.shuttle_loss(loss.code, loss.lost, loss.since.isoformat(timespec="microseconds"))
        return [LogEntry(entry.at, "app", "log-shuttle", told)]

    def history(self, lines: int) -> list[LogEntry]:
        """The last `lines` entries, at most CAPACITY, none where no history is kept (Fir).

        Filters come after this, as on Heroku.
        """
        if self.is_hidden and self.entries:
            return [self.entries[-1]._replace(source="heroku", proc="logplex", text=log_lines.L15, dyno_id="")]
        count = max(0, min(lines, CAPACITY))
        return list(self.entries)[-count:] if count and self.keeps_history else []

    def follow(self, *, room: int = 1_000_000) -> Tail:
        """A tail that sees every entry from now on. Beyond `room` unread entries it loses lines (L11)."""
        tail = Tail(room)
        self._tails.append(tail)
        return tail

    def unfollow(self, tail: Tail) -> None:
        if tail in self._tails:
            self._tails.remove(tail)


class Tail:
    """A reader that follows a log. When it is slow, the oldest lines are lost and an L11 line says how many."""

    def __init__(self, room: int) -> None:
        self._waiting: deque[LogEntry] = deque()
        self._room = room
        self._lost = 0
        self._lost_at: datetime | None = None

    def offer(self, entry: LogEntry) -> None:
        if len(self._waiting) >= self._room:
            self.lose(1)
        self._waiting.append(entry)

    def lose(self, count: int) -> None:
        """Drop up to `count` waiting lines, as an overflow does; the next `take` reports them."""
        for _ in range(min(count, len(self._waiting))):
            self._lost_at = self._waiting.popleft().at
            self._lost += 1

    def take(self) -> list[LogEntry]:
        """What arrived since the last call, an L11 line first when lines were lost."""
        taken = list(self._waiting)
        self._waiting.clear()
        if self._lost and self._lost_at is not None:
            text = log_lines.tail_overflow(self._lost, f"{self._lost_at:%Y-%m-%d %H:%M:%S.%f}000 +0000 UTC")
            taken.insert(0, LogEntry(self._lost_at, "heroku", "logplex", text))
            self._lost = 0
        return taken
