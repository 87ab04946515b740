"""A rate before and after, each with its interval, and what may be said of the difference."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from herodyno.diagnosis.statistics.rates import wilson
from herodyno.units import share

Judgement = Literal["fewer", "more", "no_difference_seen", "not_enough_data"]

# Fewer requests on either side allow no judgement; `diagnose` has the same bound.
MIN_REQUESTS = 50
MIN_ERRORS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChange:
    """A rate before and after as (errors, requests), with the Wilson 95 % interval of each.

    `what` names whose rate it is: "web.2", "other dynos".
    """

    what: str
    before: tuple[int, int]
    after: tuple[int, int]
    before_ci95: tuple[float, float]
    after_ci95: tuple[float, float]
    judgement: Judgement

    def __str__(self) -> str:
        """ "web.2: 46 of 212 requests failed before (17-28 %), 1 of 180 after (0.1-3.1 %): fewer"."""
        word = {
            "fewer": "fewer",
            "more": "more",
            "no_difference_seen": "no difference beyond chance",
            "not_enough_data": f"too few to say (needs {MIN_REQUESTS} requests on both sides)",
        }[self.judgement]
        before = (
            f"{self.before[0]} of {self.before[1]} requests failed before{_interval(self.before, self.before_ci95)}"
        )
        after = f"{self.after[0]} of {self.after[1]} after{_interval(self.after, self.after_ci95)}"
        return f"{self.what}: {before}, {after}: {word}"


def rate_change(what: str, before: tuple[int, int], after: tuple[int, int]) -> RateChange:
    """Compare two rates, each given as (errors, requests)."""
    low, high = difference_interval(before, after)
    judgement: Judgement = "fewer" if high < 0 else "more" if low > 0 else "no_difference_seen"
    if min(before[1], after[1]) < MIN_REQUESTS:
        judgement = "not_enough_data"
    return RateChange(
        what=what,
        before=before,
        after=after,
        before_ci95=wilson(*before),
        after_ci95=wilson(*after),
        judgement=judgement,
    )


def difference_interval(before: tuple[int, int], after: tuple[int, int]) -> tuple[float, float]:
    """The 95 % interval of (rate after - rate before); (-1, 1) when one side has no request.

    Source: R. G. Newcombe, Statist. Med. 17 (1998) 873, method 10 (Wilson's limits, no correction).
    """
    if not before[1] or not after[1]:
        return (-1.0, 1.0)
    rate1, rate2 = before[0] / before[1], after[0] / after[1]
    (low1, high1), (low2, high2) = wilson(*before), wilson(*after)
    low = rate2 - rate1 - sqrt((rate2 - low2) ** 2 + (high1 - rate1) ** 2)
    high = rate2 - rate1 + sqrt((high2 - rate2) ** 2 + (rate1 - low1) ** 2)
    return (low, high)


def errors_rise(before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Whether the error rate rises beyond chance: the gate between two batches.

    A rise needs at least five errors after. It needs no minimum of requests, so that the gate closes early.
    """
    return after[0] >= MIN_ERRORS and difference_interval(before, after)[0] > 0


def did_it_help(restarted: RateChange, others: RateChange | None) -> str:
    """Whether the restart helped, in one sentence. A change that the other dynos show too is not credited to it."""
    if restarted.judgement == "not_enough_data":
        return "Whether it helped cannot be said yet: too few requests."
    if restarted.judgement == "no_difference_seen":
        return "No difference beyond chance is seen."
    if others is not None and others.judgement == restarted.judgement:
        return f"There are {restarted.judgement} errors, but so there are on the dynos that were not restarted."
    return "It helped: fewer errors." if restarted.judgement == "fewer" else "It did not help: more errors."


def memory_change(shares: Iterable[tuple[str, float | None, float | None]]) -> list[str]:
    """ "web.2: memory 153 % of its quota before, 48 % after" for each dyno with a sample on both sides."""
    return [
        f"{name}: memory {share(before)} of its quota before, {share(after)} after"
        for name, before, after in shares
        if before is not None and after is not None
    ]


def _interval(counts: tuple[int, int], interval: tuple[float, float]) -> str:
    if not counts[1]:
        return ""
    low, high = (f"{100 * end:.1f}".rstrip("0").rstrip(".") if end < 0.1 else f"{100 * end:.0f}" for end in interval)
    return f" ({low}-{high} %)"
