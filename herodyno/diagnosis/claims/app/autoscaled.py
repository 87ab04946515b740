"""A process type that a program scales: a count that a person sets may not stay."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.autoscaling import autoscaling
from herodyno.diagnosis.claims.claim import Claim, at_clock


def claims(analysis: Analysis) -> list[Claim]:
    """A claim for each type and actor. It is no trouble, so it never makes a verdict graver."""
    return [
        Claim(
            kind="autoscaled",
            severity="info",
            confidence="medium",
            label="AUTOSCALED",
            summary=f"{found.sentence}, last at {at_clock(found.last.timestamp(), analysis)}; "
            "a quantity that you set may be changed again",
            not_claimed=("whether a program or a person did it",),
        )
        for found in autoscaling(analysis.observations.actions)
    ]
