"""The further gates of a rolling restart: no R code on the new dynos, and no more server errors than before. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from herodyno.operations.restart.measurements import Measurements
from herodyno.operations.restart.rate_change import errors_rise
from herodyno.operations.restart.roll import Item

# R12 is the end of the old dyno (it did not stop in 30 s), R10 and R11 are of one that boots: the new one.
_OF_THE_OLD = frozenset({"R12"})
_OF_THE_NEW = frozenset({"R10", "R11"})
# An R line names no dyno id, and the old dyno may log its own for 30 s after SIGTERM.
_OLD_LIVES = timedelta(seconds=31)
# With preboot it serves for 4 to 6 minutes beside its successor, under the same name, before that (Dev Center).
OLD_LIVES_WITH_PREBOOT = timedelta(seconds=391)


def codes_problem(items: Sequence[Item], before: Measurements, now: Measurements, *, preboot: bool = False) -> str:
    """What the log holds against the dynos just replaced, or "". `before` is the look at the start of the roll."""
    old_lives = OLD_LIVES_WITH_PREBOOT if preboot else _OLD_LIVES
    since = {item.name: item.sent_at for item in items if item.sent_at is not None}
    new_codes = sorted(
        {
            f"{code.code} on {code.dyno}"
            for code in now.codes
            if code.dyno in since
            and code.code not in _OF_THE_OLD
            and code.at > since[code.dyno] + (timedelta(0) if code.code in _OF_THE_NEW else old_lives)
        }
    )
    if new_codes:
        return f"the new dynos log {', '.join(new_codes)}"
    for item in items:
        then, later = before.errors([item.name]), now.errors([item.name], since=item.up_at)
        if errors_rise(then, later):
            return f"server errors rose on {item.name}: {_of(then)} before, {_of(later)} since"
    return ""


def _of(counts: tuple[int, int]) -> str:
    return f"{counts[0]} of {counts[1]} requests"
