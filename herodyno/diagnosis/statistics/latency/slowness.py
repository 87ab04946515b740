"""Which dyno is slower than its peers: its median service time, span by span, against the median of the others.

The result is "slower", never why. A busy neighbour, a cold cache and a slow page look alike from here. Judoscale
compares with the median of the other dynos in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from herodyno.diagnosis.counting.facts import IncarnationKey
from herodyno.diagnosis.counting.grid import CELL_SECONDS
from herodyno.diagnosis.statistics.latency.buckets import Buckets
from herodyno.diagnosis.statistics.median import median, median_of_others
from herodyno.diagnosis.statistics.peers import Peers, Subject, all_peers
from herodyno.diagnosis.statistics.tense import NEVER_FAILED, Tense

# A dyno is slower in a bucket when its median is 2 times the peers' and 100 ms above it.
MIN_TIMES = 2.0
MIN_MS = 100.0
# A dyno is slower when it is so in this part of the buckets compared.
MIN_SHARE = 0.7
MIN_BUCKETS = 3
# In cells of half a minute. Buckets are widened until enough of them have enough requests.
_WIDTHS = (1, 2, 4, 8, 16, 32)


class Slowness(NamedTuple):
    """Whether a dyno was slower. `buckets` is (slower, compared), medians are in ms over the whole span.

    `reason` says why it was not assessed. `tense` is whether it is slower in the last buckets.
    """

    assessed: bool
    slower: bool
    own_ms: float | None
    peers_ms: float | None
    buckets: tuple[int, int] | None
    reason: str = ""
    tense: Tense = NEVER_FAILED


def slowness(subjects: Sequence[Subject], peers: Peers | None = None) -> dict[IncarnationKey, Slowness]:
    """Compare every subject of one process type with its peers, where these are known already with `peers`."""
    medians = {subject.incarnation.key: percentile(subject.facts.good_service, 0.5) for subject in subjects}
    buckets = Buckets(subjects)
    return {
        subject.incarnation.key: _compare(subject, own, medians, buckets)
        for subject, own in zip(subjects, (peers or all_peers(subjects)).values(), strict=True)
    }


def percentile(service: dict[int, int], share: float) -> int | None:
    """The service time in ms below which `share` of the requests lie: exact, from a histogram of whole ms."""
    return percentiles(service, share)[0]


def percentiles(service: dict[int, int], *shares: float) -> list[int | None]:
    """The same for several shares, the smallest first: the histogram is put in order once."""
    total, seen = sum(service.values()), 0
    if not total:
        return [None] * len(shares)
    found: list[int | None] = []
    for value in sorted(service):
        seen += service[value]
        while len(found) < len(shares) and seen >= shares[len(found)] * total:
            found.append(value)
        if len(found) == len(shares):
            return found
    return found + [max(service)] * (len(shares) - len(found))


def _compare(
    subject: Subject,
    peers: Sequence[IncarnationKey],
    all_medians: Mapping[IncarnationKey, int | None],
    buckets: Buckets,
) -> Slowness:
    own = all_medians[subject.incarnation.key]
    others = [ms for ms in map(all_medians.__getitem__, peers) if ms is not None]
    peers_ms = median(others) if others else None
    if own is None or peers_ms is None:
        return Slowness(False, False, own, peers_ms, None, "no other dyno to compare with")
    key = subject.incarnation.key
    for width in _WIDTHS if buckets.most(key) >= MIN_BUCKETS else ():
        full = buckets.full(width)
        shared = [start for start in full[key] if any(start in full[peer] for peer in peers)]
        if len(shared) >= MIN_BUCKETS:
            mine, theirs = buckets.medians(width, key), _of_peers(key, peers, buckets, width, shared)
            ends = [float(start + CELL_SECONDS * width) for start in shared]
            slow = [end for end, start in zip(ends, shared, strict=True) if _is_slow(mine[start], theirs[start])]
            is_slower = len(slow) >= MIN_SHARE * len(ends)
            return Slowness(True, is_slower, own, peers_ms, (len(slow), len(ends)), tense=_tense(slow, ends))
    return Slowness(False, False, own, peers_ms, None, "too few requests in any span of time")


def _is_slow(mine: float, theirs: float) -> bool:
    return mine > MIN_TIMES * theirs and mine - theirs > MIN_MS


def _tense(slow: Sequence[float], compared: Sequence[float]) -> Tense:
    """Whether the slow buckets reach to the end of those compared, given by their ends. It is over after three."""
    if not slow:
        return NEVER_FAILED
    newest, since = slow[-1], sum(1 for end in compared if end > slow[-1])
    return Tense(False, newest, newest) if since >= MIN_BUCKETS else Tense(None if since else True, newest)


def _of_peers(
    key: IncarnationKey, peers: Sequence[IncarnationKey], buckets: Buckets, width: int, shared: Sequence[int]
) -> dict[int, float]:
    """The median of the peers' medians in each shared bucket. Where all other dynos are peers, all are sorted once."""
    if len(peers) == len(buckets.full(width)) - 1:
        mine, of_all = buckets.medians(width, key), buckets.medians_of_all(width)
        return {start: median_of_others(of_all[start], mine[start]) for start in shared}
    theirs = [buckets.medians(width, peer) for peer in peers]
    return {start: median(each[start] for each in theirs if start in each) for start in shared}
