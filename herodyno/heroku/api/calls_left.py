"""The API calls that the account has left, by replies that come in any order.

Each reply says how many are left (RateLimit-Remaining, Platform API Reference). Of replies to requests that ran side by
side the one that came last need not be the one that Heroku wrote last; the least of them is.
"""

from __future__ import annotations

from collections import deque

MOST_SIDE_BY_SIDE = 64  # ours: replies that are remembered


class CallsLeft:
    """What the replies of one account say. The caller holds a lock around each call."""

    def __init__(self) -> None:
        self.now: int | None = None
        self.replies = 0
        self._recent: deque[tuple[int, int]] = deque(maxlen=MOST_SIDE_BY_SIDE)  # (number of the reply, calls left)

    def told(self, left: int, *, sent_after: int) -> None:
        """A reply says what is left. `sent_after` is `replies` when its request was sent: those had come before."""
        self.replies += 1
        self._recent.append((self.replies, left))
        self.now = min(each for number, each in self._recent if number > sent_after)
