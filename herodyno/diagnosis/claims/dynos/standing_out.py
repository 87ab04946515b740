"""One dyno, or some: their errors stand out by the rules of outliers.py, and no client or path explains them."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, suggestion, top_code
from herodyno.diagnosis.claims.dynos.affinity import instead_of_the_dyno
from herodyno.diagnosis.claims.dynos.beside_peers import beside_peers
from herodyno.diagnosis.claims.dynos.grounds import in_its_part, in_shared_time, memory_too, names_once, shares
from herodyno.diagnosis.claims.dynos.replaced import left_at_clock, replaced_when, watch_successor, what_became
from herodyno.diagnosis.claims.ending import ended_with, left_at
from herodyno.diagnosis.claims.over import errors_since, last_seen, together
from herodyno.diagnosis.claims.restart import restart_one
from herodyno.diagnosis.report.phrases import all_named, listed, named
from herodyno.diagnosis.report.report import Action, Severity
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.diagnosis.statistics.tense import Tense
from herodyno.units import count

# An emergency: the lower end of the dyno's error rate is at least this.
CRITICAL_RATE = 0.05


def claims(analysis: Analysis) -> list[Claim]:
    """At most two claims a process type, and one for each of its outliers that one client or path explains.

    Dynos that fail are told apart from those whose failing is over: what is to be done differs.
    """
    found = []
    for process_type in analysis.types.values():
        if not process_type.requests:
            continue  # workers.py judges them
        guilty = []
        for dyno in (dyno for dyno in process_type.outliers if dyno.in_focus):
            explained = instead_of_the_dyno(dyno, process_type, analysis, _tense(dyno, analysis))
            if explained is None:
                guilty.append(dyno)
            else:
                found.append(explained)
        over = {dyno.key for dyno in guilty if _tense(dyno, analysis).ongoing is False}
        present, past = ([dyno for dyno in guilty if (dyno.key in over) == is_past] for is_past in (False, True))
        found += [_accuse(each, guilty, process_type, analysis) for each in (present, past) if each]
    return found


def _accuse(
    guilty: Sequence[IncarnationAnalysis],
    accused: Sequence[IncarnationAnalysis],
    process_type: TypeAnalysis,
    analysis: Analysis,
) -> Claim:
    """The claim of some of the dynos that are `accused`."""
    errors = sum(dyno.facts.errors.n for dyno in guilty)
    names = all_named(dyno.incarnation for dyno in guilty)
    gone = [dyno for dyno in guilty if analysis.observations.is_replaced(dyno.incarnation)]
    replaced = len(gone) == len(guilty)
    tenses = {dyno.key: _tense(dyno, analysis) for dyno in guilty}
    tense = together(list(tenses.values()))
    verb = "caused" if tense.ongoing is False else "causes" if len(guilty) == 1 else "cause"
    summary = f"{names} {verb} {errors} of {count(process_type.errors, 'server error')}"
    worst = guilty[0]
    details = [
        shares(guilty, accused, process_type, is_over=tense.ongoing is False),
        *in_its_part(guilty, analysis),
        *in_shared_time(guilty),
        *(_failed_before(dyno, before, analysis) for dyno in guilty for before in _before(dyno, accused)[-1:]),
    ]
    details += [what_became(dyno, analysis) for dyno in gone]
    for dyno in (dyno for dyno in guilty if dyno not in gone):
        details += errors_since(tenses[dyno.key], analysis, dyno.name if len(guilty) > 1 else "")
    details += memory_too(guilty, process_type, analysis)
    severity: Severity = "warning" if _low_rate(worst) < CRITICAL_RATE else "critical"
    single = len(guilty) == 1
    return Claim(
        kind="one_dyno" if single else "some_dynos",
        severity=severity,
        confidence="high" if all(dyno.assessment.confidence == "high" for dyno in guilty) else "medium",
        label="ONE DYNO" if single else "SOME DYNOS",
        summary=summary + (replaced_when(worst, analysis) if replaced and single else last_seen(tense, analysis)),
        details=tuple(details),
        not_claimed=(
            f"why {listed(names_once(guilty))} "
            + ("failed" if tense.ongoing is False else "fails" if single else "fail"),
            "whether it will recur",
        ),
        actions=_actions(guilty, accused, process_type, analysis, replaced=replaced),
        dyno=worst.name,
        dyno_id=worst.id,
        evidence=tuple(line for dyno in guilty for line in dyno.facts.evidence.of(*dyno.facts.errors.by_code)[:3])[:6],
        runbook=top_code(worst.facts.errors.by_code),
        replaced=replaced,
        tense=tense,
        ended_with=ended_with(worst.incarnation) if replaced else None,
        sides=beside_peers(guilty, process_type, is_over=replaced or tense.ongoing is False),
    )


def _tense(dyno: IncarnationAnalysis, analysis: Analysis) -> Tense:
    """Whether the dyno goes on failing. One that is gone, or about to be, does not."""
    if not analysis.observations.is_replaced(dyno.incarnation):
        return dyno.tense
    return Tense(False, dyno.tense.newest, left_at(dyno.incarnation, analysis))


def _low_rate(dyno: IncarnationAnalysis) -> float:
    return wilson(dyno.facts.errors.n, dyno.facts.requests)[0]


def _before(dyno: IncarnationAnalysis, accused: Sequence[IncarnationAnalysis]) -> list[IncarnationAnalysis]:
    """Those accused that had the name of a dyno before it."""
    return [each for each in accused if each.name == dyno.name and each.key < dyno.key]


def _failed_before(dyno: IncarnationAnalysis, before: IncarnationAnalysis, analysis: Analysis) -> str:
    return (
        f"{named(before.incarnation)}, which ended at {left_at_clock(before, analysis)}, failed as well: "
        f"a new start of {dyno.name} did not help."
    )


def _actions(
    guilty: Sequence[IncarnationAnalysis],
    accused: Sequence[IncarnationAnalysis],
    process_type: TypeAnalysis,
    analysis: Analysis,
    *,
    replaced: bool,
) -> tuple[Action, ...]:
    if replaced:
        return watch_successor(guilty, analysis)
    actions: list[Action] = []
    for dyno in guilty:
        if dyno.tense.ongoing is False or analysis.observations.is_replaced(dyno.incarnation):
            continue
        if _before(dyno, accused):
            actions += [
                suggestion(f"look at what goes by the name {dyno.name}: code that reads $DYNO, clients bound to it"),
                suggestion(f"not useful: restarting {dyno.name} once more (it failed before its last start, too)"),
            ]
        else:
            actions.append(restart_one(dyno, process_type, analysis))
    return tuple(actions)
