"""How much a log can show at all, worked out from the truth before anything is judged.

A sick dyno can be found when the evidence that it fails more than three times as often as its peers is beyond chance.
Evidence is counted in shared time only: while the dyno and at least one healthy dyno of its type and release, both past
two minutes, serve at once. A hang of seconds explains any number of failures inside it. So ten seconds of a life count
as one throw, which fails with the chance that at least one of its requests does. With X own throws expected to fail and
Y of the healthy, the evidence against a ratio r is (X + Y) * KL(X / (X + Y), share under r) nats, and the signed root
of its double is normal with variance 1 (Wilks).

*Sufficient* is a case where a test at 2.5 % against "three times", and one at 1 % over all dynos and error codes
against "alike", both succeed with 99 %. Besides, 60 own and 120 other requests lie in shared time, and the dyno fails 4
of 100 requests more than the others: what fails less is no reason to restart it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import log, sqrt
from statistics import NormalDist

from tests.diagnosis.world.app import App
from tests.diagnosis.world.lives import Life

WARM_UP = 120.0
THROW = 10.0
MARGIN = NormalDist().inv_cdf(0.99)
THREE_TIMES = NormalDist().inv_cdf(0.975)
MIN_OWN, MIN_PEERS, MIN_EXCESS = 60, 120, 0.04
TROUBLE = 0.03  # a request that failed at a smaller chance is an odd error, as every app has


def sufficient(app: App, guilty: Sequence[Life], since: float) -> bool:
    """Whether each guilty life can be told from the healthy ones, from what was written after `since`."""
    return bool(guilty) and all(_one(app, life, guilty, since) for life in guilty)


def _one(app: App, life: Life, guilty: Sequence[Life], since: float) -> bool:
    peers = [
        each for each in app.lives if each.type == life.type and each not in guilty and each.release == life.release
    ]
    spans = [(max(since, each.open + WARM_UP), min(app.seconds, each.shut)) for each in peers]
    own = (max(since, life.open + WARM_UP), min(app.seconds, life.shut))

    def shared(at: float) -> bool:
        return own[0] <= at < own[1] and any(start <= at < end for start, end in spans)

    throws, n, failing = _throws(life, own, shared)
    others, m, odd = 0.0, 0, 0.0
    for peer, span in zip(peers, spans, strict=True):
        more, requests, chance = _throws(peer, span, shared)
        others, m, odd = others + more, m + requests, odd + chance
    if n < MIN_OWN or m < MIN_PEERS or failing / n - odd / m < MIN_EXCESS:
        return False
    names = len({each.name for each in app.lives if each.type == life.type})
    alike = NormalDist().inv_cdf(1 - 0.01 / (6 * names))
    return (
        _root(throws, others, 3 * n / (3 * n + m)) >= THREE_TIMES + MARGIN
        and _root(throws, others, n / (n + m)) >= alike + MARGIN
    )


def _throws(life: Life, span: tuple[float, float], shared: Callable[[float], bool]) -> tuple[float, int, float]:
    """The throws expected to fail in shared time, the requests there, and the failures expected among them."""
    well: dict[int, float] = {}
    n, failing = 0, 0.0
    spells = set()
    for seen in life.seen:
        if not (span[0] <= seen.at < span[1] and shared(seen.at)):
            continue
        n, failing = n + 1, failing + seen.chance
        if seen.spell is None:
            cell = int(seen.at // THROW)
            well[cell] = well.get(cell, 1.0) * (1 - seen.chance)
        elif seen.failed:
            spells.add(seen.spell)
    return sum(1 - each for each in well.values()) + len(spells), n, failing


def _root(own: float, others: float, share: float) -> float:
    """The signed root of twice the evidence that the own share of the failing throws is above `share`."""
    total = own + others
    if not total or own / total <= share:
        return 0.0
    p = own / total
    divergence = p * log(p / share) + (0.0 if p == 1 else (1 - p) * log((1 - p) / (1 - share)))
    return sqrt(2 * total * divergence)


def widespread(app: App, since: float) -> bool:
    """Whether trouble of the whole app can be seen: 30 throws failed, on all lives or on at least two."""
    failed = {(id(life), int(s.at // THROW)) for life in app.lives for s in life.seen if s.failed and s.at >= since}
    served = {id(life) for life in app.lives if any(seen.at >= since for seen in life.seen)}
    return len(failed) >= 30 and len({life for life, _ in failed}) >= min(2, len(served))


def tense_is_clear(app: App, *, ongoing: bool, since: float) -> bool:
    """Whether the log shows beyond doubt that the trouble goes on, or that it is over.

    It goes on: one of at least ten failures lies in the last minute. It is over: at the rate between its first and its
    last failure, none since would have had a chance below 1 in 10,000, and it never paused half as long before.
    """
    seen = sorted(s for life in app.lives if life.type == "web" for s in life.seen if s.at >= since)
    failed = [s.at for s in seen if s.failed and (s.chance > TROUBLE or s.spell is not None)]
    if len(failed) < 10:
        return False
    if ongoing:
        return app.seconds - failed[-1] < 55
    during = sum(failed[0] <= s.at <= failed[-1] for s in seen)
    after = sum(s.at > failed[-1] for s in seen)
    longest = max(later - at for at, later in pairwise(failed))
    rate = min(0.999, len(failed) / during)
    return (1 - rate) ** after < 1e-4 and app.seconds - failed[-1] > 2 * longest
