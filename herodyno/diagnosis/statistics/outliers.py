"""Which dyno's errors stand out from its peers'. Five rules must hold to accuse, a sixth says how sure.

1. Events: a burst of errors on one path counts once (counting/bursts.py; klp's `--fuse` groups events likewise).
2. Peers: a dyno is compared with dynos of its own type, size and release, over its own span of time.
3. Chance: an exact binomial test. Under chance each event falls on the dyno with the probability of its share of
   requests. Every comparison made is corrected for by Holm's method. The corrected chance must be 1 % at most.
4. Size: at least 5 events, 3 times the peers' rate at the lower end of its 95 % interval, 2 points more in rate.
5. Time: the accusation is sure when three of six sub-windows have errors. It does not decide whether to accuse.
6. Floors: 50 requests of the dyno and 100 of its peers. Those are the defaults of Envoy's outlier detection
   (failure_percentage_request_volume, success_rate_request_volume).

Significance alone never accuses. Rule 3 is asked a second time of episodes (statistics/episodes.py), since a dyno that
hung once for seconds fails on many paths at once.
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

ALPHA = 0.01  # rule 3
MIN_EVENTS = 5  # rule 4
MIN_RATIO = 3.0  # rule 4
MIN_EXCESS = 0.02  # rule 4
SUB_WINDOWS = 6  # rule 5
MIN_REQUESTS = 50  # rule 6
MIN_PEER_REQUESTS = 100  # rule 6
# A dyno's first two minutes are left out. What fails while a dyno warms up does not last.
WARM_UP_SECONDS = 120.0
# Below this chance, uncorrected, a dyno is "suspect": named as uneven, not accused.
_SUSPECT = 0.05

Standing: TypeAlias = Literal["outlier", "suspect", "not_outlier", "not_assessed"]


class Assessment(NamedTuple):
    """What was decided of one incarnation.

    `reason` says why it was not assessed. `family` is the code that decided, ALL for all codes together.
    `ratio` is its rate as a multiple of the peers', with the lower end of the 95 % interval. `sustained` is
    (sub-windows with errors, sub-windows). `episodes` is in how many episodes its errors came, when only that
    acquits it, else 0.
    """

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


class _Test(NamedTuple):
    """One test: an incarnation beside its peers in one family of errors.

    `by_events` is the chance by events alone, `chance` the one by events and episodes. Both are corrected once all
    tests are made. `is_large` is rule 4.
    """

    subject: Subject
    family: str
    counts: PeerComparison
    by_events: float
    chance: float
    is_large: bool = False
    ratio: tuple[float | None, float] | None = None
    episodes: int = 0


def assess(subjects: Sequence[Subject]) -> dict[IncarnationKey, Assessment]:
    """Judge all incarnations of one process type.

    Several failing dynos hide one another when each is compared with all the others. So the worst k are taken out of
    the peers together. k is the largest number for which each of the k passes, or would pass but for its episodes.
    """
    subjects = [_after_warm_up(subject) for subject in subjects]
    decided: dict[IncarnationKey, Assessment] = {}
    assessable = []
    for subject in subjects:
        reason = _why_not(subject, subjects)
        if reason:
            decided[subject.incarnation.key] = Assessment("not_assessed", reason, requests=subject.facts.requests)
        else:
            assessable.append(subject)
    rates = {s.incarnation.key: _rate(s) for s in assessable}
    ranked = sorted(assessable, key=lambda s: (-rates[s.incarnation.key], s.incarnation.key))
    half = len({subject.incarnation.dyno for subject in subjects}) // 2
    most = min(half, len(ranked), sum(1 for s in ranked if events_within(s, s) >= MIN_EVENTS or is_lasting(s, ALL)))
    volumes = [(rates[s.incarnation.key], requests_within(s, s)) for s in ranked]
    for k in range(most, 0, -1):
        if not _may_pass(volumes, k):
            continue
        judged = _judge(assessable, subjects, {s.incarnation.key for s in ranked[:k]})
        if all(
            judged[s.incarnation.key].standing == "outlier" or judged[s.incarnation.key].episodes for s in ranked[:k]
        ):
            return decided | judged
    return decided | _judge(assessable, subjects, set())


def _after_warm_up(subject: Subject) -> Subject:
    """The subject without the first two minutes of its dyno."""
    if subject.incarnation.start is None:
        return subject
    return subject._replace(start=min(subject.end, max(subject.start, subject.incarnation.start + WARM_UP_SECONDS)))


def _rate(subject: Subject) -> float:
    """The rate that subjects are ranked by: events, or lines where errors never pause.

    Errors that never pause are one burst, and by its bursts the worst dyno would rank last.
    """
    count = lines_within(subject, subject, ALL) if is_lasting(subject, ALL) else events_within(subject, subject)
    return count / max(1, requests_within(subject, subject))


def _may_pass(volumes: Sequence[tuple[float, int]], k: int) -> bool:
    """A cheap test before the real one: the k-th worst must have half of MIN_RATIO times the rate of those left."""
    requests = sum(n for _, n in volumes[k:])
    events = sum(rate * n for rate, n in volumes[k:])
    return not requests or volumes[k - 1][0] >= MIN_RATIO * 0.5 * events / requests


def _why_not(subject: Subject, subjects: Sequence[Subject]) -> str:
    """Why a subject cannot be judged (rules 2 and 6), or "" when it can."""
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
    assessable: Sequence[Subject], subjects: Sequence[Subject], taken_out: set[IncarnationKey]
) -> dict[IncarnationKey, Assessment]:
    families = [ALL, *sorted(set().union(*(s.facts.errors.families() for s in subjects)))]
    whole = {(s.incarnation.key, family): s.facts.errors.events(family) for s in subjects for family in families}
    tests = [
        _test(
            subject,
            [peer for peer in peers_of(subject, subjects) if peer.incarnation.key not in taken_out],
            family,
            whole,
        )
        for subject in assessable
        for family in families
    ]
    adjusted = holm([test.chance for test in tests])
    by_events = holm([test.by_events for test in tests])
    by_subject: dict[IncarnationKey, list[_Test]] = {}
    for test, p, p_by_events in zip(tests, adjusted, by_events, strict=True):
        by_subject.setdefault(test.subject.incarnation.key, []).append(test._replace(chance=p, by_events=p_by_events))
    return {key: _verdict(own) for key, own in by_subject.items()}


def _test(subject: Subject, peers: Sequence[Subject], family: str, whole: Events) -> _Test:
    """Rules 3 and 4 for one subject and one family.

    The larger of two chances counts: by events and by episodes. Lasting failure is neither a burst nor an episode.
    There one chance is enough, and the smaller is doubled for having tested twice.
    """
    counts = compare_with_peers(subject, peers, family, whole)
    by_events = _p_value(counts)
    is_much = _is_much(counts, counts.lines, counts.peer_lines)
    lasting = is_much and is_lasting(subject, family)
    if by_events > ALPHA and not lasting:
        return _Test(subject, family, counts, by_events, by_events)
    episodes = by_time(subject, peers, family, lasting=lasting)
    in_episodes = episodes.chance(counts)
    chance = min(1.0, 2 * min(by_events, in_episodes)) if lasting else max(by_events, in_episodes)
    ratio = rate_ratio(counts.events, counts.requests, counts.peer_events, counts.peer_requests)
    is_large = (
        counts.events >= MIN_EVENTS and _is_much(counts, counts.events, counts.peer_events) and ratio[1] >= MIN_RATIO
    )
    goes_on = lasting or (is_much and _goes_on(sustained(subject, family)))
    if not is_large and goes_on and len(episodes.own) >= MIN_EVENTS:
        # Bursts that hardly pause are few, while each odd error of the peers is one burst. So lines are compared.
        by_lines = episodes.ratio(counts)
        is_large, ratio = (True, by_lines) if by_lines[1] >= MIN_RATIO else (False, ratio)
    return _Test(subject, family, counts, by_events, chance, is_large, ratio, len(episodes.own))


def _is_much(counts: PeerComparison, own: int, theirs: int) -> bool:
    return counts.peer_requests > 0 and own / counts.requests - theirs / counts.peer_requests >= MIN_EXCESS


def _p_value(counts: PeerComparison) -> float:
    if counts.peer_requests == 0:
        return 1.0
    share = counts.requests / (counts.requests + counts.peer_requests)
    return binomial_tail(counts.events, counts.events + counts.peer_events, share)


def _verdict(tests: Sequence[_Test]) -> Assessment:
    """What the tests of one subject come to: of those that pass the one with most events, else the least likely."""
    passing = [test for test in tests if test.chance <= ALPHA and test.is_large]
    if passing:
        chosen = max(passing, key=lambda test: (test.counts.events, test.family == ALL))
    else:
        chosen = min(tests, key=lambda test: (test.chance, test.family != ALL, -test.counts.events))
    acquitted = [] if passing else [test.episodes for test in tests if test.by_events <= ALPHA and test.is_large]
    counts = chosen.counts
    ratio, low = chosen.ratio or rate_ratio(counts.events, counts.requests, counts.peer_events, counts.peer_requests)
    present, of = sustained(chosen.subject, chosen.family)
    steady = _is_steady((present, of))
    is_suspect = bool(acquitted) or _p_value(counts) <= _SUSPECT
    return Assessment(
        standing="outlier" if passing else "suspect" if is_suspect else "not_outlier",
        reason="",
        family=chosen.family,
        p_adjusted=chosen.chance,
        ratio=ratio,
        ratio_low=low,
        sustained=(present, of),
        confidence="low" if not passing else "high" if steady else "medium",
        requests=counts.requests,
        peer_requests=counts.peer_requests,
        peer_errors=counts.peer_lines,
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
