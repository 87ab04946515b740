"""The verdict: of all claims that hold the gravest heads the report, and the others follow as findings."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from herodyno import __version__
from herodyno.diagnosis.analysing import analyse
from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims import (
    failed_release,
    jobs,
    minor,
    no_dyno,
    not_served,
    shutdown,
    time_limits,
    workers,
)
from herodyno.diagnosis.claims.app import all_slower, autoscaled, one_client, sizes, whole_app
from herodyno.diagnosis.claims.claim import Claim, ranked
from herodyno.diagnosis.claims.clients import ended, refused
from herodyno.diagnosis.claims.crashes import crash
from herodyno.diagnosis.claims.dynos import silent, standing_out, starting
from herodyno.diagnosis.claims.in_common import with_common
from herodyno.diagnosis.claims.loss import with_loss
from herodyno.diagnosis.claims.memory import quota
from herodyno.diagnosis.claims.nothing.fallback import fallback, few
from herodyno.diagnosis.claims.nothing.focus import concerns, nothing_on_it
from herodyno.diagnosis.claims.only_here import lines_beside, with_only_here
from herodyno.diagnosis.claims.over import told_in_its_tense
from herodyno.diagnosis.counting.errors.bursts import GAP_SECONDS
from herodyno.diagnosis.observations import Observations
from herodyno.diagnosis.report.report import (
    Action,
    Answered,
    ApiUse,
    AppFacts,
    Diagnosis,
    Method,
    Severity,
    Unattributed,
    Verdict,
    VerdictClass,
)
from herodyno.diagnosis.sections import limits
from herodyno.diagnosis.sections.changes import changes
from herodyno.diagnosis.sections.coverage import coverage
from herodyno.diagnosis.sections.findings import ended_at, findings
from herodyno.diagnosis.sections.headline import headline
from herodyno.diagnosis.sections.incarnations import incarnation_rows
from herodyno.diagnosis.sections.only_here import only_here_section
from herodyno.diagnosis.sections.requests import requests
from herodyno.diagnosis.sections.series import clock_of, without_dyno
from herodyno.diagnosis.sections.shared import shared
from herodyno.diagnosis.statistics import outliers

# Each module looks for one sort of trouble and gives the claims that hold.
CLAIMS = (
    failed_release, crash, standing_out, one_client, whole_app, workers, jobs, not_served, quota, no_dyno, time_limits,
    shutdown, ended, refused, starting, silent, all_slower, minor, autoscaled, sizes,
)  # fmt: skip
# Sections that are sentences, in the order of the report.
SECTIONS = (limits,)
# Which claim heads the report when several hold. One dyno comes before the whole app, since it can be restarted, and
# so does one client, whom the others' requests acquit the app of.
# Crashes of some dynos come after the whole app and before memory: users see errors first. A newest release that failed
# comes before all: what was deployed does not run, whatever the traffic says.
PRECEDENCE: tuple[VerdictClass, ...] = (
    "release_failed", "one_dyno", "some_dynos", "one_client_or_path", "whole_app", "single_dyno", "crash", "not_served",
    "job_failed", "memory", "scaled_to_zero", "no_dyno_named", "clients",
)  # fmt: skip
# A worker that stands out is told where jobs are: users wait for the web.
_OF_A_WORKER = PRECEDENCE.index("job_failed")
_ABOUT_ERRORS = frozenset({"one_dyno", "some_dynos", "whole_app", "single_dyno", "one_client_or_path"})
_SEVERITY = {"critical": 0, "warning": 1, "info": 2}


class _Ranking(NamedTuple):
    """`head` gives the verdict its class and `shown` its sentences. They differ only under "nothing found"."""

    head: Claim
    shown: Claim
    others: list[Claim]
    severity: Severity


def reach_verdict(observations: Observations) -> Diagnosis:
    """Judge the observations and write every section of the report. Equal observations give equal diagnoses."""
    analysis = analyse(observations)
    ranking = _rank(analysis)
    beside = lines_beside((ranking.shown, *ranking.others), analysis)
    ranking = ranking._replace(shown=with_only_here(ranking.shown, beside))
    head, shown = ranking.head, ranking.shown
    app, no_dyno_errors = observations.app, observations.facts.no_dyno
    clock = clock_of(analysis)
    return Diagnosis(
        generated_at=observations.at,
        app=AppFacts(name=app.name, id=app.id, generation=app.generation, headline=headline(analysis)),
        verdict=Verdict(
            kind=_verdict_class(head),
            severity=ranking.severity,
            confidence=shown.confidence,
            label=shown.label,
            summary=shown.summary,
            details=shown.details,
            not_claimed=shown.not_claimed,
            replaced=shown.replaced,
            ongoing=shown.tense.ongoing,
            ended_at=ended_at(shown),
            ended_with=shown.ended_with,
        ),
        actions=ranked(_actions(ranking)),
        incarnations=incarnation_rows(analysis, clock),
        requests=requests(analysis),
        unattributed=Unattributed(errors=no_dyno_errors.n, by_code=tuple(sorted(no_dyno_errors.by_code.items()))),
        answered=Answered(
            requests=sum(analysis.state_codes.values()), by_code=tuple(sorted(analysis.state_codes.items()))
        ),
        changes=changes(analysis),
        findings=findings((shown, *ranking.others)),
        coverage=coverage(analysis, head),
        sections=tuple(module.section(analysis) for module in SECTIONS),
        method=Method(
            alpha=outliers.ALPHA,
            correction="holm",
            burst_gap_s=int(GAP_SECONDS),
            min_requests=outliers.MIN_REQUESTS,
            min_peer_requests=outliers.MIN_PEER_REQUESTS,
            tool_version=__version__,
        ),
        api=ApiUse(calls=observations.api_calls, rate_limit_remaining=observations.rate_limit_remaining),
        shared=shared(analysis),
        only_here=only_here_section(beside),
        clock=clock,
        without_dyno=without_dyno(analysis, clock),
        by_age=tuple(growth for process_type in analysis.types.values() for growth in process_type.by_age),
    )


def _actions(ranking: _Ranking) -> tuple[Action, ...]:
    """The actions of the first claim that has some. Where a failure beside the web heads, those of the web's too."""
    first, *others = [claim for claim in (ranking.shown, *ranking.others) if claim.actions] or [ranking.shown]
    web = next((claim for claim in others if claim.kind in PRECEDENCE), None)
    if web is None or not first.beside_the_web:
        return first.actions
    return (*web.actions, *first.actions) if _is_graver(web, first) else (*first.actions, *web.actions)


