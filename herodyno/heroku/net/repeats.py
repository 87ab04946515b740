"""When a request may be repeated: a read after a passing failure, a write only if it never left or got a 429."""

from __future__ import annotations

from collections.abc import Mapping

from herodyno.errors import Unreachable

# Ours: Heroku documents neither retries nor Retry-After.
TRIES = 3
PATIENCE = 60.0  # seconds that one call may wait for Retry-After, in all
_PASSING = frozenset({500, 502, 503, 504})


class Lost(Exception):
    """A try without a usable reply. `what` says why, in our own words.

    `unsent`: nothing of the request left this machine. `passing`: another try may succeed. `error` is the class of
    the error to raise when there is no other try, `next_step` its next step.
    """

    def __init__(
        self,
        what: str,
        *,
        unsent: bool = False,
        passing: bool = False,
        error: type[Unreachable] = Unreachable,
        next_step: str = "look at the network, and for a proxy in between",
    ) -> None:
        super().__init__(what)
        self.what = what
        self.unsent = unsent
        self.passing = passing
        self.error = error
        self.next_step = next_step


class Budget:
    """The tries and the time that one call may still use.

    `seconds` is the time for all tries; the wait for Retry-After comes on top, 60 s at most. `began_at` and `at` are
    times of one monotonic clock. `after_loss` and `after_reply` return the seconds to wait before the next try, or
    None when there is no next try. `chance` in 0..1 spreads the waits of many clients.
    """

    def __init__(self, seconds: float, *, began_at: float, is_read: bool) -> None:
        self.tries = 1
        self.ends_at = began_at + seconds
        self._is_read = is_read
        self._patience = PATIENCE

    def after_loss(self, lost: Lost, *, at: float, chance: float) -> float | None:
        """The wait after a try without a usable reply."""
        may_repeat = lost.passing and (self._is_read or lost.unsent)
        return self._next(at, pause(self.tries, chance)) if may_repeat else None

    def after_reply(self, status: int, headers: Mapping[str, str], *, at: float, chance: float) -> float | None:
        """The wait after a reply of this status."""
        if not (status == 429 or (self._is_read and status in _PASSING)):
            return None
        asked_for = retry_after(headers)
        if asked_for is None:
            return self._next(at, pause(self.tries, chance))
        if asked_for > self._patience:
            return None
        self._patience -= asked_for
        self.ends_at += asked_for
        return self._next(at, asked_for)

    def _next(self, at: float, wait: float) -> float | None:
        if self.tries == TRIES or at + wait >= self.ends_at:
            return None
        self.tries += 1
        return wait


def pause(tries: int, chance: float) -> float:
    """Seconds before the next try after `tries` tries: between 0.5 and 2, 4, then 8 s. `chance` in 0..1 picks."""
    return 0.5 + chance * (min(8.0, 2.0**tries) - 0.5)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds in the Retry-After header (names in lower case); None when it is absent, a date or malformed."""
    text = headers.get("retry-after", "").strip()
    return float(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None
