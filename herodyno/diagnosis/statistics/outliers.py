"""Which dyno's errors stand out from its peers' in shared time. Six rules must hold to accuse, a seventh says how sure.

1. Peers: a dyno is compared with dynos of its own type, size and release that served at the same time.
2. Moments: what fails at one time is one moment, however many lines it has (statistics/moments.py).
3. Chance: if all dynos failed alike, so much would fall on this one once in a hundred looks at most. Every comparison
   made is corrected for by Holm's method.
4. Size: at least 5 moments, 3 times the peers' rate at the lower end of its 95 % interval, 2 points more in rate.
5. Floors: 50 requests of the dyno and 100 of its peers in shared time. Those are the defaults of Envoy's outlier
   detection (failure_percentage_request_volume, success_rate_request_volume).
6. Age: failures of its first ten minutes that are over are those of starting, not of a dyno (statistics/starting.py).
   So are those of a dyno in its first ten minutes, where another's are over.
7. Time: the accusation is sure when three of six parts of its requests have errors. It does not decide whether to
   accuse.

Significance alone never accuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from herodyno.diagnosis.counting.facts import IncarnationKey
from herodyno.diagnosis.statistics.comparison import RATIO_CHANCE, Comparison
from herodyno.diagnosis.statistics.evenness import NOT_COMPARED, Evenness, Row, evenness, row
from herodyno.diagnosis.statistics.peer_sums import ALL, WARM_UP_SECONDS, families
from herodyno.diagnosis.statistics.peers import Peers, Subject, all_peers
from herodyno.diagnosis.statistics.rates import holm
from herodyno.diagnosis.statistics.shared_time import Beside, SharedTime
from herodyno.diagnosis.statistics.starting import failed_while_starting, is_starting

ALPHA = 0.01  # rule 3
MIN_MOMENTS = 5  # rule 4
MIN_RATIO = 3.0  # rule 4
MIN_EXCESS = 0.02  # rule 4
MIN_REQUESTS = 50  # rule 5
MIN_PEER_REQUESTS = 100  # rule 5
PARTS = 6  # rule 7
# Below this chance a dyno is "suspect": named as uneven, not accused.
_SUSPECT = 0.05

Standing: TypeAlias = Literal["outlier", "suspect", "not_outlier", "not_assessed"]


class Assessment(NamedTuple):
    """What was decided of one incarnation. Counts are of the time it shared with peers, past its first two minutes.

    `reason` says why it was not assessed, or why a suspect is not accused. `family` is the code that decided, ALL for
    all codes together. `ratio` is its rate as a multiple of the peers', `ratio_low` the lower end of the 95 % interval.
    `sustained` is (parts of its requests with errors, parts). `moments` is at how many moments it failed. `evenness`
    is of all its time, from birth on. `while_starting`: all rules but the age accuse it. `part` is from when to when it
    was judged, None for the whole window.
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
    errors: int = 0
    expected: float = 0.0
    peer_requests: int = 0
    peer_errors: int = 0
    moments: int = 0
    evenness: Evenness = NOT_COMPARED
    while_starting: bool = False
    part: tuple[float, float] | None = None


class _Test(NamedTuple):
    """One test: a dyno beside its peers in one family of errors. `chance` is corrected once all tests are made.

    The comparison itself is not kept, since those of a hundred dynos are large. `told` is what the dyno is told when
    this test decides.
    """

    subject: Subject
    told: Assessment
    lines: float
    chance: float
    is_large: bool

    @property
    def passes(self) -> bool:
        return self.chance <= ALPHA and self.is_large


