"""Which dyno is slower than its peers: its median service time, span by span, against the median of the others.

The result is "slower", never why. A busy neighbour, a cold cache and a slow page look alike from here. Judoscale
compares with the median of the other dynos in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple, TypeAlias

from herodyno.diagnosis.counting.facts import IncarnationKey
from herodyno.diagnosis.counting.grid import CELL_SECONDS, Cell, joined
from herodyno.diagnosis.statistics.median import median
from herodyno.diagnosis.statistics.peers import Peers, Subject, all_peers
from herodyno.diagnosis.statistics.tense import NEVER_FAILED, Tense

# A dyno is slower in a bucket when its median is 2 times the peers' and 100 ms above it.
MIN_TIMES = 2.0
MIN_MS = 100.0
# A dyno is slower when it is so in this part of the buckets compared.
MIN_SHARE = 0.7
MIN_IN_BUCKET = 20
MIN_BUCKETS = 3
# The widest bucket in cells of half a minute. Buckets are widened until enough of them have enough requests.
_WIDEST = 32


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


_Buckets: TypeAlias = dict[IncarnationKey, dict[float, float]]  # incarnation -> end of the bucket -> median in ms


def slowness(subjects: Sequence[Subject], peers: Peers | None = None) -> dict[IncarnationKey, Slowness]:
    """Compare every subject of one process type with its peers, where these are known already with `peers`."""
    widened: dict[int, _Buckets] = {}  # by width in cells, made when first asked for: each from those half as wide
    cells = {subject.incarnation.key: list(subject.facts.grid.in_order()) for subject in subjects}

    def buckets(width: int) -> _Buckets:
        if width not in widened:
            for key, narrow in cells.items():
                cells[key] = _put_together(narrow, width)
            widened[width] = {key: _medians(wide, width) for key, wide in cells.items()}
        return widened[width]

    medians = {subject.incarnation.key: percentile(subject.facts.good_service, 0.5) for subject in subjects}
    return {
        subject.incarnation.key: _compare(subject, [peer.incarnation.key for peer in own], medians, buckets)
        for subject, own in zip(subjects, (peers or all_peers(subjects)).values(), strict=True)
    }


def percentile(service: dict[int, int], share: float) -> int | None:
    """The service time in ms below which `share` of the requests lie: exact, from a histogram of whole ms."""
    total = sum(service.values())
    if not total:
        return None
    seen = 0
    for value in sorted(service):
        seen += service[value]
        if seen >= share * total:
            return value
    return max(service)


def _compare(
    subject: Subject,
    peers: Sequence[IncarnationKey],
    all_medians: Mapping[IncarnationKey, int | None],
    buckets: Callable[[int], _Buckets],
) -> Slowness:
    own = all_medians[subject.incarnation.key]
    others = [ms for ms in map(all_medians.__getitem__, peers) if ms is not None]
    peers_ms = median(others) if others else None
    if own is None or peers_ms is None:
        return Slowness(False, False, own, peers_ms, None, "no other dyno to compare with")
    width = 1
    while width <= _WIDEST:
        pairs = _paired_medians(subject, peers, buckets(width))
        if len(pairs) >= MIN_BUCKETS:
            slow = [end for end, mine, theirs in pairs if mine > MIN_TIMES * theirs and mine - theirs > MIN_MS]
            is_slower = len(slow) >= MIN_SHARE * len(pairs)
            return Slowness(
                True, is_slower, own, peers_ms, (len(slow), len(pairs)), tense=_tense(slow, [end for end, *_ in pairs])
            )
        width *= 2
    return Slowness(False, False, own, peers_ms, None, "too few requests in any span of time")


def _tense(slow: Sequence[float], compared: Sequence[float]) -> Tense:
    """Whether the slow buckets reach to the end of those compared, given by their ends. It is over after three."""
    if not slow:
        return NEVER_FAILED
    newest, since = slow[-1], sum(1 for end in compared if end > slow[-1])
    return Tense(False, newest, newest) if since >= MIN_BUCKETS else Tense(None if since else True, newest)


def _paired_medians(
    subject: Subject, peers: Sequence[IncarnationKey], buckets: _Buckets
) -> list[tuple[float, float, float]]:
    """(its end, own median, median of the peers' medians) for each bucket in which both have enough requests."""
    mine = buckets[subject.incarnation.key]
    theirs: dict[float, list[float]] = {}
    for peer in peers if mine else ():
        for key, milliseconds in buckets[peer].items():
            theirs.setdefault(key, []).append(milliseconds)
    return [(key, own, median(theirs[key])) for key, own in mine.items() if key in theirs]


def _put_together(narrow: Sequence[tuple[float, Cell]], width: int) -> list[tuple[float, Cell]]:
    """(start, cell) of buckets so many cells of the grid wide."""
    seconds = CELL_SECONDS * width
    buckets = groupby(narrow, lambda placed: placed[0] // seconds * seconds)
    return [(start, joined([cell for _, cell in placed])) for start, placed in buckets]


def _medians(buckets: Sequence[tuple[float, Cell]], width: int) -> dict[float, float]:
    """The medians by the ends of the buckets. Buckets with too few requests are left out."""
    medians = {start + CELL_SECONDS * width: cell.median_ms for start, cell in buckets if cell.timed >= MIN_IN_BUCKET}
    return {key: value for key, value in medians.items() if value is not None}
