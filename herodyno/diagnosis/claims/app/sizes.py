"""A process type whose size does not fit what a day or more of its memory shows."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.claim import Claim
from herodyno.diagnosis.used import LEAST_SECONDS, use_of


def claims(analysis: Analysis) -> list[Claim]:
    """A claim for each type with another size to take. It is advice, so it never makes a verdict graver."""
    size_told = analysis.observations.size_told
    # A part of the dynos does not tell which size fits them all.
    if size_told is None or analysis.observations.scope.focus:
        return []
    uses = (use_of(each.name, [(dyno.key[0], dyno.facts) for dyno in each.dynos]) for each in analysis.types.values())
    return [
        Claim(kind="size", severity="info", confidence="medium", label="SIZE", summary=summary)
        for use in uses
        if use is not None and use.seconds >= LEAST_SECONDS and (summary := size_told(use))
    ]
