"""Trouble that happened before, as values: one occurrence, and all occurrences of one trouble over some days."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

# Ends after which another dyno took the name.
_FRESH = frozenset({"restarted", "cycled", "relocated", "deployed", "crashed", "killed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One incident. `dyno` is "" where no single dyno is accused.

    `began` is in seconds since 1970, to a cell of the clock. `age_h`: how many hours after the dyno's start, None where
    that is not known. `ended`: when the dyno ended, or the trouble was over; None where neither was seen. `end_reason`
    is that of the dyno.
    """

    kind: str
    type: str
    code: str
    dyno: str
    dyno_id: str | None
    began: float
    age_h: float | None
    ended: float | None
    end_reason: str | None
    paths: tuple[str, ...] = ()
    template: str = ""

    @property
    def fingerprint(self) -> tuple[str, str, str]:
        """What two occurrences of one trouble share at least."""
        return (self.kind, self.type, self.code)

    def is_like(self, other: Occurrence) -> bool:
        """Whether two are one trouble: of one fingerprint, and of a path in common and one template where both have
        them."""
        paths_differ = self.paths and other.paths and set(self.paths).isdisjoint(other.paths)
        templates_differ = self.template and other.template and self.template != other.template
        return self.fingerprint == other.fingerprint and not (paths_differ or templates_differ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """One trouble over some days. `found` are all its occurrences, the newest last, in `days` of which `looked` were
    looked through.

    `unlike` more had its fingerprint and other paths, or another template: they are not counted.
    """

    found: tuple[Occurrence, ...]
    days: int
    looked: int
    unlike: int = 0

    @property
    def ages_h(self) -> tuple[float, ...]:
        """The ages of the dynos when it began, in hours, lowest first; those that are known."""
        return tuple(sorted(one.age_h for one in self.found if one.age_h is not None))

    @property
    def away_h(self) -> tuple[float, ...]:
        """After each dyno that ended and was followed by another: the hours until the trouble began again, where that
        is known."""
        return tuple(
            sorted(
                (later.began - one.ended) / 3600
                for one, later in pairwise(self.found)
                if one.ended is not None
                and one.end_reason in _FRESH
                and later.began > one.ended
                and later.age_h is not None
            )
        )
