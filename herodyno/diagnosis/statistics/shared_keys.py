"""What failing requests share and others do not: a path, method, host, client or status."""

from __future__ import annotations

from typing import NamedTuple

from herodyno.diagnosis.counting.facts import SharedFacts
from herodyno.diagnosis.statistics.rates import binomial_tail

KEYS = ("path", "method", "host", "client", "status")
MIN_FAILED = 5
MIN_DIFFERENCE = 0.2
ALPHA = 0.01
MOST = 4


class SharedKey(NamedTuple):
    """A value that parts failed requests from others. `bad` of `bad_total` failed requests have it.

    Of the others, `good` of `good_total` have it, or at most so many (`is_most`).
    """

    key: str
    value: str
    bad: int
    bad_total: int
    good: int
    good_total: int
    is_most: bool = False

    @property
    def difference(self) -> float:
        """How much greater the share is among failed requests."""
        return self.bad / self.bad_total - (self.good / self.good_total if self.good_total else 0.0)


def shared_keys(facts: SharedFacts) -> list[SharedKey]:
    """The values that failed requests have beyond chance (binomial test), biggest difference first, four at most.

    A status is named last. A status of 5xx is never named, since it is what made the request a failed one.
    """
    found: list[SharedKey] = []
    for key in KEYS:
        bad, good = facts.bad.get(key), facts.good.get(key)
        if bad is None:
            continue
        bad_total, good_total = bad.total, good.total if good else 0
        for value, n in bad.top(20):
            others, is_exact = good.at_most(value) if good else (0, True)
            item = SharedKey(key, value, n, bad_total, others, good_total, is_most=not is_exact)
            expected = (n + item.good) / (bad_total + good_total)
            says_nothing = key == "status" and value.startswith("5")  # such a status is what made it a failed request
            if n < MIN_FAILED or item.difference < MIN_DIFFERENCE or says_nothing:
                continue
            if binomial_tail(n, bad_total, expected) <= ALPHA:
                found.append(item)
    found.sort(key=lambda item: (item.key == "status", -item.difference, item.key, item.value))
    return found[:MOST]
