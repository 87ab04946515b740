"""The log of one app: the last lines, which Logplex keeps, and the tails that follow it.

Nothing is pushed. The reader of a tail calls `take()`, so the world stays a pure state machine.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from herodyno.sandbox.heroku_facts import LOG_BUFFER_LINES
from herodyno.sandbox.world import log_lines


class LogEntry(NamedTuple):
    """One line. `source` is "app" or "heroku", `proc` is "web.1", "router", "api" and so on.

    `dyno_id` is the truth: the incarnation that wrote the line or served its request, "" when there is none.
    No reader of the log gets it.
    """

    at: datetime
    source: str
    proc: str
    text: str
    dyno_id: str = ""


@dataclass(slots=True)
class _Loss:
    """The next `count` lines of one dyno, which log-shuttle does not ship. `lost` of them are lost already."""

    proc: str
    count: int
    code: str
    lost: int = 0
    since: datetime | None = None


class LogBuffer:
    """Keeps `entries` in order of arrival, which is not quite the order of time. `total` counts all that arrived.

    `keep_all` keeps the whole log, for tests. `keeps_history` is False on Fir.
    """

    def __init__(self, *, keep_all: bool = False, keeps_history: bool = True) -> None:
        self.entries: deque[LogEntry] = deque(maxlen=LOG_BUFFER_LINES)
        self.keeps_history = keeps_history
        self.is_hidden = False  # the history is not available at present (L15)
        self.total = 0
        self._losing: list[_Loss] = []
        self._archive: list[LogEntry] | None = [] if keep_all else None
        self._tails: list[Tail] = []

    @property
    def everything(self) -> list[LogEntry]:
        """The whole log since the start with `keep_all`, else the lines that are kept."""
        return list(self.entries if self._archive is None else self._archive)

    def extend(self, entries: Sequence[LogEntry]) -> None:
        """Lines arrive: keep them and offer them to every tail."""
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
        """Lose the next `count` lines that `proc` prints. Then a line with `code` (L12 or L13) says how many."""
        self._losing.append(_Loss(proc, count, code))

    def _shipped(self, entry: LogEntry) -> list[LogEntry]:
        """What log-shuttle ships when a dyno prints `entry`: the line, nothing, or the line about the loss."""
        loss = next((each for each in self._losing if (entry.source, entry.proc) == ("app", each.proc)), None)
        if loss is None:
            return [entry]
        loss.since = loss.since or entry.at
        loss.lost += 1
        if loss.lost < loss.count:
            return []
        self._losing.remove(loss)
        text = log_lines.shuttle_loss(loss.code, loss.lost, loss.since.isoformat(timespec="microseconds"))
        return [LogEntry(entry.at, "app", "log-shuttle", text)]

    def history(self, lines: int) -> list[LogEntry]:
        """The last `lines` entries, at most LOG_BUFFER_LINES. None where no history is kept (Fir).

        Heroku applies the filters of a session after this cut, so a filtered session may get fewer lines.
        """
        if self.is_hidden and self.entries:
            return [self.entries[-1]._replace(source="heroku", proc="logplex", text=log_lines.L15, dyno_id="")]
        count = max(0, min(lines, LOG_BUFFER_LINES))
        return list(self.entries)[-count:] if count and self.keeps_history else []

    def follow(self, *, room: int = 1_000_000) -> Tail:
        """Open a tail that gets every entry from now on. With more than `room` unread entries it loses some (L11)."""
        tail = Tail(room)
        self._tails.append(tail)
        return tail

    def unfollow(self, tail: Tail) -> None:
        """Close a tail. Closing twice is no error."""
        if tail in self._tails:
            self._tails.remove(tail)


class Tail:
    """Entries that one reader has not taken yet. Beyond `room` the oldest are lost, and an L11 line says how many."""

    def __init__(self, room: int) -> None:
        self._unread: deque[LogEntry] = deque()
        self._room = room
        self._lost = 0
        self._lost_at: datetime | None = None

    def offer(self, entry: LogEntry) -> None:
        """An entry arrived."""
        if len(self._unread) >= self._room:
            self.lose(1)
        self._unread.append(entry)

    def lose(self, count: int) -> None:
        """Drop up to `count` unread entries, as an overflow does. The next `take` reports them."""
        for _ in range(min(count, len(self._unread))):
            self._lost_at = self._unread.popleft().at
            self._lost += 1

    def take(self) -> list[LogEntry]:
        """The entries since the last call. An L11 line comes first when entries were lost."""
        taken = list(self._unread)
        self._unread.clear()
        if self._lost and self._lost_at is not None:
            text = log_lines.tail_overflow(self._lost, f"{self._lost_at:%Y-%m-%d %H:%M:%S.%f}000 +0000 UTC")
            taken.insert(0, LogEntry(self._lost_at, "heroku", "logplex", text))
            self._lost = 0
        return taken
