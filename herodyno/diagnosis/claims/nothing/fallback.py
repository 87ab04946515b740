"""When nothing stands out: "nothing found", with how much was seen, or "not enough data" to say even that."""

from __future__ import annotations

from collections.abc import Iterable

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.app.rules import MIN_EVENTS, MIN_RATE
from herodyno.diagnosis.claims.claim import Claim
from herodyno.diagnosis.claims.loss import lost_lines
from herodyno.diagnosis.claims.minor import few_errors
from herodyno.diagnosis.claims.no_dyno import platform_errors
from herodyno.diagnosis.claims.nothing.not_enough import (
    apart_from_peers,
    hardly_anything,
    no_log,
    not_enough_errors,
    not_judged,
)
from herodyno.diagnosis.claims.outcome import outcome
from herodyno.diagnosis.claims.shutdown import dropped
from herodyno.diagnosis.report.phrases import codes_in_words, interval
from herodyno.diagnosis.report.report import Confidence
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.units import count, spoken_duration

# With fewer lines than MIN_LINES and fewer requests than MIN_REQUESTS nobody can say that nothing was wrong.
MIN_REQUESTS = 50
MIN_LINES = 100
# From this part of the lines on, those not read may be what failed.
_FEW_UNREAD = 0.01


def fallback(analysis: Analysis) -> Claim:
    """The verdict when no other claim holds. "Not enough data" has five reasons, looked for in this order."""
    if analysis.observations.source.failure:
        return no_log(analysis)
    types = _unexplained(analysis)
    if apart := [each for each in types if each.apart and (_may_be_much(each) or _is_much_on_one(each))]:
        return apart_from_peers(_worst(apart), analysis)
    # What is over has been followed by so many requests that a rate worth a word would have shown.
    thin = [each for each in types if each.events < MIN_EVENTS and each.tense.ongoing is not False]
    if thin := [each for each in thin if _may_be_much(each)]:
        return not_enough_errors(_worst(thin), analysis)
    if unjudged := [each for each in types if _is_on_the_unjudged(each)]:
        return not_judged(_worst(unjudged), analysis)
    facts = analysis.observations.facts
    if facts.lines - facts.unread < MIN_LINES and facts.router_lines < MIN_REQUESTS:
        return hardly_anything(analysis)
    return _nothing(analysis)


def few(analysis: Analysis) -> list[Claim]:
    """The errors that no other claim names, as findings."""
    return [few_errors(process_type) for process_type in _unexplained(analysis)]


def _unexplained(analysis: Analysis) -> list[TypeAnalysis]:
    """The process types with errors that neither the stops of their dynos nor Heroku's own faults explain."""
    return [
        each
        for each in analysis.types.values()
        if each.errors > dropped(each, analysis).total() + platform_errors(each)
    ]


def _worst(types: list[TypeAnalysis]) -> TypeAnalysis:
    return max(types, key=lambda process_type: process_type.errors)


def _may_be_much(process_type: TypeAnalysis) -> bool:
    """Whether so few requests leave room for a rate of 1 %."""
    return wilson(process_type.errors, process_type.requests)[1] >= MIN_RATE


def _is_much_on_one(process_type: TypeAnalysis) -> bool:
    """Whether a dyno that fails more than its peers fails much and may go on, however little that is of all."""
    return any(
        wilson(dyno.facts.errors.n, dyno.facts.requests)[0] >= MIN_RATE
        for dyno in process_type.apart
        if dyno.facts.requests and dyno.tense.ongoing is not False
    )


def _is_on_the_unjudged(process_type: TypeAnalysis) -> bool:
    """Whether errors are many, and at least half of them could not be compared with peers.

    Errors that two dynos of one name could have served count among these, and those that fell while no peer served.
    """
    unjudged = process_type.unplaced + sum(
        dyno.facts.errors.n if dyno.assessment.standing == "not_assessed" else dyno.assessment.evenness.unshared
        for dyno in process_type.dynos
    )
    rate = process_type.errors / process_type.requests
    return process_type.events >= MIN_EVENTS and rate >= MIN_RATE and unjudged * 2 >= process_type.errors


def has_other_trouble(dynos: Iterable[IncarnationAnalysis]) -> bool:
    """Whether some dyno shows trouble that is no failed request: an exception, a code, a crash, a job that failed."""
    return any(
        dyno.facts.exceptions.total or dyno.facts.codes or dyno.incarnation.crashed or outcome(dyno).kind == "failed"
        for dyno in dynos
    )


def nothing_found(summary: str, errors: int, requests: int, analysis: Analysis) -> Claim:
    """The claim, as sure as so many errors in so many requests make it."""
    return Claim(
        kind="nothing_found",
        severity="info",
        confidence=_confidence(errors, requests, analysis),
        label="NOTHING FOUND",
        summary=summary,
        not_claimed=("anything outside this window",),
    )


def _confidence(errors: int, requests: int, analysis: Analysis) -> Confidence:
    """How sure "nothing found" is: "high" when the rate is below 1 % beyond doubt, and no line is known to be missing.

    What is missing may be what failed.
    """
    if wilson(errors, requests)[1] <= MIN_RATE and not _lacks_lines(analysis):
        return "high"
    return "medium" if requests >= MIN_REQUESTS else "low"


def _lacks_lines(analysis: Analysis) -> bool:
    facts = analysis.observations.facts
    is_broken_off = not analysis.observations.source.complete
    return is_broken_off or bool(lost_lines(analysis)) or facts.unread > _FEW_UNREAD * facts.lines


def _nothing(analysis: Analysis) -> Claim:
    facts = analysis.observations.facts
    requests, errors, _, codes = analysis.asked
    seen = f"{count(facts.lines, 'line')} / {spoken_duration(analysis.observations.seconds)}"
    # What failed elsewhere has its own finding. It must not be denied here.
    none = "no web errors" if has_other_trouble(analysis.every_dyno()) else "no errors"
    if errors:
        summary = (
            f"no dyno stands out: {count(errors, 'server error')} in {count(requests)} requests "
            f"({codes_in_words(codes)}; {interval(errors, requests)}), {seen}"
        )
    elif requests:
        summary = f"{none} seen in {seen}: 0 of {count(requests, 'request')} failed ({interval(0, requests)})"
    else:
        summary = f"{none} seen in {seen}; no router lines, so no rate"
    return nothing_found(summary, errors, requests, analysis)
