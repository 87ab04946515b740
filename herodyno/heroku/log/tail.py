"""A log followed for hours over many log sessions: each is renewed before it ends, and replaced when it breaks.

Each new session repeats the lines that Logplex still keeps; `logs.decoding.resume` says which lines are new. An old
session is read until the new one has sent bytes, so that no line is lost between them, on Fir too, which keeps no log.
"""

from __future__ import annotations

import queue
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from herodyno.errors import HerodynoError, NotFound, PlatformFailed, RateLimited, Unreachable
from herodyno.heroku.log.session_thread import QUEUE_CHUNKS, Arrival, Ended, SessionThread
from herodyno.heroku.net.hosts import LogHosts
from herodyno.heroku_facts import SESSION_LIFETIME_SECONDS
from herodyno.logs.decoding.decoder import Decoder, framing_of
from herodyno.logs.decoding.lines import LineReader, Year
from herodyno.logs.decoding.resume import Shown
from herodyno.logs.events import LogLine
from herodyno.units import spoken_duration

if TYPE_CHECKING:
    import httpx


_STEADY = 10.0  # seconds after which the end of a session is no failure
_LONGEST_BACK_OFF = 30.0  # seconds
_MOST_FIRST_FAILURES = 3  # so many first sessions may be gone at once before that is an error


