"""Whom a life is compared with, and what it and they did in its time: requests, raw lines, collapsed events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from herodyno.diagnosis.counting.facts import IncarnationFacts, IncarnationKey
from herodyno.diagnosis.timeline.incarnations import Incarnation

ALL = ""  # the family of all server errors together


class Subject(NamedTuple):
    """One life with its facts and its span inside the window (seconds since 1970)."""

    incarnation: Incarnation
    facts: IncarnationFacts
    start: float
    end: float


Events: TypeAlias = Mapping[tuple[IncarnationKey, str], int]  # collapsed events of a whole life, by family


class PeerComparison(NamedTuple):
    """A life beside its peers in its own span; `events` are collapsed bursts, `lines` raw ones."""

    events: int
    requests: int
    peer_events: int
    peer_requests: int
    lines: int
    peer_lines: int


def peers_of(subject: Subject, subjects: Sequence[Subject]) -> list[Subject]:
    """Lives of the same type, release and size; what the log does not tell counts as the same."""
    return [
        other
        for other in subjects
        if other.incarnation.key != subject.incarnation.key
        and _same(other.incarnation.release, subject.incarnation.release)
        and _same(other.incarnation.size, subject.incarnation.size)
        and other.start < subject.end
        and other.end > subject.start
    ]


def _same(one: object, two: object) -> bool:
    return one == two or not one or not two


def compare_with_peers(subject: Subject, peers: Sequence[Subject], family: str, whole: Events) -> PeerComparison:
    """Count both sides. `whole` holds what is known of whole lives already."""
    return PeerComparison(
        events=events_within(subject, subject, family, whole),
        requests=requests_within(subject, subject),
        peer_events=sum(events_within(peer, subject, family, whole) for peer in peers),
        peer_requests=sum(requests_within(peer, subject) for peer in peers),
        lines=lines_within(subject, subject, family),
        peer_lines=sum(lines_within(peer, subject, family) for peer in peers),
    )


def _is_whole(incarnation: Subject, subject: Subject) -> bool:
    """Whether all that was seen of a life lies in the span in which the subject is judged."""
    first = incarnation.facts.first
    is_warm = first is None or first >= incarnation.start - 1 or incarnation.incarnation.start is None
    return is_warm and incarnation.start >= subject.start and incarnation.end <= subject.end


def requests_within(incarnation: Subject, subject: Subject) -> int:
    """A life's requests in the subject's span."""
    if _is_whole(incarnation, subject):
        return incarnation.facts.requests
    return incarnation.facts.grid.between(max(incarnation.start, subject.start), subject.end)[0]


def lines_within(incarnation: Subject, subject: Subject, family: str) -> int:
    """A life's raw error lines of a family in the subject's span; cells do not tell families, so at most all of it."""
    if _is_whole(incarnation, subject):
        return incarnation.facts.errors.lines_of(family)
    errors = incarnation.facts.grid.between(max(incarnation.start, subject.start), subject.end)[1]
    return min(errors, incarnation.facts.errors.lines_of(family))


def events_within(
    incarnation: Subject, subject: Subject, family: str = ALL, whole: Events = MappingProxyType({})
) -> int:
    """A life's collapsed events of a family in the subject's span."""
    if _is_whole(incarnation, subject):
        known = whole.get((incarnation.incarnation.key, family))
        return incarnation.facts.errors.events(family) if known is None else known
    return incarnation.facts.errors.events(family, max(incarnation.start, subject.start), subject.end)
