"""With whom a dyno is compared: dynos of the same type, size and release, at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import islice
from typing import NamedTuple, TypeAlias

from herodyno.diagnosis.counting.facts import IncarnationFacts, IncarnationKey
from herodyno.diagnosis.timeline.incarnations import Incarnation

Kin: TypeAlias = tuple[int | None, str]  # (release, size); None and "" when not known


class Subject(NamedTuple):
    """One incarnation with its facts, and its span inside the window (seconds since 1970)."""

    incarnation: Incarnation
    facts: IncarnationFacts
    start: float
    end: float

    @property
    def kin(self) -> Kin:
        """What its peers have in common with it."""
        return (self.incarnation.release, self.incarnation.size)


Peers: TypeAlias = dict[IncarnationKey, list[IncarnationKey]]  # those of each subject, in the order of the subjects

# Ours. With so many that were there before a dyno it is compared, and with all that came later while it ran. No app has
# as many dynos of a type.
MOST_BEFORE = 128


def all_peers(subjects: Sequence[Subject]) -> Peers:
    """The peers of each subject. Those that were gone before another began are never looked at."""
    found: Peers = {subject.incarnation.key: [] for subject in subjects}
    running: dict[IncarnationKey, tuple[float, Kin, list[IncarnationKey]]] = {}
    ends: list[tuple[float, IncarnationKey]] = []
    for subject in sorted(subjects, key=lambda each: each.start):
        key, kin, start, end = subject.incarnation.key, subject.kin, subject.start, subject.end
        own = found[key]
        while ends and ends[0][0] <= start:
            del running[heappop(ends)[1]]
        for other, (began, its_kin, its_peers) in islice(reversed(running.items()), MOST_BEFORE):
            if began < end and (its_kin == kin or is_kin(its_kin, kin)):  # it ends later than this one begins
                own.append(other)
                its_peers.append(key)
        running[key] = (start, kin, own)
        heappush(ends, (end, key))
    return found


def peers_of(subject: Subject, subjects: Sequence[Subject]) -> list[Subject]:
    """The other subjects of the same release and size at the same time. What is not known counts as the same."""
    return [other for other in subjects if other is not subject and _is_peer(other, subject)]


def is_kin(one: Kin, two: Kin) -> bool:
    """Whether two dynos may be compared."""
    (release, size), (other_release, other_size) = one, two
    return (release == other_release or not release or not other_release) and (
        size == other_size or not size or not other_size
    )


def _is_peer(other: Subject, subject: Subject) -> bool:
    return (
        other.start < subject.end
        and other.end > subject.start
        and is_kin(other.kin, subject.kin)
        and other.incarnation.key != subject.incarnation.key
    )