class Gap(NamedTuple):
    """Lines may be missing here: no session for `seconds`. `since` is the time of the last line before, or None."""

    since: datetime | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The times of a tail, in seconds.

    All are ours. A session is renewed after `renew`, two minutes before its lifetime is over. A session is renewed too
    when no byte came for `idle`: Logplex sends NULs as signs of life. The old session is read for `overlap` beside the
    new one. After `patience` without a session the tail gives up. After `tick` without news the tail yields an empty
    list.
    """

    renew: float = SESSION_LIFETIME_SECONDS - 120.0
    idle: float = 120.0
    overlap: float = 5.0
    patience: float = 600.0
    tick: float = 0.25


_USUAL = Pace()


class Tail:
    """Iterate over it: lists of lines and gaps as they come, an empty list when nothing new came for a tick.

    `new_session` asks for a log session and returns its URL. The first session must open, or its error is raised.
    Later sessions may fail for `pace.patience`, then Unreachable is raised. Other errors of `new_session` (the app or
    the login is gone) are raised at once. `year` completes times without one. `hosts` are those that sessions may be
    at. `note` gets each sentence for a person. `sessions` counts the sessions opened. Use it as a context manager:
    leaving it ends the session.
    """

    def __init__(
        self,
        new_session: Callable[[], str],
        *,
        year: Year,
        hosts: LogHosts,
        pace: Pace = _USUAL,
        note: Callable[[str], None] = lambda text: None,
        httpx_transport: httpx.BaseTransport | None = None,
        now: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._new_session = new_session
        self._hosts = hosts
        self._pace = pace
        self._note = note
        self._httpx_transport = httpx_transport
        self._now = now
        self._chance = chance
        self._box: queue.Queue[Arrival] = queue.Queue(QUEUE_CHUNKS)
        self._reader = LineReader(year=year)
        self._shown = Shown()
        self._current: SessionThread | None = None
        self._next: SessionThread | None = None
        self._leaving: SessionThread | None = None
        self._failures = 0
        self._due = 0.0  # when the next session may be asked for
        self._lost_at: float | None = None
        self._has_begun = False
        self._is_silent = False
        self.sessions = 0

    @property
    def is_open(self) -> bool:
        """Whether a session sends now."""
        return self._current is not None and self._current.is_open

    def __enter__(self) -> Tail:
        return self

    def __exit__(self, *_: object) -> None:
        for session in (self._current, self._next, self._leaving):
            if session:
                session.stop()

    def __iter__(self) -> Iterator[list[LogLine | Gap]]:
        while True:
            self._keep_a_session()
            try:
                session, arrival = self._box.get(timeout=self._pace.tick)
            except queue.Empty:
                yield self._after_silence()
                continue
            if isinstance(arrival, bytes):
                session.last_byte_at = self._now()
                yield self._new_lines(session, session.lines.feed(arrival))
            else:
                self._after_end(session, arrival)

    def _new_lines(self, session: SessionThread, lines: list[LogLine]) -> list[LogLine | Gap]:
        news: list[LogLine | Gap] = []
        since = self._shown.last_at
        for line in lines:
            verdict = session.resume.judge(line)
            if verdict == "repeat":
                continue
            if verdict == "after a gap":
                news.append(Gap(since, self._away()))
            news.append(line)
        self._is_silent = self._is_silent and not news
        if lines:
            self._note_return(is_whole=not news or not isinstance(news[0], Gap))
            if self._next is None and self._leaving is None:
                session.resume.settle()
        return news

    def _note_return(self, *, is_whole: bool) -> None:
        """After the first lines since a break, note that the log is back and whether lines may be missing."""
        if self._lost_at is not None:
            what = "no line is missing" if is_whole else "lines may be missing"
            self._note(f"reconnected, gap of {spoken_duration(self._away())}: {what}")
            self._lost_at = None

    def _note_silence(self, is_silent: bool) -> None:
        """Note a silence once, however often the session is renewed during it."""
        if is_silent and not self._is_silent:
            self._note(f"no line for {spoken_duration(self._pace.idle)}: going on with a new log session")
        self._is_silent = is_silent

    def _after_silence(self) -> list[LogLine | Gap]:
        session = self._current
        return self._new_lines(session, session.lines.quiet()) if session and session.is_open else []

    def _after_end(self, session: SessionThread, end: Exception) -> None:
        """Handle the end of a session. A line cut off at its end comes whole from the next session."""
        if not isinstance(end, (Ended, HerodynoError)):
            raise end
        self._has_begun = self._has_begun or session.is_open
        if session is self._leaving:
            self._leaving = None
            return
        if self._now() - session.began_at > _STEADY:
            self._failures = 0
        if session is self._next:
            self._next = None
            self._wait()
            return
        self._current, self._next = self._next, None
        if self._current:
            self._current.resume.touches(self._current.is_open)
        elif self._has_begun or (isinstance(end, NotFound) and self._failures < _MOST_FIRST_FAILURES):
            self._lost_at = self._now() if self._lost_at is None else self._lost_at
            self._wait()
        else:
            raise end

    def _keep_a_session(self) -> None:
        """Ask for a session when there is none or it must be renewed. End the old one after the overlap."""
        now, pace = self._now(), self._pace
        if self._current is None:
            if self._lost_at is not None and now - self._lost_at > pace.patience:
                raise Unreachable(
                    f"the log was lost and did not come back for {spoken_duration(pace.patience)}",
                    next_step="look at the network and at status.heroku.com",
                )
            if now >= self._due:
                self._current = self._ask()
        elif self._next is None:
            is_old = now - self._current.began_at > pace.renew
            is_silent = now - self._current.last_byte_at > pace.idle
            if (is_old or is_silent) and now >= self._due:
                self._note_silence(is_silent)
                self._current.resume.beside_another()
                self._next = self._ask()
                if self._next:
                    self._next.resume.touches(True)
        elif self._next.is_open and now - self._next.began_at > pace.overlap and self._leaving is None:
            self._leaving, self._current, self._next = self._current, self._next, None
            self._leaving.leave()

    def _ask(self) -> SessionThread | None:
        try:
            url = self._new_session()
        except (Unreachable, PlatformFailed, RateLimited) as error:
            if not self._has_begun:
                raise
            self._wait(getattr(error, "seconds", None) or 0.0)
            return None
        self.sessions += 1
        return SessionThread(
            url,
            self._box,
            self._shown.resume(),
            lambda content_type: Decoder(self._reader, framing_of(content_type)),
            began_at=self._now(),
            # A silent session is renewed long before this limit.
            idle_seconds=2 * self._pace.idle + self._pace.overlap,
            hosts=self._hosts,
            httpx_transport=self._httpx_transport,
        )

    def _wait(self, at_least: float = 0.0) -> None:
        self._due = self._now() + max(at_least, back_off(self._failures, self._chance()))
        self._failures += 1

    def _away(self) -> float:
        return 0.0 if self._lost_at is None else self._now() - self._lost_at


def back_off(failures: int, chance: float) -> float:
    """Seconds before the next try after `failures` in a row; `chance` in 0..1 spreads many clients.

    The upper bound is 1, 2, 4, 8, 16, then 30 s. The wait lies anywhere between 0 and that bound ("full jitter"),
    so that many clients do not come back to Logplex at once.
    """
    return chance * min(_LONGEST_BACK_OFF, 2.0 ** min(failures, 10))
