"""How long a tail waits before it comes back, and when it gives up: full jitter under a doubling roof."""

from __future__ import annotations

LONGEST = 30.0
PATIENCE = 600.0  # seconds without a log session before a tail gives up


def back_off(tries: int, chance: float) -> float:
    """Seconds before the next try after `tries` that failed in a row; `chance` in 0..1 spreads many clients.

    The roof is 1, 2, 4, 8, 16, then 30 s; the wait lies anywhere below it, so that the clients of one
    Heroku do not come back all at once.
    """
    return chance * min(LONGEST, 2.0 ** min(tries, 10))
