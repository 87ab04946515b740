"""One dyno beside its peers in strata: the chance of so many failures, and how many times the peers' rate it is.

Strata are stretches of shared time, or clients. If all dynos are alike, a failure of a stratum falls on a dyno with the
probability of its share of the requests there. How the rate changes from stratum to stratum does not matter then. So
this is the stratified conditional test of a common rate ratio (J. J. Gart, Biometrika 57 (1970) 471). For moments of
one size it is exact, and its mean and variance are those of the log-rank test (N. Mantel, Cancer Chemother. Rep. 50
(1966) 163). The ratio is that of N. Mantel and W. Haenszel, J. Natl. Cancer Inst. 22 (1959) 719.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from herodyno.diagnosis.statistics.rates import sum_tail

# One side of the 95 % interval of the ratio.
RATIO_CHANCE = 0.025
_HIGHEST_RATIO = 1e4


class Stratum(NamedTuple):
    """The requests of the dyno looked at and of its peers in a stretch of time, or of a client."""

    own: int
    theirs: int

    def share(self, times: float = 1.0) -> float:
        """The probability that a failure here is its own, when it fails so many times as often as its peers."""
        own, theirs = self
        return times * own / (times * own + theirs)


class _Sides(NamedTuple):
    strata: Sequence[Stratum]
    own: Sequence[tuple[int, float]]
    own_rounded: float
    smallest: float
    peer_lines: Mapping[int, float]
    moments: Sequence[tuple[int, Mapping[float, int]]]


class Comparison(_Sides):
    """Both sides. `own` are its moments as (stratum, lines), `peer_lines` the peers' lines by stratum.

    `moments` has how many moments of both sides in a stratum have each size, `own_rounded` is the sum of its own sizes.
    A size is the lines of a moment, rounded. A stratum may stand there more than once. Several rules ask for the same
    numbers, so each is found once.
    """

    @cached_property
    def requests(self) -> int:
        """Its own requests in shared time."""
        return sum([own for own, _ in self.strata])

    @cached_property
    def peer_requests(self) -> int:
        """Those of its peers."""
        return sum([theirs for _, theirs in self.strata])

    @cached_property
    def lines(self) -> float:
        """Its own failures in shared time."""
        return sum(lines for _, lines in self.own)

    @cached_property
    def peers_lines(self) -> float:
        """Those of its peers."""
        return sum(self.peer_lines.values())

    @cached_property
    def expected(self) -> float:
        """The failures it would have at its peers' rate in each stratum."""
        strata = self.strata
        return sum([lines * strata[at].own / strata[at].theirs for at, lines in self.peer_lines.items()])

    @cached_property
    def ratio(self) -> float | None:
        """Its rate as a multiple of its peers' (Mantel-Haenszel). None when the peers have no failure."""
        shares = self._shares
        mine = sum([lines * (1 - shares[at]) for at, lines in self.own])
        others = sum([lines * shares[at] for at, lines in self.peer_lines.items()])
        return mine / others if others > 0 else None

    def chance(self, times: float = 1.0) -> float:
        """P(so many failures or more), when it fails so many times as often as its peers."""
        if not self.own:
            return 1.0
        if times not in self._chances:
            self._chances[times] = sum_tail(self._terms(times), self.own_rounded, self.smallest)
        return self._chances[times]

    def chance_by_lines(self) -> float:
        """P(so many failures or more), as if no two failures hung together."""
        lines = dict(self.peer_lines)
        for at, n in self.own:
            lines[at] = lines.get(at, 0.0) + n
        return sum_tail([(n, 1.0, self._shares[at]) for at, n in lines.items()], self.lines)

    def chance_of_so_few(self, times: float = 1.0) -> float:
        """P(so many failures or fewer), when it fails so many times as often as its peers."""
        terms = [(n, size, 1 - share) for n, size, share in self._terms(times)]
        least = min((size for _, size, _ in terms), default=1.0)
        return sum_tail(terms, sum(n * size for n, size, _ in terms) - self.own_rounded, least)

    def ratio_low(self) -> float:
        """The lower end of the 95 % interval of the ratio, by the same law."""
        low, high = 0.0, 1.0
        while high < _HIGHEST_RATIO and self.chance(high) < RATIO_CHANCE:
            low, high = high, high * 2
        for _ in range(12):
            middle = (low + high) / 2
            low, high = (middle, high) if self.chance(middle) < RATIO_CHANCE else (low, middle)
        return low

    def sustained(self, parts: int) -> tuple[int, int]:
        """(parts with a failure, parts), where the parts of shared time have equally many requests of its own."""
        total, before, touched = self.requests, 0, set()
        failed = {at for at, _ in self.own}
        for at, stratum in enumerate(self.strata):
            if at in failed:
                # A stratum longer than a part touches all parts in it, a shorter one the part of its middle.
                first, last = before, before + stratum.own - 1
                if stratum.own * parts <= total:
                    first = last = (first + last) // 2
                touched |= set(range(first * parts // total, last * parts // total + 1))
            before += stratum.own
        return (len(touched), parts)

    @cached_property
    def _shares(self) -> list[float]:
        """The share of each stratum."""
        return [stratum.share() for stratum in self.strata]

    @cached_property
    def _chances(self) -> dict[float, float]:
        return {}

    def _terms(self, times: float) -> list[tuple[float, float, float]]:
        """The moments of both sides as (number, lines, probability of being its own). Equal ones are one term."""
        return self._even_terms if times == 1.0 else self._terms_at(times)

    @cached_property
    def _even_terms(self) -> list[tuple[float, float, float]]:
        return self._terms_at(1.0)

    def _terms_at(self, times: float) -> list[tuple[float, float, float]]:
        terms: dict[tuple[float, float], int] = {}
        strata = self.strata
        shares = {at: float(f"{strata[at].share(times):.3g}") for at in dict(self.moments)}
        for at, sizes in self.moments:
            share = shares[at]
            for size, n in sizes.items():
                terms[size, share] = terms.get((size, share), 0) + n
        return [(n, size, share) for (size, share), n in terms.items() if n]
