"""Rates and what chance allows: Wilson and Clopper-Pearson intervals, tails of sums, Holm's correction.

Sources: E. B. Wilson, JASA 22 (1927) 209; C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404;
S. Holm, Scand. J. Statist. 6 (1979) 65.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf, lgamma, log, log1p, pi, sqrt

Z95 = 1.959963984540054


def wilson(events: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a rate (Wilson). No event is no proof of none: 0 of 50 still allows 7.1 %.

    (0, 1) without trials.
    """
    if trials <= 0:
        return (0.0, 1.0)
    rate = events / trials
    z2 = Z95 * Z95
    middle = rate + z2 / (2 * trials)
    spread = Z95 * sqrt(rate * (1 - rate) / trials + z2 / (4 * trials * trials))
    scale = 1 + z2 / trials
    low = 0.0 if events == 0 else max(0.0, (middle - spread) / scale)
    high = 1.0 if events == trials else min(1.0, (middle + spread) / scale)
    return (low, high)


def binomial_tail(events: float, trials: float, probability: float) -> float:
    """P(X >= events) for X ~ Binomial(trials, probability): the regularized incomplete beta function I_p(k, n-k+1)."""
    if events <= 0:
        return 1.0
    if events > trials or probability <= 0:
        return 0.0
    if probability >= 1:
        return 1.0
    a, b = float(events), trials - events + 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(probability) + b * log1p(-probability))
    if probability < (a + 1) / (a + b + 2):
        return min(1.0, front * _continued_fraction(a, b, probability) / a)
    return max(0.0, 1.0 - front * _continued_fraction(b, a, 1 - probability) / b)


def _continued_fraction(a: float, b: float, x: float) -> float:
    """Lentz's evaluation of the continued fraction of the incomplete beta function (DLMF 8.17.22)."""
    tiny = 1e-300
    c, d = 1.0, 1.0 / (1 - (a + b) * x / (a + 1) or tiny)
    value = d
    for m in range(1, 500):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / (1 + even * d or tiny)
        c = 1 + even / c or tiny
        value *= c * d
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / (1 + odd * d or tiny)
        c = 1 + odd / c or tiny
        step = c * d
        value *= step
        if abs(step - 1) < 1e-14:
            break
    return value


def sum_tail(terms: Sequence[tuple[float, float, float]], wanted: float, step: float = 1.0) -> float:
    """P(sum >= wanted) of independent things that each count with a probability of their own.

    A term is (number of such things, size, probability). `step` is the smallest size. This is the saddle point
    approximation for sums on a lattice (H. E. Daniels, Int. Stat. Rev. 55 (1987) 37), never above Chernoff's bound,
    which is exact where all count. As a rule it is within 5 % of the exact sum, and above it where it is not.
    """
    terms = [term for term in terms if term[2] > 0]
    most = sum(n * size for n, size, _ in terms)
    if wanted <= sum(n * size * p for n, size, p in terms):
        return 1.0
    if wanted > most * (1 + 1e-9):
        return 0.0
    if wanted >= most * (1 - 1e-9):
        return exp(sum(n * log(p) for n, _, p in terms))
    odds = [(n, size, (1 - p) / p) for n, size, p in terms]
    theta = _tilt(odds, wanted)
    # log E[exp(theta X)] with the greatest exponent taken out, so that nothing overflows.
    grown = sum(n * (theta * size + log((1 + o * exp(-theta * size)) / (1 + o))) for n, size, o in odds)
    bound = exp(min(0.0, grown - theta * wanted))
    variance = _tilted(odds, theta)[1]
    return min(bound, bound * step / max(1e-300, (1 - exp(-theta * step)) * sqrt(2 * pi * variance)))


def _tilted(odds: Sequence[tuple[float, float, float]], theta: float) -> tuple[float, float]:
    """Mean and variance of the sum when each probability is tilted by exp(theta * size)."""
    mean = variance = 0.0
    for n, size, against in odds:
        q = 1 / (1 + against * exp(-theta * size))
        mean += n * size * q
        variance += n * size * size * q * (1 - q)
    return mean, variance


def _tilt(odds: Sequence[tuple[float, float, float]], wanted: float) -> float:
    """The theta whose tilted mean is `wanted`: Newton's method, kept between bounds."""
    low, high, theta = 0.0, inf, 0.0
    for _ in range(60):
        mean, variance = _tilted(odds, theta)
        if abs(mean - wanted) <= 1e-6 * wanted:
            break
        low, high = (theta, high) if mean < wanted else (low, theta)
        step = theta + (wanted - mean) / variance if variance > 0 else inf
        theta = step if low < step < high and step < inf else (low + high) / 2 if high < inf else low * 2
    return theta


def clopper_pearson_low(events: float, trials: float, confidence: float = 0.95) -> float:
    """The lower end of the exact two-sided interval of a share (Clopper and Pearson). It is never too high."""
    if events <= 0 or trials <= 0:
        return 0.0
    tail = (1 - confidence) / 2
    low, high = 0.0, events / trials
    for _ in range(45):
        middle = (low + high) / 2
        if binomial_tail(events, trials, middle) < tail:
            low = middle
        else:
            high = middle
    return low


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values corrected for the number of tests (Holm), in the order given."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted = [1.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def rate_ratio(events: float, exposure: float, peer_events: float, peer_exposure: float) -> tuple[float | None, float]:
    """(rate as a multiple of the peers' rate, lower end of its 95 % interval).

    The ratio is None when the peers have no events. Two Poisson rates are compared given their total. Then the events
    of one side are binomial. The lower end of that share's exact interval becomes a ratio by the exposures.
    """
    if exposure <= 0 or peer_exposure <= 0:
        return (None, 0.0)
    share_low = clopper_pearson_low(events, events + peer_events)
    low = (share_low / (1 - share_low)) * (peer_exposure / exposure) if share_low < 1 else float("inf")
    if peer_events == 0:
        return (None, low)
    return ((events / exposure) / (peer_events / peer_exposure), low)
