"""When errors began, and which release, scaling or restart came just before: told first where it divides them in time.

The order in time is all that is said, never a cause.
"""

from __future__ import annotations

from collections import Counter
from math import inf
from typing import NamedTuple

from herodyno.diagnosis.analysis import Analysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import at_clock
from herodyno.diagnosis.claims.ending import change_before
from herodyno.diagnosis.claims.rollback import SOON_SECONDS
from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.report.phrases import codes_in_words
from herodyno.diagnosis.statistics.onset import MIN_SIDE, Onset
from herodyno.diagnosis.statistics.two_troubles import TwoTroubles
from herodyno.dynos import Release
from herodyno.units import count, percent, spoken_duration

# A shorter gap than one cell is no order in time.
_ONE_CELL = 30
# So many errors before a release are no odd ones.
_BEFORE_IT = 3


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
    troubles = process_type.troubles if process_type.tense.ongoing is not False else None
    if onset is None or began is None or (troubles and began < troubles.second):
        return _anew(process_type, troubles, analysis) if troubles else _unseen(process_type, analysis)
    told = _since_onset(process_type, onset, began, analysis)
    if troubles is None:
        return told
    first, *others = told.sentences
    anew = first.replace("They began about", "They began anew about")
    return told._replace(sentences=[f"{anew} {_earlier(process_type, troubles, analysis)}", *others], is_divided=True)


def _since_onset(process_type: TypeAnalysis, onset: Onset, began: float, analysis: Analysis) -> Beginning:
    """`beginning` where one cut through the window parts few errors from many."""
    release = analysis.observations.release_before(began)
    when = f"They began about {at_clock(began, analysis)}"
    before, after = percent(onset.before[0] / onset.before[1]), percent(onset.after[0] / onset.after[1])
    rates = (
        f"{before} before ({onset.before[0]} of {count(onset.before[1])}), "
        f"{after} after ({onset.after[0]} of {count(onset.after[1])})"
    )
    if release is not None and release.created_at is not None:
        made = release.created_at.timestamp()
        gap = began - made
        relation = f"{spoken_duration(gap)} after" if gap >= _ONE_CELL else "at about the time of"
        is_later = _errors_between(process_type, began, made) >= _BEFORE_IT
        if is_later:
            relation = f"{spoken_duration(-gap)} before"
        told = f"{when}, {relation} release v{release.version}: {rates}. The order in time is no proof."
        return Beginning([told], None if is_later else release, gap <= SOON_SECONDS and not is_later)
    if change := change_before(began, analysis, process_type.name):
        return Beginning([f"{when}; {change}: {rates}. The order in time is no proof."], None, True)
    none = (
        "No release came shortly before."
        if analysis.observations.releases_were_asked
        else "This log shows no release shortly before; the API was not asked."
    )
    return Beginning([f"{when}: {rates}. {none}"])


def _anew(process_type: TypeAnalysis, troubles: TwoTroubles, analysis: Analysis) -> Beginning:
    """`beginning` of the second of two troubles, where the first was graver."""
    grid = Grid()
    for dyno in process_type.dynos:
        grid.update(dyno.facts.grid, times=False)
    requests, errors = grid.between(troubles.second, inf)
    release = analysis.observations.release_before(troubles.second)
    after = f", after release v{release.version}" if release else ""
    told = (
        f"They began anew about {at_clock(troubles.second, analysis)}{after}: {count(errors)} of {count(requests)} "
        f"failed since ({_families(process_type, troubles.second, inf)})."
    )
    return Beginning([f"{told} {_earlier(process_type, troubles, analysis)}"], release, True)


def _earlier(process_type: TypeAnalysis, troubles: TwoTroubles, analysis: Analysis) -> str:
    """The first of two troubles, which was over."""
    first = troubles.first
    return (
        f"Earlier ones, {count(first.before[0])} of {count(first.before[1])} "
        f"({_families(process_type, -inf, troubles.second)}), were over at "
        f"{at_clock(first.ended_at or troubles.second, analysis)}."
    )


def _families(process_type: TypeAnalysis, start: float, end: float) -> str:
    """The errors that came between two times: codes, and "5xx" for statuses without one."""
    found: Counter[str] = Counter()
    for dyno in process_type.dynos:
        for family, spans in dyno.facts.errors.episodes.items():
            found[family] += sum(n for first, _, n in spans.sized() if start <= first < end)
    return codes_in_words({family: n for family, n in found.items() if n})


def _errors_between(process_type: TypeAnalysis, start: float, end: float) -> int:
    """How many errors, those close together on one path counted once, began between two times."""
    return sum(start <= first < end for dyno in process_type.dynos for first, _ in dyno.facts.errors.bursts)


def _unseen(process_type: TypeAnalysis, analysis: Analysis) -> Beginning:
    """`beginning` when no cut through the window parts few errors from many."""
    first = _first_error(process_type, analysis)
    sentences = [f"When they began cannot be told: {_first_seen(first, process_type, analysis)}."]
    release = analysis.observations.release_before(first)
    if release is not None and release.created_at is not None:
        at = at_clock(release.created_at.timestamp(), analysis)
        sentences.append(f"Release v{release.version} came at {at}; whether they began with it is not shown.")
    return Beginning(sentences, release)


def _first_error(process_type: TypeAnalysis, analysis: Analysis) -> float:
    firsts = [dyno.facts.errors.first for dyno in process_type.dynos]
    return min((first for first in firsts if first is not None), default=analysis.observations.start)


def _first_seen(first: float, process_type: TypeAnalysis, analysis: Analysis) -> str:
    window = analysis.observations
    if first - window.start < (window.end - window.start) / 10:
        return "the window opens with them"
    before = sum(dyno.facts.grid.between(window.start, first)[0] for dyno in process_type.dynos)
    why = "with too few requests before to compare" if before < MIN_SIDE else "and no time parts few of them from many"
    return f"the first came at {at_clock(first, analysis)}, {why}"
