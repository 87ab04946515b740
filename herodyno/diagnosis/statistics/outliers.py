"""Which dyno's errors stand out from its peers', and how sure that is: six rules, all of which must hold to accuse.

1 bursts count once · 2 peers only · 3 exact binomial test, Holm over everything looked at · 4 effect
size · 5 sustained · 6 enough requests. Significance alone never accuses (diagnosis specification 4.5).
Envoy's outlier detection has the same floors (50 requests, 100 of peers); grouping of events as klp's fuse.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from herodyno.diagnosis.counting.facts import IncarnationKey
from herodyno.diagnosis.statistics.episodes import by_time, is_lasting
from herodyno.diagnosis.statistics.peers import (
    ALL,
    Events,
    PeerComparison,
    Subject,
    compare_with_peers,
    events_within,
    lines_within,
    peers_of,
    requests_within,
)
from herodyno.diagnosis.statistics.rates import binomial_tail, holm, rate_ratio

ALPHA = 0.01
MIN_REQUESTS = 50
MIN_PEER_REQUESTS = 100
MIN_EVENTS = 5
MIN_RATIO = 3.0
MIN_EXCESS = 0.02
WARM_UP_SECONDS = 120.0
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
    episodes: int = 0
    """At how many moments its errors came, when only that acquits it; else 0."""


class _Look(NamedTuple):
    """A life beside its peers in one family: the chance by separate events and by all that is asked (corrected for
    all looks once they are known), and rule 4."""

    subject: Subject
    family: str
    row: PeerComparison
    by_events: float
    chance: float
    is_large: bool = False
    ratio: tuple[float | None, float] | None = None
    episodes: int = 0


def assess(subjects: Sequence[Subject]) -> dict[IncarnationKey, Assessment]:
    """Judge all lives of one process type.

    Several guilty dynos hide one another when each is compared with all the others, so the worst k
    are taken out of the baseline together, for the largest k of which every one passes, or would but for its moments.
    """
    subjects = [_after_warm_up(subject) for subject in subjects]
    decided: dict[IncarnationKey, Assessment] = {}
    open_cases = []
    for subject in subjects:
        reason = _why_not(subject, subjects)
        if reason:
            decided[subject.incarnation.key] = Assessment("not_assessed", reason, requests=subject.facts.requests)
        else:
            open_cases.append(subject)
    rates = {s.incarnation.key: _rate(s) for s in open_cases}
    ranked = sorted(open_cases, key=lambda s: (-rates[s.incarnation.key], s.incarnation.key))
    half = len({subject.incarnation.dyno for subject in subjects}) // 2
    most = min(half, len(ranked), sum(1 for s in ranked if events_within(s, s) >= MIN_EVENTS or is_lasting(s, ALL)))
    volumes = [(rates[s.incarnation.key], requests_within(s, s)) for s in ranked]
    for k in range(most, 0, -1):
        if not _may_pass(volumes, k):
            continue
        judged = _judge(open_cases, subjects, {s.incarnation.key for s in ranked[:k]})
        if all(
            judged[s.incarnation.key].standing == "outlier" or judged[s.incarnation.key].episodes for s in ranked[:k]
        ):
            return decided | judged
    return decided | _judge(open_cases, subjects, set())


def _after_warm_up(subject: Subject) -> Subject:
    """The same without its first two minutes: what fails while a dyno warms up is no fault that lasts."""
    if subject.incarnation.start is None:
        return subject
    return subject._replace(start=min(subject.end, max(subject.start, subject.incarnation.start + WARM_UP_SECONDS)))


def _rate(subject: Subject) -> float:
    """What it is ranked by: where errors never pause, its bursts would make the worst dyno the best."""
    count = lines_within(subject, subject, ALL) if is_lasting(subject, ALL) else events_within(subject, subject)
    return count / max(1, requests_within(subject, subject))


def _may_pass(volumes: Sequence[tuple[float, int]], k: int) -> bool:
    """A cheap look before the real one: the k-th worst must come near three times the rate of those left."""
    requests = sum(n for _, n in volumes[k:])
    events = sum(rate * n for rate, n in volumes[k:])
    return not requests or volumes[k - 1][0] >= MIN_RATIO * 0.5 * events / requests


def _why_not(subject: Subject, subjects: Sequence[Subject]) -> str:
    """Why a life cannot be judged, or "" when it can."""
    if not subject.facts.requests:
        return "no requests"
    if subject.incarnation.start is not None and subject.end - subject.incarnation.start < WARM_UP_SECONDS:
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


def _judge(
    cases: Sequence[Subject], subjects: Sequence[Subject], taken_out: set[IncarnationKey]
) -> dict[IncarnationKey, Assessment]:
    families = [ALL, *sorted(set().union(*(s.facts.errors.families() for s in subjects)))]
    whole = {(s.incarnation.key, family): s.facts.errors.events(family) for s in subjects for family in families}
    looks = [
        _look(
            subject,
            [peer for peer in peers_of(subject, subjects) if peer.incarnation.key not in taken_out],
            family,
            whole,
        )
        for subject in cases
        for family in families
    ]
    adjusted = holm([look.chance for look in looks])
    by_events = holm([look.by_events for look in looks])
    told: dict[IncarnationKey, list[_Look]] = {}
    for look, p, p_by_events in zip(looks, adjusted, by_events, strict=True):
        told.setdefault(look.subject.incarnation.key, []).append(look._replace(chance=p, by_events=p_by_events))
    return {key: _verdict(own) for key, own in told.items()}


def _look(subject: Subject, peers: Sequence[Subject], family: str, whole: Events) -> _Look:
    """How likely chance alone would bring as much: by separate events, and by moments as well.

    What lasts is no moment, and there bursts never pause: either count will do, and the smaller counts twice.
    """
    row = compare_with_peers(subject, peers, family, whole)
    by_events = _p_value(row)
    is_much = _is_much(row, row.lines, row.peer_lines)
    lasting = is_much and is_lasting(subject, family)
    if by_events > ALPHA and not lasting:
        return _Look(subject, family, row, by_events, by_events)
    episodes = by_time(subject, peers, family, lasting=lasting)
    in_episodes = episodes.chance(row)
    chance = min(1.0, 2 * min(by_events, in_episodes)) if lasting else max(by_events, in_episodes)
    ratio = rate_ratio(row.events, row.requests, row.peer_events, row.peer_requests)
    is_large = row.events >= MIN_EVENTS and _is_much(row, row.events, row.peer_events) and ratio[1] >= MIN_RATIO
    goes_on = lasting or (is_much and _goes_on(sustained(subject, family)))
    if not is_large and goes_on and len(episodes.own) >= MIN_EVENTS:
        # Bursts that hardly pause are few in many requests, while the peers' odd errors each stay one.
        by_lines = episodes.ratio(row)
        is_large, ratio = (True, by_lines) if by_lines[1] >= MIN_RATIO else (False, ratio)
    return _Look(subject, family, row, by_events, chance, is_large, ratio, len(episodes.own))


def _is_much(row: PeerComparison, own: int, theirs: int) -> bool:
    return row.peer_requests > 0 and own / row.requests - theirs / row.peer_requests >= MIN_EXCESS


def _p_value(row: PeerComparison) -> float:
    if row.peer_requests == 0:
        return 1.0
    share = row.requests / (row.requests + row.peer_requests)
    return binomial_tail(row.events, row.events + row.peer_events, share)


def _verdict(looks: Sequence[_Look]) -> Assessment:
    """What the looks at one life's families come to; the one with most events that passes, else the least likely."""
    passing = [look for look in looks if look.chance <= ALPHA and look.is_large]
    if passing:
        told = max(passing, key=lambda look: (look.row.events, look.family == ALL))
    else:
        told = min(looks, key=lambda look: (look.chance, look.family != ALL, -look.row.events))
    acquitted = [] if passing else [look.episodes for look in looks if look.by_events <= ALPHA and look.is_large]
    row = told.row
    ratio, low = told.ratio or rate_ratio(row.events, row.requests, row.peer_events, row.peer_requests)
    present, of = sustained(told.subject, told.family)
    steady = _is_steady((present, of))
    is_suspect = bool(acquitted) or _p_value(row) <= 0.05
    return Assessment(
        standing="outlier" if passing else "suspect" if is_suspect else "not_outlier",
        reason="",
        family=told.family,
        p_adjusted=told.chance,
        ratio=ratio,
        ratio_low=low,
        sustained=(present, of),
        confidence="low" if not passing else "high" if steady else "medium",
        requests=row.requests,
        peer_requests=row.peer_requests,
        peer_errors=row.peer_lines,
        episodes=max(acquitted, default=0),
    )


def _goes_on(found: tuple[int, int]) -> bool:
    return found[0] * 2 >= found[1]


def _is_steady(found: tuple[int, int]) -> bool:
    """Rule 5."""
    return _goes_on(found) and found[0] >= 3


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
