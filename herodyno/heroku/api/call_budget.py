"""How fast many apps may be asked: within the calls that the account has left, and on after a 429."""

from __future__ import annotations

import threading
from collections.abc import Callable

from herodyno.heroku_facts import RATE_REFILL_PER_MINUTE
from herodyno.units import count, spoken_duration

# Ours: so many calls stay for a person who works meanwhile.
KEPT_CALLS = 100
# Ours: so often, and every so many seconds, it is looked whether the first reply has come. Then all go on without it.
MOST_LOOKS, LOOK_SECONDS = 60, 0.05
# Ours: the wait after a 429 that does not say for how long.
USUAL_WAIT_SECONDS = 60.0


class CallBudget:
    """Asked before each app, by several threads at once. The wait happens in the thread that asks.

    While the account has more than KEPT_CALLS left, nothing waits. Then calls go out as fast as they come back.
    `left` gives the calls that the account has left, None when not known. `note` gets one line for each new wait.
    """

    def __init__(
        self,
        left: Callable[[], int | None],
        *,
        now: Callable[[], float],
        sleep: Callable[[float], object],
        note: Callable[[str], object],
    ) -> None:
        self._left, self._now, self._sleep, self._note = left, now, sleep, note
        self._lock = threading.Condition()
        self._on_their_way = 0
        self._next_at = 0.0
        self._is_slow = False
        self._is_answered = False

    def take(self, calls: int) -> None:
        """Wait until so many calls may be sent."""
        with self._lock:
            for _ in range(MOST_LOOKS):  # as long as no reply says how many calls are left, one app is asked
                if self._is_answered or self._left() is not None or not self._on_their_way:
                    break
                self._lock.wait(LOOK_SECONDS)
            wait = self._wait(calls)
            self._on_their_way += calls
        if wait > 0:
            self._sleep(wait)

    def give_back(self, calls: int) -> None:
        """Say that the calls taken have been answered: what is left tells of them."""
        with self._lock:
            self._on_their_way -= calls
            self._is_answered = True
            self._lock.notify_all()

    def after_refusal(self, seconds: float | None) -> None:
        """Nothing goes out for so long: Heroku answered 429."""
        pause = USUAL_WAIT_SECONDS if seconds is None else seconds
        with self._lock:
            is_new = self._now() + pause > self._next_at + 1.0
            self._next_at = max(self._next_at, self._now() + pause)
        if is_new:
            self._note(f"the account's API calls are used up: going on in {spoken_duration(pause)}")

    def _wait(self, calls: int) -> float:
        now, left = self._now(), self._left()
        if left is not None and left - self._on_their_way - calls < KEPT_CALLS:
            at = max(now, self._next_at)
            self._next_at = at + calls * 60.0 / RATE_REFILL_PER_MINUTE
            if not self._is_slow:
                self._is_slow = True
                self._note(
                    f"{count(left, 'API call')} left: going on as they come back, {RATE_REFILL_PER_MINUTE} a minute"
                )
            return at - now
        return self._next_at - now
