"""When errors began, and which release, scaling or restart came just before: told first where it divides them in time.

The order in time is all that is said, never a cause.
"""

from __future__ import annotations

from typing import NamedTuple

from herodyno.diagnosis.analysis import Analysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import at_clock
from herodyno.diagnosis.claims.ending import change_before
from herodyno.diagnosis.claims.rollback import SOON_SECONDS
from herodyno.dynos import Release
from herodyno.units import count, percent, spoken_duration

# A shorter gap than one cell is no order in time.
_ONE_CELL = 30


class Beginning(NamedTuple):
    """When errors began: sentences, the release just before, and whether a change divides the errors in time."""

    sentences: list[str]
    release: Release | None = None
    is_divided: bool = False

    def beside(self, numbers: str) -> list[str]:
        """The sentences beside the one with the numbers. A change that divides the errors comes first."""
        return [*self.sentences, numbers] if self.is_divided else [numbers, *self.sentences]


def beginning(process_type: TypeAnalysis, analysis: Analysis) -> Beginning:
    """When the errors of a type began, and what came just before."""
    onset, began = process_type.onset, process_type.errors_began
    if onset is None or began is None:
        return _unseen(process_type, analysis)
    release = analysis.observations.release_before(began)
    when = f"They began about {at_clock(began, analysis)}"
    before, after = percent(onset.before[0] / onset.before[1]), percent(onset.after[0] / onset.after[1])
    rates = (
        f"{before} before ({onset.before[0]} of {count(onset.before[1])}), "
        f"{after} after ({onset.after[0]} of {count(onset.after[1])})"
    )
    if release is not None and release.created_at is not None:
        gap = began - release.created_at.timestamp()
        relation = f"{spoken_duration(gap)} after" if gap >= _ONE_CELL else "at about the time of"
        told = f"{when}, {relation} release v{release.version}: {rates}. The order in time is no proof."
        return Beginning([told], release, gap <= SOON_SECONDS)
    if change := change_before(began, analysis, process_type.name):
        return Beginning([f"{when}; {change}: {rates}. The order in time is no proof."], None, True)
    none = (
        "No release came shortly before."
        if analysis.observations.releases_were_asked
        else "This log shows no release shortly before; the API was not asked."
    )
    return Beginning([f"{when}: {rates}. {none}"])


def _unseen(process_type: TypeAnalysis, analysis: Analysis) -> Beginning:
    """`beginning` when no cut through the window parts few errors from many."""
    first = _first_error(process_type, analysis)
    sentences = [f"When they began cannot be told: {_first_seen(first, analysis)}."]
    release = analysis.observations.release_before(first)
    if release is not None and release.created_at is not None:
        at = at_clock(release.created_at.timestamp(), analysis)
        sentences.append(f"Release v{release.version} came at {at}; whether they began with it is not shown.")
    return Beginning(sentences, release)


def _first_error(process_type: TypeAnalysis, analysis: Analysis) -> float:
    firsts = [dyno.facts.errors.first for dyno in process_type.dynos]
    return min((first for first in firsts if first is not None), default=analysis.observations.start)


def _first_seen(first: float, analysis: Analysis) -> str:
    window = analysis.observations
    if first - window.start < (window.end - window.start) / 10:
        return "the window opens with them"
    return f"the first came at {at_clock(first, analysis)}, with too few requests before to compare"