def assess(subjects: Sequence[Subject], peers: Peers | None = None) -> dict[IncarnationKey, Assessment]:
    """Judge all incarnations of one process type. `peers`: their peers, where these are known already."""
    shared, names = SharedTime(subjects), families(subjects)
    decided: dict[IncarnationKey, Assessment] = {}
    tests: dict[IncarnationKey, list[_Test]] = {}
    rates: dict[IncarnationKey, float] = {}
    peers = peers or all_peers(subjects)
    compared: dict[IncarnationKey, int] = {}
    rows: dict[IncarnationKey, Row] = {}
    for subject in subjects:
        key, beside = subject.incarnation.key, shared.beside_peers(subject)
        together = beside.compare()
        compared[key] = round(together.lines)
        rows[key] = row(
            together if shared.began_warm(subject) else shared.beside_peers(subject, from_birth=True).compare()
        )
        reason = _why_not_assessed(subject, together, has_peers=bool(peers[key]))
        if reason:
            decided[key] = _counted(together, "not_assessed", reason)
        else:
            tests[key] = _tests(subject, beside, names, together)
            rates[key] = together.lines / together.requests
    judged = [subject for subject in subjects if subject.incarnation.key in rates]
    ranked = sorted(judged, key=lambda each: (-rates[each.incarnation.key], each.incarnation.key))
    decided |= _judged(ranked, subjects, shared, names) or _with_correction(
        [test for each in ranked for test in tests[each.incarnation.key]], shared
    )
    even = evenness(subjects, rows, shared.due(), compared)
    return _without_starting({key: found._replace(evenness=even[key]) for key, found in decided.items()}, subjects)


def _judged(
    ranked: Sequence[Subject], subjects: Sequence[Subject], shared: SharedTime, names: Sequence[str]
) -> dict[IncarnationKey, Assessment]:
    """Judge those that can be judged, who are ranked by their rate. Empty where none of them stands out.

    Several failing dynos hide one another when each is compared with all the others. So the worst k are taken out of
    the peers together, at most half of all dynos. k is the largest number for which each of the k is an outlier.
    """
    half = len({subject.incarnation.dyno for subject in subjects}) // 2
    most = min(half, sum(1 for subject in ranked if subject.facts.errors.n >= MIN_MOMENTS))
    for subject in ranked[:most]:
        shared.leave_out(subject)
    found: dict[IncarnationKey, Assessment] = {}
    for k in range(most, 0, -1):
        # The test of the k-th worst decides as a rule, so it is made first, and not yet corrected.
        if not found and all(_stands_out(each, shared, names) for each in reversed(ranked[:k])):
            besides = ((each, shared.beside_peers(each)) for each in ranked)
            tests = [test for each, beside in besides for test in _tests(each, beside, names, beside.compare())]
            judged = _with_correction(tests, shared)
            if all(judged[each.incarnation.key].standing == "outlier" for each in ranked[:k]):
                found = judged
        shared.take_back(ranked[k - 1])
    return found


def _why_not_assessed(subject: Subject, beside: Comparison, *, has_peers: bool) -> str:
    """Why a subject cannot be judged (rules 1 and 5), or "" when it can."""
    if not subject.facts.requests:
        return "no requests"
    if subject.incarnation.start is not None and subject.end - subject.incarnation.start < WARM_UP_SECONDS:
        return "younger than 2 minutes"
    if not has_peers:
        return "no other dyno of its type, size and release to compare with"
    if not beside.strata:
        return "no other dyno of its type, size and release served at the same time"
    if beside.requests < MIN_REQUESTS:
        where = " beside peers" if subject.facts.requests >= MIN_REQUESTS else ""
        seen = beside.requests if where else subject.facts.requests
        return f"{seen} of {MIN_REQUESTS} requests needed{where}"
    if beside.peer_requests < MIN_PEER_REQUESTS:
        return f"its peers have {beside.peer_requests} of {MIN_PEER_REQUESTS} requests needed"
    return ""


def _tests(subject: Subject, beside: Beside, names: Sequence[str], together: Comparison) -> list[_Test]:
    """Rules 3 and 4 for one subject, by each family. `together` are both sides' failures of all families."""
    all_codes, *codes = names
    first = _test(subject, all_codes, together)
    if len(codes) == 1:  # a single code is all codes together, so both tests are one
        return [first, first._replace(told=first.told._replace(family=codes[0]))]
    return [first, *(_test(subject, code, beside.compare(code)) for code in codes)]


def _test(subject: Subject, family: str, beside: Comparison) -> _Test:
    told = _counted(beside, "not_outlier", "")._replace(
        family=family, ratio=beside.ratio, sustained=beside.sustained(PARTS)
    )
    if beside.lines <= beside.expected or not beside.requests:
        return _Test(subject, told, beside.lines, 1.0, False)
    chance = beside.chance()
    return _Test(subject, told, beside.lines, chance, chance <= ALPHA and _is_large(beside))


