"""The answer when single dynos were asked for and none of them stands out: their numbers beside their peers'."""

from __future__ import annotations

from dataclasses import replace

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim
from herodyno.diagnosis.claims.loss import look_longer
from herodyno.diagnosis.claims.nothing.fallback import MIN_REQUESTS, has_other_trouble, nothing_found
from herodyno.diagnosis.report.phrases import codes_in_words, interval, listed, named
from herodyno.units import count

# Claims about every dyno of a process type concern the dyno asked for as well.
TYPE_WIDE = frozenset({"whole_app", "single_dyno"})


def concerns(claim: Claim) -> bool:
    """Whether a claim is about a dyno asked for. Claims that name a dyno were made of dynos in focus only."""
    return bool(claim.dyno) or claim.kind in TYPE_WIDE


def others_that_stand_out(analysis: Analysis) -> str:
    """A sentence that names the outliers nobody asked for, or ""."""
    names = [
        named(dyno.incarnation)
        for process_type in analysis.types.values()
        for dyno in process_type.outliers
        if not dyno.in_focus
    ]
    if not names:
        return ""
    which = "another dyno stands out" if len(names) == 1 else "other dynos stand out"
    return f"{which}, {listed(names)}: leave out --dyno to see the case"


def nothing_on_it(analysis: Analysis) -> Claim:
    """Nothing found, or not enough data, about the dynos in focus."""
    dynos = [dyno for dyno in analysis.dynos() if dyno.in_focus]
    # A dyno that the log names may have no line in the time that counts.
    in_focus = sorted({name for name, _ in analysis.observations.scope.focus})
    names = listed([named(dyno.incarnation) for dyno in dynos] or in_focus)
    requests, errors, _, _ = analysis.asked
    lines = sum(dyno.facts.lines for dyno in dynos)
    too_few = errors > 0 and all(dyno.assessment.standing == "not_assessed" for dyno in dynos)
    if too_few or (requests < MIN_REQUESTS and lines < MIN_REQUESTS):
        reasons = list(dict.fromkeys(dyno.assessment.reason for dyno in dynos if dyno.assessment.reason))
        return Claim(
            kind="not_enough_data",
            severity="info",
            confidence="low",
            label="NOT ENOUGH DATA",
            summary=f"{names}: {count(errors, 'server error')} in {count(requests, 'request')}, "
            f"{count(lines, 'line')}; not enough to judge",
            details=tuple(f"{reason[:1].upper()}{reason[1:]}." for reason in reasons),
            not_claimed=(f"whether {dynos[0].name if dynos else in_focus[0]} differs from its peers",),
            actions=look_longer(analysis),
        )
    if requests:
        summary = f"{names}: {count(errors)} of {count(requests, 'request')} failed ({interval(errors, requests)})"
        summary += "; it does not stand out" if errors else ""
    else:
        none = "no web errors" if has_other_trouble(dynos) else "no errors"
        summary = f"{names}: {none} seen in {count(lines, 'line')}; no router line names it, so no rate"
    return replace(
        nothing_found(summary, errors, requests, analysis),
        details=tuple(
            _peers(process_type, dynos)
            for process_type in analysis.types.values()
            if process_type.requests and requests
        ),
        evidence=tuple(line for dyno in dynos for line in dyno.facts.evidence.of(*dyno.facts.errors.by_code))[:3],
    )


def _peers(process_type: TypeAnalysis, dynos: list[IncarnationAnalysis]) -> str:
    own = [dyno for dyno in dynos if dyno in process_type.dynos]
    requests = process_type.requests - sum(dyno.facts.requests for dyno in own)
    errors = process_type.errors - sum(dyno.facts.errors.n for dyno in own)
    others = len(set(process_type.names) - {dyno.name for dyno in own})
    codes = f": {codes_in_words(process_type.by_code)} in all" if process_type.errors else ""
    return (
        f"Its {count(others, 'peer')}: {count(errors)} of {count(requests, 'request')} failed "
        f"({interval(errors, requests)}){codes}."
    )
