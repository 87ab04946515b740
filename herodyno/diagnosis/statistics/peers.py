"""With whom a dyno is compared: dynos of the same type, size and release, at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from herodyno.diagnosis.counting.facts import IncarnationFacts
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


def peers_of(subject: Subject, subjects: Sequence[Subject]) -> list[Subject]:
    """The other subjects of the same release and size at the same time. What is not known counts as the same."""
    return [
        other
        for other in subjects
        if other.incarnation.key != subject.incarnation.key
        and is_kin(other.kin, subject.kin)
        and other.start < subject.end
        and other.end > subject.start
    ]


def is_kin(one: Kin, two: Kin) -> bool:
    """Whether two dynos may be compared."""
    return all(mine == theirs or not mine or not theirs for mine, theirs in zip(one, two, strict=True))
