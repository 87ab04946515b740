"""One dyno, or some: their errors stand out by the rules of outliers.py, and no client or path explains them.

What each has of all requests and errors is told first. Beside it stand the numbers of the time that it shared with
peers, where these differ: the rules ask for no others.
"""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, at_clock, suggestion, top_code
from herodyno.diagnosis.claims.dynos.affinity import instead_of_the_dyno
from herodyno.diagnosis.claims.ending import ended_with
from herodyno.diagnosis.claims.loss import listen
from herodyno.diagnosis.claims.memory.levels import level_read
from herodyno.diagnosis.claims.over import errors_since, last_seen, together
from herodyno.diagnosis.claims.restart import restart_one
from herodyno.diagnosis.report.phrases import interval, listed, named, one_in
from herodyno.diagnosis.report.report import Action, Severity
from herodyno.diagnosis.statistics.over_quota import is_fresh
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.diagnosis.statistics.tense import Tense
from herodyno.units import count, share

# An emergency: the lower end of the dyno's error rate is at least this.
CRITICAL_RATE = 0.05


def claims(analysis: Analysis) -> list[Claim]:
    """At most one claim a process type, and one for each of its outliers that one client or path explains."""
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
        if guilty:
            found.append(_accuse(guilty, process_type, analysis))
    return found


def _accuse(guilty: Sequence[IncarnationAnalysis], process_type: TypeAnalysis, analysis: Analysis) -> Claim:
    errors = sum(dyno.facts.errors.n for dyno in guilty)
    requests = sum(dyno.facts.requests for dyno in guilty)
    names = listed([named(dyno.incarnation) for dyno in guilty])
    gone = [dyno for dyno in guilty if analysis.observations.is_replaced(dyno.incarnation)]
    replaced = len(gone) == len(guilty)
    tenses = {dyno.key: _tense(dyno, analysis) for dyno in guilty}
    tense = together(list(tenses.values()))
    verb = "caused" if tense.ongoing is False else "causes" if len(guilty) == 1 else "cause"
    summary = f"{names} {verb} {errors} of {count(process_type.errors, 'server error')}"
    worst = guilty[0]
    details = [
        _shares(guilty, process_type, requests, errors, is_over=tense.ongoing is False),
        *_in_shared_time(guilty),
    ]
    details += [_what_became(dyno, analysis) for dyno in gone]
    for dyno in (dyno for dyno in guilty if dyno not in gone):
        details += errors_since(tenses[dyno.key], analysis, dyno.name if len(guilty) > 1 else "")
    details += _memory_too(guilty, process_type, analysis)
    severity: Severity = "warning" if _low_rate(worst) < CRITICAL_RATE else "critical"
    single = len(guilty) == 1
    return Claim(
        kind="one_dyno" if single else "some_dynos",
        severity=severity,
        confidence="high" if all(dyno.assessment.confidence == "high" for dyno in guilty) else "medium",
        label="ONE DYNO" if single else "SOME DYNOS",
        summary=summary + (_replaced_when(worst, analysis) if replaced and single else last_seen(tense, analysis)),
        details=tuple(details),
        not_claimed=(
            f"why {listed([dyno.name for dyno in guilty])} "
            + ("failed" if tense.ongoing is False else "fails" if single else "fail"),
            "whether it will recur",
        ),
        actions=_actions(guilty, process_type, analysis, replaced=replaced),
        dyno=worst.name,
        dyno_id=worst.id,
        evidence=tuple(line for dyno in guilty for line in dyno.facts.evidence.of(*dyno.facts.errors.by_code)[:3])[:6],
        runbook=top_code(worst.facts.errors.by_code),
        replaced=replaced,
        tense=tense,
        ended_with=ended_with(worst.incarnation) if replaced else None,
    )


def _tense(dyno: IncarnationAnalysis, analysis: Analysis) -> Tense:
    """Whether the dyno goes on failing. One that is gone, or about to be, does not."""
    if not analysis.observations.is_replaced(dyno.incarnation):
        return dyno.tense
    return Tense(False, dyno.tense.newest, _left(dyno, analysis))


def _low_rate(dyno: IncarnationAnalysis) -> float:
    return wilson(dyno.facts.errors.n, dyno.facts.requests)[0]


def _shares(
    guilty: Sequence[IncarnationAnalysis], process_type: TypeAnalysis, requests: int, errors: int, *, is_over: bool
) -> str:
    own = listed([dyno.name for dyno in guilty])
    rest_requests = process_type.requests - requests
    rest_errors = process_type.errors - errors
    has = "had" if is_over else "has" if len(guilty) == 1 else "have"
    return (
        f"{'It' if len(guilty) == 1 else 'They'} {has} {share(requests, process_type.requests)} of the requests and "
        f"{share(errors, process_type.errors)} of the errors: "
        f"{one_in(errors / requests)} on {own} {'failed' if is_over else 'fails'} ({interval(errors, requests)}); "
        f"elsewhere {rest_errors} in {count(rest_requests)} ({interval(rest_errors, rest_requests)})."
    )


