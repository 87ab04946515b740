"""What may be sent again, and after how long: reads may, a write only if it never left or was put off by a 429."""

from __future__ import annotations

from collections.abc import Mapping

from herodyno.errors import Unreachable

TRIES = 3
PATIENCE = 60.0  # seconds spent on Retry-After, in all
_PASSING = frozenset({500, 502, 503, 504})


class Lost(Exception):
    """One try that brought no usable reply; `what` is a plain sentence without foreign text.

    `unsent`: nothing of the request left this machine. `passing`: another try may fare better.
    `error`: what it becomes when there is no other try.
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
    """The tries and the time one call may still use; each answer is the seconds to wait, or None: that was the last.

    `seconds` is the time over all tries; waiting as long as Retry-After wants comes on top, 60 s at most.
    """

    def __init__(self, seconds: float, *, began_at: float, is_read: bool) -> None:
        self.tries = 1
        self.ends_at = began_at + seconds
        self._is_read = is_read
        self._patience = PATIENCE

    def after_loss(self, lost: Lost, *, at: float, chance: float) -> float | None:
        """After a try that brought nothing; `chance` in 0..1 spreads the waits of many."""
        may = lost.passing and (self._is_read or lost.unsent)
        return self._next(at, pause(self.tries, chance)) if may else None

    def after_reply(self, status: int, headers: Mapping[str, str], *, at: float, chance: float) -> float | None:
        """After a reply of this status."""
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
    """Seconds before the next try after `tries` of them: full jitter between 0.5 and 8; `chance` is in 0..1."""
    return 0.5 + chance * (min(8.0, 2.0**tries) - 0.5)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds of a Retry-After header; None for an absent, negative, dated or garbled one."""
    text = headers.get("retry-after", "").strip()
    return float(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None
