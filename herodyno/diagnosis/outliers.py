"""Which dyno's errors stand out from its peers', and how sure that is: six rules, all of which must hold to accuse.

1 bursts count once · 2 peers only · 3 exact binomial test, Holm over everything looked at · 4 effect
size · 5 sustained · 6 enough requests. Significance alone never accuses (diagnosis specification 4.5).
Envoy's outlier detection has the same floors (50 requests, 100 of peers); grouping of events as klp's fuse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from herodyno.diagnosis.facts import LifeKey
from herodyno.diagnosis.peers import (
    ALL,
    Comparison,
    Subject,
    compare,
    events_within,
    peers_of,
    requests_within,
)
from herodyno.diagnosis.rates import binomial_tail, holm, rate_ratio

ALPHA = 0.01
MIN_REQUESTS = 50
MIN_PEER_REQUESTS = 100
MIN_EVENTS = 5
MIN_RATIO = 3.0
MIN_RATIO_OF_LINES = 10.0
MIN_EXCESS = 0.02
WARM_UP_SECONDS = 120.0
# Errors without a pause are one more moment each so many seconds.
MOMENT_SECONDS = 10.0
LONG_SECONDS = 180.0
SUB_WINDOWS = 6

Standing: TypeAlias = Literal["outlier", "suspect", "not_outlier", "not_assessed"]


class Assessment(NamedTuple):
    """What was decided of one life. Counts are requests and collapsed events, of it and of its peers."""

    standing: Standing
    reason: str
    family: str = ALL
    p_adjusted: float | None = None
    ratio: float | None = None
    ratio_low: float | None = None
    sustained: tuple[int, int] | None = None
    confidence: Literal["high", "medium", "low"] = "low"
    requests: int = 0
    peer_requests: int = 0
    peer_errors: int = 0


def assess(subjects: Sequence[Subject]) -> dict[LifeKey, Assessment]:
    """Judge all lives of one process type.

    Several guilty dynos hide one another when each is compared with all the others, so the worst k
    are taken out of the baseline together, for the largest k of which every one passes.
    """
    subjects = [_after_warm_up(subject) for subject in subjects]
    decided: dict[LifeKey, Assessment] = {}
    open_cases = []
    for subject in subjects:
        reason = _why_not(subject, subjects)
        if reason:
            decided[subject.life.key] = Assessment("not_assessed", reason, requests=subject.facts.requests)
        else:
            open_cases.append(subject)
    ranked = sorted(open_cases, key=lambda s: (-_rate(s), s.life.key))
    half = len({subject.life.dyno for subject in subjects}) // 2
    most = min(half, len(ranked), sum(1 for s in ranked if events_within(s, s) >= MIN_EVENTS))
    for k in range(most, 0, -1):
        if not _may_pass(ranked, k):
            continue
        judged = _judge(open_cases, subjects, {s.life.key for s in ranked[:k]})
        if all(judged[s.life.key].standing == "outlier" for s in ranked[:k]):
            return decided | judged
    return decided | _judge(open_cases, subjects, set())


def _after_warm_up(subject: Subject) -> Subject:
    """The same without its first two minutes: what fails while a dyno warms up is no fault that lasts."""
    if subject.life.start is None:
        return subject
    return subject._replace(start=min(subject.end, max(subject.start, subject.life.start + WARM_UP_SECONDS)))


def _rate(subject: Subject) -> float:
    return events_within(subject, subject) / max(1, requests_within(subject, subject))


def _may_pass(ranked: Sequence[Subject], k: int) -> bool:
    """A cheap look before the real one: the k-th worst must come near three times the rate of those left."""
    rest = ranked[k:]
    requests = sum(requests_within(s, s) for s in rest)
    events = sum(events_within(s, s) for s in rest)
    return not requests or _rate(ranked[k - 1]) >= MIN_RATIO * 0.5 * events / requests


def _why_not(subject: Subject, subjects: Sequence[Subject]) -> str:
    """Why a life cannot be judged, or "" when it can."""
    if not subject.facts.requests:
        return "no requests"
    if subject.life.start is not None and subject.end - subject.life.start < WARM_UP_SECONDS:
        return "younger than 2 minutes"
    own = requests_within(subject, subject)
    if own < MIN_REQUESTS:
        warm = " after its first 2 minutes" if own < subject.facts.requests else ""
        return f"{own} of {MIN_REQUESTS} requests needed{warm}"
    peers = peers_of(subject, subjects)
    if not peers:
        return "no other dyno of its type, size and release to compare with"
    seen = sum(requests_within(peer, subject) for peer in peers)
    if seen < MIN_PEER_REQUESTS:
        return f"its peers have {seen} of {MIN_PEER_REQUESTS} requests needed"
    return ""


def _judge(cases: Sequence[Subject], subjects: Sequence[Subject], taken_out: set[LifeKey]) -> dict[LifeKey, Assessment]:
    families = [ALL, *sorted(set().union(*(s.facts.errors.families() for s in subjects)))]
    whole = {(s.life.key, family): s.facts.errors.events(family) for s in subjects for family in families}
    table: dict[tuple[LifeKey, str], Comparison] = {}
    chances: list[float] = []
    for subject in cases:
        peers = [peer for peer in peers_of(subject, subjects) if peer.life.key not in taken_out]
        for family in families:
            row = table[subject.life.key, family] = compare(subject, peers, family, whole)
            chance = _p_value(row)
            if chance <= ALPHA and _may_be_moments(subject, family):
                chance = max(chance, _by_time(subject, peers, row, family))
            chances.append(chance)
    adjusted = dict(zip(table, holm(chances), strict=True))
    return {
        subject.life.key: _verdict(subject, [(f, table[subject.life.key, f]) for f in families], adjusted)
        for subject in cases
    }


def _p_value(row: Comparison) -> float:
    if row.peer_requests == 0:
        return 1.0
    share = row.requests / (row.requests + row.peer_requests)
    return binomial_tail(row.events, row.events + row.peer_events, share)


def _may_be_moments(subject: Subject, family: str) -> bool:
    """Whether the errors may have come at a few moments only: there are sub-windows without any.

    In a window of seconds, which is all that a busy app's log holds, half of them is enough to say no.
    """
    present, of = sustained(subject, family)
    return present < of - 1 if subject.end - subject.start >= LONG_SECONDS else not _is_steady((present, of))


def _by_time(subject: Subject, peers: Sequence[Subject], row: Comparison, family: str) -> float:
    """The same chance when all that failed at one time is one event, whatever its path.

    A dyno that hung twice for five seconds has failed twice, on however many paths.
    """
    own, theirs = (
        sum(
            life.facts.errors.moments(
                family, max(life.start, subject.start), min(life.end, subject.end), every=MOMENT_SECONDS
            )
            for life in lives
        )
        for lives in ([subject], peers)
    )
    return binomial_tail(own, own + theirs, row.requests / (row.requests + row.peer_requests))


def _verdict(
    subject: Subject,
    rows: Sequence[tuple[str, Comparison]],
    adjusted: Mapping[tuple[LifeKey, str], float],
) -> Assessment:
    family, row = min(rows, key=lambda item: (adjusted[subject.life.key, item[0]], item[0] != ALL, -item[1].events))
    passing = [
        (name, comparison)
        for name, comparison in rows
        if adjusted[subject.life.key, name] <= ALPHA and _is_large(subject, comparison, name)
    ]
    if passing:
        family, row = max(passing, key=lambda item: (item[1].events, item[0] == ALL))
    p = adjusted[subject.life.key, family]
    ratio, low = rate_ratio(row.events, row.requests, row.peer_events, row.peer_requests)
    present, of = sustained(subject, family)
    steady = _is_steady((present, of))
    standing: Standing = "outlier" if passing else "suspect" if _p_value(row) <= 0.05 else "not_outlier"
    return Assessment(
        standing=standing,
        reason="",
        family=family,
        p_adjusted=p,
        ratio=ratio,
        ratio_low=low,
        sustained=(present, of),
        confidence="low" if not passing else "high" if steady else "medium",
        requests=row.requests,
        peer_requests=row.peer_requests,
        peer_errors=row.peer_lines,
    )


def _is_large(subject: Subject, row: Comparison, family: str) -> bool:
    """Rule 4: at least 5 events, three times the peers' rate for certain, 2 % of requests more than they."""
    if row.events < MIN_EVENTS or row.peer_requests == 0:
        return False
    is_much = row.events / row.requests - row.peer_events / row.peer_requests >= MIN_EXCESS
    is_thrice = rate_ratio(row.events, row.requests, row.peer_events, row.peer_requests)[1] >= MIN_RATIO
    if is_much and is_thrice:
        return True
    # At hundreds of requests a second bursts never pause and collapse to a few events in thousands of requests,
    # while the peers' odd errors each stay one; there the raw lines show the size, if it goes on.
    present, of = sustained(subject, family)
    if present * 2 < of or row.lines / row.requests - row.peer_lines / row.peer_requests < MIN_EXCESS:
        return False
    return is_thrice or rate_ratio(row.lines, row.requests, row.peer_lines, row.peer_requests)[1] >= MIN_RATIO_OF_LINES


def _is_steady(found: tuple[int, int]) -> bool:
    """Rule 5."""
    return found[0] * 2 >= found[1] and found[0] >= 3


def sustained(subject: Subject, family: str) -> tuple[int, int]:
    """(sub-windows of its span with an error of the family, sub-windows)."""
    step = (subject.end - subject.start) / SUB_WINDOWS
    if step <= 0:
        return (0, SUB_WINDOWS)
    present = sum(
        subject.facts.errors.touches(
            subject.start + i * step, subject.start + (i + 1) * step + (1e-6 if i == SUB_WINDOWS - 1 else 0), family
        )
        for i in range(SUB_WINDOWS)
    )
    return (present, SUB_WINDOWS)