def _in_shared_time(guilty: Sequence[IncarnationAnalysis]) -> list[str]:
    """What the accusation rests on, for a dyno some of whose errors say nothing."""
    sentences = []
    for dyno in guilty:
        judged, silent = dyno.assessment, dyno.assessment.evenness.unshared
        if silent > 0:
            when = "in its first two minutes, or " if dyno.incarnation.start is not None else ""
            sentences.append(
                f"{count(silent)} of the {count(silent + judged.errors, 'error')} of {dyno.name} fell {when}while no "
                f"peer past its first two minutes served, and say nothing; beside its peers {count(judged.errors)} of "
                f"{count(judged.requests)} failed, of theirs {count(judged.peer_errors)} of "
                f"{count(judged.peer_requests)}."
            )
    return sentences


def _left(dyno: IncarnationAnalysis, analysis: Analysis) -> float:
    successor = analysis.observations.successor(dyno.incarnation)
    left = dyno.incarnation.end if dyno.incarnation.end is not None else successor.start if successor else None
    return left or analysis.observations.end


def _left_at(dyno: IncarnationAnalysis, analysis: Analysis) -> str:
    return at_clock(_left(dyno, analysis), analysis)


def _left_unseen(dyno: IncarnationAnalysis, analysis: Analysis) -> bool:
    """Whether the dyno ended after the log. Only the API's list, asked later, shows that."""
    return dyno.incarnation.end is None or dyno.incarnation.end > analysis.observations.end


def _runs_beside(dyno: IncarnationAnalysis, analysis: Analysis) -> bool:
    """Whether the log shows the successor, and no line says that the dyno stopped (preboot)."""
    successor = analysis.observations.successor(dyno.incarnation)
    begun = successor is not None and successor.start is not None and successor.start <= analysis.observations.end
    return dyno.incarnation.end is None and begun


def _replaced_when(dyno: IncarnationAnalysis, analysis: Analysis) -> str:
    if _runs_beside(dyno, analysis):
        return "; its successor runs already"
    if _left_unseen(dyno, analysis):
        return "; replaced since the log ended"
    return f"; already replaced at {_left_at(dyno, analysis)}"


def _what_became(dyno: IncarnationAnalysis, analysis: Analysis) -> str:
    successor = analysis.observations.successor(dyno.incarnation)
    if successor is not None and successor.start is not None and _runs_beside(dyno, analysis):
        since = at_clock(successor.start, analysis)
        return (
            f"{named(successor)} runs under that name since {since}, and no line says that "
            f"{named(dyno.incarnation)} was stopped: with preboot both run for minutes; "
            "requests since then are counted for neither."
        )
    if _left_unseen(dyno, analysis):
        now = f"the API lists {named(successor)} under that name" if successor else "the API lists no such dyno"
        return f"{named(dyno.incarnation)} is gone since: {now}, and this log says nothing of it."
    ended = f"{named(dyno.incarnation)} ended at {_left_at(dyno, analysis)}"
    if successor is None:
        return f"{ended} and has no successor in this window."
    facts = analysis.observations.facts_of(successor)
    if not facts.requests:
        return f"{ended}; of the new {named(successor)} this log holds no request."
    return (
        f"{ended}; the new {named(successor)} has {facts.errors.n} of {count(facts.requests)} requests failing "
        f"({interval(facts.errors.n, facts.requests)})."
    )


def _memory_too(guilty: Sequence[IncarnationAnalysis], process_type: TypeAnalysis, analysis: Analysis) -> list[str]:
    over = [dyno for dyno in process_type.dynos if _is_over_quota(dyno)]
    sentences = []
    for dyno in guilty:
        if _is_over_quota(dyno):
            is_now = is_fresh(dyno.facts.memory, analysis.observations.present)
            is_past = analysis.observations.is_replaced(dyno.incarnation) or not is_now
            is_, it = ("was", "It was") if is_past else ("is", "It is")
            all_known = all(other.level is not None for other in process_type.running)
            only = (
                f"{it} also the only dyno" if len(over) == len(guilty) == 1 and all_known else f"{dyno.name} {is_} also"
            )
            sentences.append(f"{only} over its memory quota ({level_read(dyno, analysis)}).")
    return sentences


def _is_over_quota(dyno: IncarnationAnalysis) -> bool:
    last = dyno.facts.memory.last
    return last is not None and dyno.quota_mb is not None and last[1] > dyno.quota_mb


def _actions(
    guilty: Sequence[IncarnationAnalysis], process_type: TypeAnalysis, analysis: Analysis, *, replaced: bool
) -> tuple[Action, ...]:
    if replaced:
        beside = any(_runs_beside(dyno, analysis) for dyno in guilty)
        left = "the dyno that failed is " + ("about to be stopped by Heroku" if beside else "gone")
        effect = "reads the log for five minutes and judges again"
        return (
            suggestion(f"nothing to restart: {left}"),
            *listen("watch its successor", 5, analysis, effect=effect),
        )
    return tuple(
        restart_one(dyno, process_type, analysis)
        for dyno in guilty
        if dyno.tense.ongoing is not False and not analysis.observations.is_replaced(dyno.incarnation)
    )
