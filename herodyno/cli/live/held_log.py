"""The log of an app, followed in a thread: the newest lines are held, bounded, through breaks and outages."""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from math import inf
from typing import NamedTuple

from herodyno.cli.diagnose.listening import remarks_of
from herodyno.cli.live.contact import PASSING
from herodyno.cli.session import Session
from herodyno.dynos import Generation
from herodyno.heroku.log.tail import Gap, Pace, back_off
from herodyno.heroku_facts import LOG_BUFFER_LINES
from herodyno.logs.events import LogLine
from herodyno.units import clock, zone_of

# Ours: what is held at most, whichever comes first. 10,000 usual lines take 10 MB.
MOST_LINES = 10_000
MOST_CHARACTERS = 16_000_000
LONGEST = timedelta(hours=3)
# A break so short is no news.
_SHORT = timedelta(seconds=3)
# The log is never given up: a new session would repeat lines that are held.
_PACE = replace(Pace(), patience=inf, tick=0.5)


class Held(NamedTuple):
    """The lines held, in order. `number` counts all that ever came. `lost_at` is since when no log arrives, or None."""

    lines: Sequence[LogLine]
    number: int
    remarks: tuple[str, ...]
    lost_at: datetime | None


class HeldLog:
    """The log of one app. Use it as a context manager: leaving it ends the thread and the session."""

    def __init__(self, session: Session, app: str, generation: Generation) -> None:
        self._session, self._app, self._generation = session, app, generation
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._lines: deque[LogLine] = deque()
        self._gaps: deque[Gap] = deque(maxlen=1000)
        self._characters = self._number = 0
        self._lost_at: datetime | None = session.now()
        self._is_told = False
        self._has_history = threading.Event()
        self._error: Exception | None = None

    def __enter__(self) -> HeldLog:
        threading.Thread(target=self._run, name="herodyno-held-log", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()

    def wait_for_history(self, seconds: float) -> None:
        """Wait until the lines that Heroku had kept are here, at most so long."""
        self._has_history.wait(seconds)

    def newest(self, most: int) -> tuple[int, list[LogLine]]:
        """How many lines ever came, and the newest of them, oldest first."""
        with self._lock:
            first = max(0, len(self._lines) - most)
            return self._number, list(islice(self._lines, first, None))

    def held(self) -> Held:
        """What is held now. Raises the error that ended the log for good: a lost login, an app that is gone."""
        with self._lock:
            if self._error is not None:
                raise self._error
            oldest = self._session.now() - LONGEST
            while self._lines and (at := self._lines[0].at) is not None and at < oldest:
                self._drop()
            return Held(list(self._lines), self._number, remarks_of(self._gaps), self._lost_at)

    def _run(self) -> None:
        failures = 0
        while not self._stopped.is_set():
            try:
                self._follow()
            except PASSING as error:
                self._lose(error.message)
            except Exception as error:  # the thread that looks must learn of every failure of this one
                with self._lock:
                    self._error = error
                self._has_history.set()
                return
            self._stopped.wait(max(1.0, back_off(failures, random.random())))  # noqa: S311 - spreads clients
            failures += 1

    def _follow(self) -> None:
        has_been_open = False
        with self._session.tail(self._app, generation=self._generation, pace=_PACE) as tail:
            for batch in tail:
                if self._stopped.is_set():
                    return
                if batch or tail.is_open:
                    has_been_open = True
                    self._take(batch)
                elif has_been_open:
                    self._lose("the connection broke")

    def _take(self, batch: Sequence[LogLine | Gap]) -> None:
        with self._lock:
            self._lost_at, self._is_told = None, False
            for item in batch:
                if isinstance(item, Gap):
                    self._gaps.append(item)
                    continue
                self._lines.append(item)
                self._number += 1
                self._characters += len(item.raw)
            while len(self._lines) > MOST_LINES or self._characters > MOST_CHARACTERS:
                self._drop()
        if not batch or self._number >= LOG_BUFFER_LINES:
            self._has_history.set()

    def _drop(self) -> None:
        self._characters -= len(self._lines.popleft().raw)

    def _lose(self, why: str) -> None:
        """Note once that no log arrives, unless that is only for a moment."""
        session, now = self._session, self._session.now()
        with self._lock:
            since = self._lost_at = self._lost_at or now
            is_news = not self._is_told and now - since >= _SHORT
            self._is_told = self._is_told or is_news
        if is_news:
            at = clock(since, zone_of(now, utc=session.output.utc), today=now)
            session.output.note(f"no log since {at} ({why}); trying on")
