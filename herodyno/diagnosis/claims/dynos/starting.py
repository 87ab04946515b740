"""A dyno that failed for minutes after it started, and not since: it is not accused, and a restart would repeat it."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, suggestion, top_code
from herodyno.diagnosis.claims.dynos.standing_out import CRITICAL_RATE
from herodyno.diagnosis.report.phrases import codes_in_words, listed, named
from herodyno.diagnosis.statistics.peers import Subject
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.diagnosis.statistics.starting import others_at_that_age
from herodyno.units import count, spoken_duration


def claims(analysis: Analysis) -> list[Claim]:
    """One claim for each dyno that all rules but the age accuse."""
    return [
        _while_starting(dyno, process_type)
        for process_type in analysis.types.values()
        for dyno in process_type.dynos
        if dyno.assessment.while_starting and dyno.in_focus
    ]


def _while_starting(dyno: IncarnationAnalysis, process_type: TypeAnalysis) -> Claim:
    errors = dyno.facts.errors
    same, not_the_same = others_at_that_age(dyno.subject, [other.subject for other in process_type.dynos])
    failed = dyno.tense.before if dyno.tense.before[1] else (errors.n, dyno.facts.requests)
    return Claim(
        kind="failed_while_starting",
        severity="critical" if wilson(*failed)[0] >= CRITICAL_RATE else "warning",
        confidence="medium" if same else "low",
        label="WHILE STARTING",
        summary=_summary(dyno),
        details=(f"Its errors: {codes_in_words(errors.by_code)}.", *_others(same, not_the_same)),
        not_claimed=(f"that {dyno.name} is at fault",),
        actions=(
            suggestion("not useful: restarting it (a new dyno may fail as long again)"),
            suggestion("look at what a new dyno lacks when it is up: warm caches, open connections, compiled code"),
        ),
        dyno=dyno.name,
        dyno_id=dyno.id,
        evidence=tuple(dyno.facts.evidence.of(*errors.by_code)[:3]),
        runbook=top_code(errors.by_code),
        tense=dyno.tense,
    )


def _summary(dyno: IncarnationAnalysis) -> str:
    name, start, told = named(dyno.incarnation), dyno.incarnation.start, dyno.tense
    assert start is not None
    if told.ended_at is None:
        return (
            f"{name} fails {count(dyno.facts.errors.n)} of {count(dyno.facts.requests, 'request')} while it starts: it "
            f"is {spoken_duration(dyno.subject.end - start)} old, and others failed at that age only"
        )
    return (
        f"{name} failed {count(told.before[0])} of {count(told.before[1], 'request')} while it started, in its first "
        f"{spoken_duration(told.ended_at - start)}, and {count(told.since[0])} of {count(told.since[1])} since"
    )


def _others(same: Sequence[Subject], not_the_same: Sequence[Subject]) -> list[str]:
    """What other dynos did at that age."""
    if not same and not not_the_same:
        return ["No other dyno of its type started in this window, so whether others fail at that age is not shown."]
    sentences = []
    if same:
        sentences.append(f"{listed([named(each.incarnation) for each in same])} failed at that age as well.")
    if not_the_same:
        sentences.append(f"{listed([named(each.incarnation) for each in not_the_same])} did not fail so at that age.")
    return sentences
