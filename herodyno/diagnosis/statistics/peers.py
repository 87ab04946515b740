"""With whom a dyno is compared, and what both sides did in its span: requests, error lines, events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from herodyno.diagnosis.counting.facts import IncarnationFacts, IncarnationKey
from herodyno.diagnosis.timeline.incarnations import Incarnation

ALL = ""  # the family of all server errors together


class Subject(NamedTuple):
    """One incarnation with its facts, and its span inside the window (seconds since 1970)."""

    incarnation: Incarnation
    facts: IncarnationFacts
    start: float
    end: float


Events: TypeAlias = Mapping[tuple[IncarnationKey, str], int]  # events of a whole incarnation, by family


class PeerComparison(NamedTuple):
    """A subject beside its peers in the subject's span. `lines` are error lines, `events` count each burst once."""

    events: int
    requests: int
    peer_events: int
    peer_requests: int
    lines: int
    peer_lines: int


def peers_of(subject: Subject, subjects: Sequence[Subject]) -> list[Subject]:
    """The other subjects of the same release and size at the same time. What is not known counts as the same."""
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
    """Count both sides. `whole` holds the events of whole incarnations, where they were counted before."""
    return PeerComparison(
        events=events_within(subject, subject, family, whole),
        requests=requests_within(subject, subject),
        peer_events=sum(events_within(peer, subject, family, whole) for peer in peers),
        peer_requests=sum(requests_within(peer, subject) for peer in peers),
        lines=lines_within(subject, subject, family),
        peer_lines=sum(lines_within(peer, subject, family) for peer in peers),
    )


def _is_whole(one: Subject, subject: Subject) -> bool:
    """Whether every line of one side lies in the span in which the subject is judged."""
    first = one.facts.first
    is_warm = first is None or first >= one.start - 1 or one.incarnation.start is None
    return is_warm and one.start >= subject.start and one.end <= subject.end


def requests_within(one: Subject, subject: Subject) -> int:
    """The requests of one side in the subject's span."""
    if _is_whole(one, subject):
        return one.facts.requests
    return one.facts.grid.between(max(one.start, subject.start), subject.end)[0]


def lines_within(one: Subject, subject: Subject, family: str) -> int:
    """The error lines of one side and family in the subject's span. Cells know no family, so this is an upper bound."""
    if _is_whole(one, subject):
        return one.facts.errors.lines_of(family)
    errors = one.facts.grid.between(max(one.start, subject.start), subject.end)[1]
    return min(errors, one.facts.errors.lines_of(family))


def events_within(one: Subject, subject: Subject, family: str = ALL, whole: Events = MappingProxyType({})) -> int:
    """The events of one side and family in the subject's span."""
    if _is_whole(one, subject):
        known = whole.get((one.incarnation.key, family))
        return one.facts.errors.events(family) if known is None else known
    return one.facts.errors.events(family, max(one.start, subject.start), subject.end)
