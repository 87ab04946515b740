"""When a single dyno was asked for and nothing is to be said against it: its numbers beside its peers'."""

from __future__ import annotations

from herodyno.diagnosis.analysis import LifeStudy, Study, TypeStudy
from herodyno.diagnosis.claims.claim import Claim, look_longer
from herodyno.diagnosis.claims.fallback import MIN_REQUESTS
from herodyno.diagnosis.claims.whole_app import MIN_RATE
from herodyno.diagnosis.report.phrases import codes_in_words, interval, listed, named
from herodyno.diagnosis.report.report import Confidence
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.units import count

# Claims that hold for every dyno of a type, so for the one asked for too.
TYPE_WIDE = frozenset({"whole_app", "single_dyno"})


def concerns(claim: Claim) -> bool:
    """Whether a claim speaks of the dyno asked for: claims of dynos were made of those in focus only."""
    return bool(claim.dyno) or claim.kind in TYPE_WIDE


def others_that_stand_out(study: Study) -> str:
    """A sentence that names the outliers nobody asked for, or ""."""
    names = [named(life.life) for kind in study.types.values() for life in kind.outliers if not life.in_focus]
    if not names:
        return ""
    which = "another dyno stands out" if len(names) == 1 else "other dynos stand out"
    return f"{which}, {listed(names)}: leave out --dyno to see the case"


def nothing_on_it(study: Study) -> Claim:
    """Nothing found, or not enough data, about the dynos in focus."""
    lives = [life for life in study.lives() if life.in_focus]
    names = listed([named(life.life) for life in lives])
    requests = sum(life.facts.requests for life in lives)
    errors = sum(life.facts.errors.n for life in lives)
    lines = sum(life.facts.lines for life in lives)
    too_few = errors > 0 and all(life.assessment.standing == "not_assessed" for life in lives)
    if too_few or (requests < MIN_REQUESTS and lines < MIN_REQUESTS):
        reasons = list(dict.fromkeys(life.assessment.reason for life in lives if life.assessment.reason))
        return Claim(
            kind="not_enough_data",
            severity="info",
            confidence="low",
            label="NOT ENOUGH DATA",
            summary=f"{names}: {count(errors, 'server error')} in {count(requests, 'request')}, "
            f"{count(lines, 'line')}; not enough to judge",
            details=tuple(f"{reason[:1].upper()}{reason[1:]}." for reason in reasons),
            not_claimed=(f"whether {lives[0].life.dyno} differs from its peers",),
            actions=look_longer(study),
        )
    high = wilson(errors, requests)[1]
    confidence: Confidence = "high" if high <= MIN_RATE else "medium" if requests >= MIN_REQUESTS else "low"
    if requests:
        summary = f"{names}: {count(errors)} of {count(requests, 'request')} failed ({interval(errors, requests)})"
        summary += "; it does not stand out" if errors else ""
    else:
        summary = f"{names}: no errors seen in {count(lines, 'line')}; no router line names it, so no rate"
    return Claim(
        kind="nothing_found",
        severity="info",
        confidence=confidence,
        label="NOTHING FOUND",
        summary=summary,
        details=tuple(_peers(kind, lives) for kind in study.types.values() if kind.requests and requests),
        not_claimed=("anything outside this window",),
        evidence=tuple(line for life in lives for line in life.facts.evidence.of(*life.facts.errors.by_code))[:3],
    )


def _peers(kind: TypeStudy, lives: list[LifeStudy]) -> str:
    own = [life for life in lives if life in kind.lives]
    requests = kind.requests - sum(life.facts.requests for life in own)
    errors = kind.errors - sum(life.facts.errors.n for life in own)
    others = len(set(kind.names) - {life.life.dyno for life in own})
    codes = f": {codes_in_words(kind.by_code)} in all" if kind.errors else ""
    return (
        f"Its {count(others, 'peer')}: {count(errors)} of {count(requests, 'request')} failed "
        f"({interval(errors, requests)}){codes}."
    )
