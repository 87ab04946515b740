"""How often a watch asks the API: what that costs of the account's calls, and which intervals are refused."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from herodyno.errors import UsageError
from herodyno.heroku_facts import RATE_REFILL_PER_MINUTE
from herodyno.typed_values import parse_duration
from herodyno.units import count, spoken_duration

# Ours: seconds between two reads of what seldom changes (formation, releases, sizes).
SELDOM_SECONDS = 30.0
LONGEST_SECONDS = 3600.0
# A watch leaves half of the calls that come back to the rest of the account: deploys, autoscalers, colleagues.
_CALLS_PER_HOUR = 60 * RATE_REFILL_PER_MINUTE
_MOST_PER_HOUR = _CALLS_PER_HOUR / 2


class Interval(NamedTuple):
    """Seconds between two looks, and the API calls that they take in an hour."""

    seconds: float
    calls_per_hour: int

    def __str__(self) -> str:
        """The cost in a sentence, for the note at the beginning."""
        return (
            f"a look every {spoken_duration(self.seconds)}: about {count(self.calls_per_hour)} API calls an hour "
            f"of {count(_CALLS_PER_HOUR)}; Ctrl-C ends it"
        )


def parse_interval(text: str, *, flag: str, seldom_calls: int, longest: float = LONGEST_SECONDS) -> Interval:
    """The interval of `--watch 2s`. A look takes one call, and `seldom_calls` more every SELDOM_SECONDS.

    Raises UsageError for text that is no duration, for an interval over the `longest` in seconds, and for one that
    would take more than half of the calls that come back in an hour.
    """
    seconds = parse_duration(text, flag=flag)
    if not 0 < seconds <= longest:
        raise UsageError(
            f"{flag} {text} is no interval to look at; nothing was sent.",
            next_step=f"from 2s to {longest / 60:g}m",
        )
    interval = Interval(seconds, ceil(_calls(seconds, seldom_calls)))
    if interval.calls_per_hour > _MOST_PER_HOUR:
        shortest = next(each for each in range(1, 60) if _calls(each, seldom_calls) <= _MOST_PER_HOUR)
        raise UsageError(
            f"{flag} {text} would take {count(interval.calls_per_hour)} of the {count(_CALLS_PER_HOUR)} API calls "
            "an hour that this account has for everything; nothing was sent.",
            next_step=f"the shortest is {flag} {shortest}s",
        )
    return interval


def _calls(seconds: float, seldom_calls: int) -> float:
    return 3600 / seconds + seldom_calls * 3600 / max(seconds, SELDOM_SECONDS)
