"""What the log says beside a claim: lines that only the accused dynos print, or only since the errors began.

Such a line stands beside the errors. That it is their cause is never said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.app.advice import WHAT_ALL_SHARE
from herodyno.diagnosis.claims.claim import Claim, suggestion
from herodyno.diagnosis.claims.printed import shown
from herodyno.diagnosis.counting.facts import IncarnationKey
from herodyno.diagnosis.counting.printed import PrintedFacts
from herodyno.diagnosis.report.report import Action
from herodyno.diagnosis.statistics.only_here.named import Named, only_here
from herodyno.diagnosis.statistics.only_here.sides import Sides
from herodyno.units import count

_MARK = re.compile(r"<[a-z*]{1,6}>")
_OF_NO_USE = "not useful"


class OnlyHere(NamedTuple):
    """The lines named beside a claim, strongest first. Of very many lines, one slot in so many was looked at."""

    claim: Claim
    sides: Sides
    lines: Sequence[Named]
    one_slot_in: int


def lines_beside(claims: Iterable[Claim], analysis: Analysis) -> OnlyHere | None:
    """The first of the claims beside which lines can be named. None when there is no such claim."""
    for claim in claims:
        for sides in claim.sides:
            if lines := only_here(_printed(sides, analysis), sides):
                return OnlyHere(claim, sides, lines, 2**analysis.observations.facts.least_printed_rank)
    return None


def _printed(sides: Sides, analysis: Analysis) -> dict[IncarnationKey, PrintedFacts]:
    facts = analysis.observations.facts.incarnations
    return {key: facts[key].patterns for key in sorted(sides.keys) if key in facts}


def with_only_here(claim: Claim, found: OnlyHere | None) -> Claim:
    """The claim with the line as what to look at. Where no reason is known, it says where lines are named.

    A claim stays as it is where no line is named beside it, or only what a clock prints, what serves debugging, or what
    is all marks. So does that of a crash: it tells the last words already.
    """
    if found is None or found.sides not in claim.sides or claim.kind == "crash" or not claim.not_claimed:
        return claim
    first = found.lines[0]
    if not (first.is_telling and any(map(str.isalpha, _MARK.sub("", first.line.template)))):
        return claim
    why, *others = claim.not_claimed
    what = "what is printed nowhere else" if found.sides.against == "peers" else "what is new in the log"
    claim = replace(claim, not_claimed=(f"{why} (ONLY HERE names {what}; that is no proof)", *others))
    if claim.tense.ongoing is False or _is_advised(first, claim.actions):
        return claim
    return replace(claim, actions=_with_look(claim.actions, _look(first)))


def _is_advised(named: Named, actions: Iterable[Action]) -> bool:
    """Whether the class of an exception stands in an advice already."""
    kind = named.example.partition(":")[0]
    return named.line.kind == "exception" and any(kind in action.text for action in actions)


def _look(named: Named) -> Action:
    return suggestion(
        f'look at "{shown(named.line.template)}": {count(named.n, "time")} here, {count(named.others_n)} there'
    )


def _with_look(actions: Sequence[Action], look: Action) -> tuple[Action, ...]:
    """The line in place of what all dynos share. Where nothing so general is advised, before what is of no use."""
    general = [action for action in actions if action.text == WHAT_ALL_SHARE]
    if general:
        return tuple(look if action in general else action for action in actions)
    useful = [action for action in actions if not action.text.startswith(_OF_NO_USE)]
    return (*useful, look, *(action for action in actions if action not in useful))
