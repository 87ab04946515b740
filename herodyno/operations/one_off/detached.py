"""A detached one-off dyno followed through its log to its end: across lost log sessions, no line shown twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from herodyno.dynos import Dyno
from herodyno.errors import HerodynoError, NotFound, Refused, RefusedByHeroku
from herodyno.logs.decoding.lines import Year
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import Exited, LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.operations.one_off.exit_in_log import exit_status, find_logged_exit, is_about

# Ours: seconds without a byte until a new log session is asked for, and between two checks that the dyno is alive.
QUIET_SECONDS = 30.0
# Ours, all three.
_SECONDS_FOR_STRAGGLERS = 1.0
_REMEMBERED = 10_000
_MOST_FAILURES = 8


class TimeUsedUp(Exception):
    """The time allowed was over before the dyno ended."""


class Follower:
    """Follows one dyno to its end.

    `tail` opens a live log session, which ends after the given seconds without a byte. `dump` reads the log kept so
    far. Where Heroku keeps no log (`keeps_log` is False, on Fir), `dump` must read for a moment and end. `is_alive`
    asks the API. `show` gets each line of the dyno's log once, the platform's lines too. `year` completes times
    without one. `total_seconds` limits the whole time.
    """

    def __init__(
        self,
        dyno: Dyno,
        *,
        tail: Callable[[float], Iterable[bytes]],
        dump: Callable[[], Iterable[bytes]],
        is_alive: Callable[[], bool],
        show: Callable[[LogLine], None],
        year: Year,
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
        """Follow the dyno to its end and return its exit status, or None when the log does not hold it.

        Raises TimeUsedUp, and the API's last error when the API fails for some minutes.
        """
        failures = 0
        while True:
            begun = self._now()
            self._read(self._live)
            if self._status is not None:
                break
            # A log session that ends within a second has failed. One that ends later was merely silent.
            failures = failures + 1 if self._now() - begun < 1 else 0
            try:
                lives = self._is_alive()
            except HerodynoError:
                if failures > _MOST_FAILURES:
                    raise
                lives = True
            if not lives:
                self._status = find_logged_exit(self._dump, self._dyno, year=self._year, sleep=self._sleep).status
                break
            self._check_time()
            self._sleep(min(2.0**failures, QUIET_SECONDS))
        # The app's last lines may reach the log after the platform's exit line.
        if self._keeps_log:
            self._sleep(_SECONDS_FOR_STRAGGLERS)
        self._read(self._dump)
        return self._status

    def _read(self, log: Callable[[], Iterable[bytes]]) -> None:
        """Show the lines not shown yet, until the log ends, is lost, or holds the dyno's exit."""
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
                raise  # not from the log: `show` cannot write any more
            # A lost log session is no error: `status` opens the next one.
        finally:
            for raw in list(islice(self._shown, max(0, len(self._shown) - _REMEMBERED))):
                del self._shown[raw]

    def _live(self) -> Iterator[bytes]:
        """The live log. It ends when the time is over, or when the dyno is gone without an exit line."""
        check_at = self._now() + QUIET_SECONDS
        left = QUIET_SECONDS if self._over_at is None else max(0.1, self._over_at - self._now())
        for chunk in self._tail(min(left, QUIET_SECONDS)):
            yield chunk
            self._check_time()
            if self._now() >= check_at:
                if not self._is_alive():
                    return
                check_at = self._now() + QUIET_SECONDS

    def _check_time(self) -> None:
        if self._over_at is not None and self._now() >= self._over_at:
            raise TimeUsedUp


def alive(ask: Callable[[], Dyno]) -> bool:
    """Whether the API lists the dyno in a state that is not final. Raises the API's errors other than NotFound."""
    try:
        return ask().state not in ("crashed", "down", "complete")
    except NotFound:
        return False
