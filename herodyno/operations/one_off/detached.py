"""A detached one-off dyno followed through its own log to its end, across lost tails, without repeating a line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from herodyno.dynos import Dyno
from herodyno.errors import HerodynoError, NotFound, Refused, RefusedByHeroku
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import Exited, LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.operations.one_off.exit_in_log import exit_status, is_about, look_for_end

# How long a tail may be silent before it is asked for again, and how often a living dyno is looked for.
QUIET_SECONDS = 30.0
_SECONDS_FOR_STRAGGLERS = 1.0
_REMEMBERED = 10_000
_MOST_FAILURES = 8


class TimeUsedUp(Exception):
    """The dyno had not ended when the time allowed was over."""


class Follower:
    """Follows one dyno. `dump` reads its log as it stands, `tail` live, until nothing came for so many seconds.

    `is_alive` asks the API; `show` gets each line of the dyno's log once, the platform's too. Where the
    platform keeps no log (Fir), `dump` must give what comes during a moment, and end.
    """

    def __init__(
        self,
        dyno: Dyno,
        *,
        tail: Callable[[float], Iterable[bytes]],
        dump: Callable[[], Iterable[bytes]],
        is_alive: Callable[[], bool],
        show: Callable[[LogLine], None],
        year: int,
        keeps_log: bool = True,
        total_seconds: float | None = None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._dyno = dyno
        self._tail = tail
        self._dump = dump
        self._is_alive = is_alive
        self._show = show
        self._year = year
        self._keeps_log = keeps_log
        self._now = now
        self._sleep = sleep
        self._over_at = None if total_seconds is None else now() + total_seconds
        self._shown: dict[str, int] = {}
        self._status: int | None = None

    def status(self) -> int | None:
        """Follow to the end. The exit status, or None when the log does not tell it.

        Raises TimeUsedUp; and what the API said last, when it does not answer for some minutes.
        """
        failures = 0
        while True:
            begun = self._now()
            self._read(self._watched)
            if self._status is not None:
                break
            # A tail of a silent dyno ends late, and is no failure; one that cannot be had ends at once.
            failures = failures + 1 if self._now() - begun < 1 else 0
            try:
                lives = self._is_alive()
            except HerodynoError:
                if failures > _MOST_FAILURES:
                    raise
                lives = True
            if not lives:
                self._status = look_for_end(self._dump, self._dyno, year=self._year, sleep=self._sleep).status
                break
            self._check_time()
            self._sleep(min(2.0**failures, QUIET_SECONDS))
        # What the app printed last may reach the log behind the platform's line.
        if self._keeps_log:
            self._sleep(_SECONDS_FOR_STRAGGLERS)
        self._read(self._dump)
        return self._status

    def _read(self, log: Callable[[], Iterable[bytes]]) -> None:
        """Show what was not shown, until the end of the log, its loss, or the dyno's exit."""
        here: dict[str, int] = {}
        try:
            for line in read_lines(log(), year=self._year):
                if not is_about(line, self._dyno):
                    continue
                here[line.raw] = here.get(line.raw, 0) + 1
                if here[line.raw] > self._shown.get(line.raw, 0):
                    self._shown[line.raw] = here[line.raw]
                    self._show(line)
                event = event_of(line)
                if isinstance(event, Exited) and self._status is None:
                    self._status = exit_status(event)
                    return
        except HerodynoError as error:
            if isinstance(error, Refused) and not isinstance(error, RefusedByHeroku):
                raise  # not the log's: what `show` writes to takes no more
            # Who called asks for the log again, and shows what is new in it.
        finally:
            for raw in list(islice(self._shown, max(0, len(self._shown) - _REMEMBERED))):
                del self._shown[raw]

    def _watched(self) -> Iterator[bytes]:
        """The tail, left when the time is over or when the dyno is gone without a word."""
        look_at = self._now() + QUIET_SECONDS
        left = QUIET_SECONDS if self._over_at is None else max(0.1, self._over_at - self._now())
        for chunk in self._tail(min(left, QUIET_SECONDS)):
            yield chunk
            self._check_time()
            if self._now() >= look_at:
                if not self._is_alive():
                    return
                look_at = self._now() + QUIET_SECONDS

    def _check_time(self) -> None:
        if self._over_at is not None and self._now() >= self._over_at:
            raise TimeUsedUp


def alive(ask: Callable[[], Dyno]) -> bool:
    """Whether the API still lists the dyno as one that lives. Raises what the API says when it cannot be asked."""
    try:
        return ask().state not in ("crashed", "down", "complete")
    except NotFound:
        return False
