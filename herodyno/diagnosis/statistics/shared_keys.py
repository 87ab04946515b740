"""What failing requests share and the others do not: paths, methods, hosts, clients, biggest difference first."""

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
    """One value that tells bad lines from good ones: `bad` of `bad_total` failed requests have it, `good` of
    `good_total` others."""

    key: str
    value: str
    bad: int
    bad_total: int
    good: int
    good_total: int

    @property
    def difference(self) -> float:
        """How much greater the share is among failed requests."""
        return self.bad / self.bad_total - (self.good / self.good_total if self.good_total else 0.0)


def shared_keys(facts: SharedFacts) -> list[SharedKey]:
    """The values with the biggest difference, at most a few; a status only where it names one kind of failure."""
    found: list[SharedKey] = []
    for key in KEYS:
        bad, good = facts.bad.get(key), facts.good.get(key)
        if bad is None:
            continue
        bad_total, good_total = bad.total, good.total if good else 0
        for value, n in bad.top(20):
            item = SharedKey(key, value, n, bad_total, good[value] if good else 0, good_total)
            usual = (n + item.good) / (bad_total + good_total)
            says_nothing = key == "status" and value.startswith("5")  # that is how failing was told
            if n < MIN_FAILED or item.difference < MIN_DIFFERENCE or says_nothing:
                continue
            if binomial_tail(n, bad_total, usual) <= ALPHA:
                found.append(item)
    found.sort(key=lambda item: (item.key == "status", -item.difference, item.key, item.value))
    return found[:MOST]
