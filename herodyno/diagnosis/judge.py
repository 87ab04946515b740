"""The verdict: of all claims that hold the gravest heads the report, and the others follow as findings."""

from __future__ import annotations

from typing import NamedTuple

from herodyno import __version__
from herodyno.diagnosis.analysis import Analysis, analyse
from herodyno.diagnosis.claims import crash, dynos, memory, minor, no_dyno, one_client, starting, whole_app
from herodyno.diagnosis.claims.claim import Claim, ranked
from herodyno.diagnosis.claims.fallback import fallback, few
from herodyno.diagnosis.claims.focus import concerns, nothing_on_it
from herodyno.diagnosis.claims.in_common import with_common
from herodyno.diagnosis.counting.bursts import GAP_SECONDS
from herodyno.diagnosis.observations import Observations
from herodyno.diagnosis.report.report import (
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
from herodyno.diagnosis.sections.findings import findings
from herodyno.diagnosis.sections.headline import headline
from herodyno.diagnosis.sections.incarnations import incarnation_rows
from herodyno.diagnosis.sections.shared import shared
from herodyno.diagnosis.statistics import outliers

# Each module looks for one sort of trouble and gives the claims that hold.
CLAIMS = (crash, dynos, one_client, whole_app, memory, no_dyno, starting, minor)
# Sections that are sentences, in the order of the report.
SECTIONS = (limits,)
# Which claim heads the report when several hold. One dyno comes before the whole app, since it can be restarted, and
# so does one client, whom the others' requests acquit the app of.
# Crashes of some dynos come after the whole app and before memory: users see errors first.
PRECEDENCE: tuple[VerdictClass, ...] = (
    "one_dyno", "some_dynos", "one_client_or_path", "whole_app", "single_dyno", "crash", "memory", "scaled_to_zero",
    "no_dyno_named", "clients",
)  # fmt: skip
_ABOUT_ERRORS = frozenset({"one_dyno", "some_dynos", "whole_app", "single_dyno", "one_client_or_path"})
_SEVERITY = {"critical": 0, "warning": 1, "info": 2}
EXIT_CODES: dict[Severity, int] = {"critical": 20, "warning": 10, "info": 0}
NOT_ENOUGH_DATA = 30


def exit_code(diagnosis: Diagnosis) -> int:
    """0 nothing found · 10 warning · 20 critical · 30 not enough data."""
    if diagnosis.verdict.kind == "not_enough_data":
        return NOT_ENOUGH_DATA
    return EXIT_CODES[diagnosis.verdict.severity]


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
    head, shown = ranking.head, ranking.shown
    app, no_dyno_errors = observations.app, observations.facts.no_dyno
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
        ),
        actions=ranked(next((claim.actions for claim in (shown, *ranking.others) if claim.actions), ())),
        incarnations=incarnation_rows(analysis),
        unattributed=Unattributed(errors=no_dyno_errors.n, by_code=tuple(sorted(no_dyno_errors.by_code.items()))),
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
    )


def _rank(analysis: Analysis) -> _Ranking:
    """Put the claims in order and weigh how grave they are together."""
    claims = sorted(_claims(analysis), key=_order)
    heads = [claim for claim in claims if crash.all_down(claim) or claim.kind in PRECEDENCE]
    head = heads[0] if heads else _without_a_head(analysis)
    if (
        not analysis.observations.scope.focus
        and head.kind != "not_enough_data"
        and not any(claim.kind in _ABOUT_ERRORS for claim in claims)
    ):
        claims += few(analysis)
    others = [claim for claim in claims if claim is not head]
    is_calm = not heads and head.kind == "nothing_found"
    shown = head
    if is_calm and others and others[0].severity != "info":
        # A slower dyno, and the like, has no class of its own. But "nothing found" must not stand above it.
        shown = others.pop(0)
        others.insert(0, head)
    shown = with_common(shown, analysis)
    grave = [shown, *(claim for claim in others if is_calm or _worsens(head, claim))]
    return _Ranking(head, shown, others, min((claim.severity for claim in grave), key=_SEVERITY.__getitem__))


def _claims(analysis: Analysis) -> list[Claim]:
    """Every claim that holds. When single dynos were asked for, only claims that concern them."""
    claims = [claim for module in CLAIMS for claim in module.claims(analysis)]
    if analysis.observations.scope.focus:
        return [claim for claim in claims if concerns(claim)]
    if any(one_client.explains(claim) for claim in claims):
        return [claim for claim in claims if claim.kind not in one_client.EXPLAINED]
    return claims


def _without_a_head(analysis: Analysis) -> Claim:
    """The verdict when no claim may head the report."""
    return nothing_on_it(analysis) if analysis.observations.scope.focus else fallback(analysis)


def _worsens(head: Claim, other: Claim) -> bool:
    """Whether a lesser claim makes the verdict graver: memory trouble of the accused dyno, while that dyno runs."""
    return not head.replaced and bool(head.dyno) and other.dyno == head.dyno and other.kind == "memory"


def _order(claim: Claim) -> tuple[int, int, str, str]:
    """All dynos of a type down comes first, then the order of PRECEDENCE, then the severity."""
    place = PRECEDENCE.index(claim.kind) if claim.kind in PRECEDENCE else len(PRECEDENCE)
    return (-1 if crash.all_down(claim) else place, _SEVERITY[claim.severity], claim.dyno, claim.summary)


def _verdict_class(claim: Claim) -> VerdictClass:
    for verdict_class in (*PRECEDENCE, "nothing_found", "not_enough_data"):
        if claim.kind == verdict_class:
            return verdict_class
    raise AssertionError(claim.kind)