def _is_large(beside: Comparison) -> bool:
    """Rule 4."""
    return (
        len(beside.own) >= MIN_MOMENTS
        and (beside.lines - beside.expected) / beside.requests >= MIN_EXCESS
        and (beside.ratio is None or beside.ratio >= MIN_RATIO)
        and beside.chance(MIN_RATIO) <= RATIO_CHANCE
    )


def _stands_out(subject: Subject, shared: SharedTime, names: Sequence[str]) -> bool:
    """Whether one of the tests passes. What is cheap to know is asked first."""
    least = max(MIN_MOMENTS, 0.99 * MIN_EXCESS * shared.least_requests(subject))  # lines, of its time alone as well
    families = [name for name in names[: 1 if len(names) == 2 else None] if shared.lines(subject, name) >= least]
    if not families:
        return False
    compared = map(shared.beside_peers(subject).compare, families)
    return any(each.requests and _is_large(each) and each.chance() <= ALPHA for each in compared)


def _with_correction(tests: Sequence[_Test], shared: SharedTime) -> dict[IncarnationKey, Assessment]:
    by_subject: dict[IncarnationKey, list[_Test]] = {}
    for test, p in zip(tests, holm([test.chance for test in tests]), strict=True):
        by_subject.setdefault(test.subject.incarnation.key, []).append(test._replace(chance=p))
    return {key: _verdict(own, shared) for key, own in by_subject.items()}


def _verdict(tests: Sequence[_Test], shared: SharedTime) -> Assessment:
    """What the tests of one subject come to: of those that pass the one with most lines, else the least likely."""
    passing = [test for test in tests if test.passes]
    if passing:
        chosen = max(passing, key=lambda test: (test.lines, test.told.family == ALL))
    else:
        chosen = min(tests, key=lambda test: (test.chance, test.told.family != ALL, -test.lines))
    told = chosen.told._replace(p_adjusted=chosen.chance)
    if not passing and chosen.chance > _SUSPECT:
        return told
    beside = shared.beside_peers(chosen.subject).compare(told.family)
    told = told._replace(ratio_low=beside.ratio_low())
    if not passing:
        return told._replace(standing="suspect", reason=_why_not_accused(beside, chosen.chance))
    present, of = told.sustained or (0, PARTS)
    return told._replace(standing="outlier", confidence="high" if present * 2 >= of else "medium")


def _counted(beside: Comparison, standing: Standing, reason: str) -> Assessment:
    return Assessment(
        standing,
        reason,
        requests=beside.requests,
        errors=round(beside.lines),
        expected=beside.expected,
        peer_requests=beside.peer_requests,
        peer_errors=round(beside.peers_lines),
        moments=len(beside.own),
    )


def _why_not_accused(beside: Comparison, chance: float) -> str:
    """The rule that a suspect does not meet."""
    if len(beside.own) < MIN_MOMENTS:
        return f"it failed at {len(beside.own)} of {MIN_MOMENTS} moments needed"
    if chance > ALPHA:
        return f"so much falls on one dyno by chance in {chance:.0%} of such windows"
    if beside.ratio is not None and beside.ratio < MIN_RATIO:
        return f"{beside.ratio:.1f} times its peers' rate, {MIN_RATIO:g} needed"
    if (beside.lines - beside.expected) / beside.requests < MIN_EXCESS:
        return f"less than {MIN_EXCESS:.0%} of its requests more than its peers'"
    return f"not certainly {MIN_RATIO:g} times its peers' rate"


def _without_starting(
    decided: dict[IncarnationKey, Assessment], subjects: Sequence[Subject]
) -> dict[IncarnationKey, Assessment]:
    """Rule 6. Where one dyno failed only while it started, one that starts now does the same."""
    accused = {key for key, told in decided.items() if told.standing == "outlier"}
    far = accused | {key for key, told in decided.items() if told.evenness.apart}
    over = {each.incarnation.key for each in subjects if each.incarnation.key in far and failed_while_starting(each)}
    reasons = dict.fromkeys(accused & over, "it failed while it started, and not since")
    if over:
        young = {each.incarnation.key for each in subjects if is_starting(each)}
        reasons |= dict.fromkeys(accused & young - over, "it is starting, and others failed at that age only")
    return decided | {
        key: decided[key]._replace(standing="suspect", confidence="low", reason=reason, while_starting=True)
        for key, reason in reasons.items()
    }