def _rank(analysis: Analysis) -> _Ranking:
    """Put the claims in order and weigh how grave they are together."""
    claims = sorted(_claims(analysis), key=_order)
    heads = [claim for claim in claims if crash.all_down(claim) or claim.kind in PRECEDENCE]
    head = _head(heads) if heads else _without_a_head(analysis)
    if (
        not analysis.observations.scope.focus
        and head.kind != "not_enough_data"
        and not any(claim.kind in _ABOUT_ERRORS and not claim.beside_the_web for claim in claims)
    ):
        claims += [with_common(told_in_its_tense(claim, analysis), analysis) for claim in few(analysis)]
    others = [claim for claim in claims if claim is not head]
    is_calm = not heads and head.kind == "nothing_found"
    shown = head
    if is_calm and others and others[0].severity != "info":
        # A slower dyno, and the like, has no class of its own. But "nothing found" must not stand above it.
        shown = others.pop(0)
        others.insert(0, head)
    shown = with_loss(with_common(shown, analysis), analysis)
    if head.kind == "release_failed" and others and others[0].kind in PRECEDENCE and _is_graver(others[0], head):
        shown = replace(shown, details=(*shown.details, f"Graver than that: {others[0].summary}."))
    grave = [shown, *(claim for claim in others if is_calm or _worsens(head, claim))]
    return _Ranking(head, shown, others, min((claim.severity for claim in grave), key=_SEVERITY.__getitem__))


def _head(heads: list[Claim]) -> Claim:
    """The first claim in order. One that is over gives way to one as grave that goes on, or a graver that may."""
    first = heads[0]
    if first.tense.ongoing is not False:
        return first
    graver = (claim for claim in heads if claim.tense.ongoing is not False and _is_graver(claim, first))
    as_grave = (claim for claim in heads if claim.tense.ongoing and not _is_graver(first, claim))
    return next(graver, None) or next(as_grave, first)


def _is_graver(claim: Claim, other: Claim) -> bool:
    return _SEVERITY[claim.severity] < _SEVERITY[other.severity]


def _claims(analysis: Analysis) -> list[Claim]:
    """Every claim that holds, in its tense. When single dynos were asked for, only claims that concern them."""
    claims = [told_in_its_tense(claim, analysis) for module in CLAIMS for claim in module.claims(analysis)]
    if analysis.observations.scope.focus:
        return [claim for claim in claims if concerns(claim)]
    if any(one_client.explains(claim) for claim in claims):
        return [claim for claim in claims if claim.beside_the_web or claim.kind not in one_client.EXPLAINED]
    return claims


def _without_a_head(analysis: Analysis) -> Claim:
    """The verdict when no claim may head the report."""
    return nothing_on_it(analysis) if analysis.observations.scope.focus else fallback(analysis)


def _worsens(head: Claim, other: Claim) -> bool:
    """Whether another claim makes the verdict graver: a failure beside the web, or beside that failure the web's.

    Memory trouble does of the accused dyno, while that dyno runs.
    """
    if head.beside_the_web or other.beside_the_web:
        return other.kind in PRECEDENCE
    return not head.replaced and bool(head.dyno) and other.dyno == head.dyno and other.kind == "memory"


def _order(claim: Claim) -> tuple[float, int, str, str]:
    """PRECEDENCE, but all dynos of a type down comes right after a newest release that failed. Then the severity."""
    place: float = PRECEDENCE.index(claim.kind) if claim.kind in PRECEDENCE else len(PRECEDENCE)
    if claim.beside_the_web and claim.kind in _ABOUT_ERRORS:
        place = _OF_A_WORKER
    return (min(place, 0.5) if crash.all_down(claim) else place, _SEVERITY[claim.severity], claim.dyno, claim.summary)


def _verdict_class(claim: Claim) -> VerdictClass:
    for verdict_class in (*PRECEDENCE, "nothing_found", "not_enough_data"):
        if claim.kind == verdict_class:
            return verdict_class
    raise AssertionError(claim.kind)
