"""Two gates of a rolling restart: no R code on the new dynos, and no more server errors than before. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from herodyno.heroku_facts import EXIT_TIMEOUT_SECONDS, PREBOOT_OVERLAP_SECONDS
from herodyno.logs.codes.table import row_of
from herodyno.operations.restart.measurements import Measurements
from herodyno.operations.restart.rate_change import errors_rise
from herodyno.operations.restart.roll import Item

# An R line names no dyno id. The old dyno may log its own codes until SIGKILL. The leeway of 1 s is ours.
_OLD_DYNO_LOGS = timedelta(seconds=EXIT_TIMEOUT_SECONDS + 1)
# With preboot the old dyno first serves beside its successor, under the same name.
OLD_LIVES_WITH_PREBOOT = timedelta(seconds=max(PREBOOT_OVERLAP_SECONDS)) + _OLD_DYNO_LOGS


def codes_problem(items: Sequence[Item], before: Measurements, now: Measurements, *, preboot: bool = False) -> str:
    """What the log holds against the dynos just replaced: one sentence, or "".

    `before` are the measurements at the start of the roll, `now` those since. `preboot` says that the app has preboot.
    """
    old_dyno_logs = OLD_LIVES_WITH_PREBOOT if preboot else _OLD_DYNO_LOGS
    since = {item.name: item.sent_at for item in items if item.sent_at is not None}
    new_codes = sorted(
        {
            f"{code.code} on {code.dyno}"
            for code in now.codes
            if code.dyno in since
            and (whose := row_of(code.code).speaks_of) != "old"
            and code.at > since[code.dyno] + (timedelta(0) if whose == "new" else old_dyno_logs)
        }
    )
    if new_codes:
        return f"the new dynos log {', '.join(new_codes)}"
    for item in items:
        old_errors, new_errors = before.errors([item.name]), now.errors([item.name], since=item.up_at)
        if errors_rise(old_errors, new_errors):
            return f"server errors rose on {item.name}: {_of(old_errors)} before, {_of(new_errors)} since"
    return ""


def _of(counts: tuple[int, int]) -> str:
    return f"{counts[0]} of {counts[1]} requests"
