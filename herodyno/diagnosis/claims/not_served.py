"""Requests that the router answered in place of the app: maintenance mode, no code yet, Eco hours used up.

No dyno failed, so these are no errors. But whoever asked was not served by the app.
"""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.claim import Claim, from_table, on_app, suggestion, top_code
from herodyno.diagnosis.claims.over import last_seen
from herodyno.diagnosis.report.phrases import codes_in_words
from herodyno.diagnosis.report.report import Action
from herodyno.diagnosis.statistics.tense import GOES_ON_SECONDS, Tense
from herodyno.logs.codes.table import row_of
from herodyno.units import count

_LABELS = {"H80": "MAINTENANCE", "H81": "NOTHING DEPLOYED", "H82": "HOURS USED UP"}


def claims(analysis: Analysis) -> list[Claim]:
    """At most one claim: requests with codes of state, or maintenance mode that no request has met yet."""
    codes = analysis.state_codes
    if codes:
        return [_answered(codes, analysis)]
    return [_maintenance(analysis)] if analysis.observations.app.maintenance else []


def _answered(codes: dict[str, int], analysis: Analysis) -> Claim:
    observations, n = analysis.observations, sum(codes.values())
    top = top_code(codes)
    newest = max((line.seconds for line in observations.facts.evidence.of(*codes)), default=None)
    tense = _tense(newest, analysis)
    were = "were" if tense.ongoing is False else "are"
    requests = observations.facts.router_lines
    others = requests - n
    return Claim(
        kind="not_served",
        severity=row_of(top).severity,
        confidence="high",
        label=_LABELS.get(top, "NOT SERVED"),
        summary=f"{n:,} of {count(requests, 'request')} {were} answered by the router, not by the app: "
        f"{codes_in_words(codes)} ({row_of(top).title}){last_seen(tense, analysis, 'one')}",
        details=(
            *(_meaning(code, is_over=tense.ongoing is False) for code in sorted(codes)),
            *((f"{count(others, 'other request')} came through.",) if others else ()),
        ),
        not_claimed=(f"whether that {'was' if tense.ongoing is False else 'is'} meant",) if top == "H80" else (),
        actions=_actions(top, analysis) if tense.ongoing is not False else (),
        evidence=tuple(observations.facts.evidence.of(*codes)[:3]),
        runbook=top,
        tense=tense,
    )


def _meaning(code: str, *, is_over: bool) -> str:
    """What a code means and where it comes from. The table tells the meaning in the present."""
    return f"{code}: {row_of(code).cause}" if is_over else f"{code}: {row_of(code).meaning} {row_of(code).cause}"


def _tense(newest: float | None, analysis: Analysis) -> Tense:
    """Over when the app served requests later. Going on when the last answer came at the end of the window."""
    if newest is None:
        return Tense(None)
    served = [dyno.facts.last or 0.0 for dyno in analysis.dynos() if dyno.facts.requests]
    if max(served, default=0.0) > newest and not analysis.observations.app.maintenance:
        return Tense(False, newest, newest)
    is_last = analysis.observations.present - newest <= GOES_ON_SECONDS
    return Tense(True if is_last or analysis.observations.app.maintenance else None, newest)


def _actions(code: str, analysis: Analysis) -> tuple[Action, ...]:
    if code == "H80":
        return (suggestion("end it when you are done", "heroku", "maintenance:off", *on_app(analysis)),)
    return tuple(from_table(step, analysis) for step in row_of(code).to_try)


def _maintenance(analysis: Analysis) -> Claim:
    return Claim(
        kind="maintenance",
        severity="info",
        confidence="high",
        label="MAINTENANCE",
        summary="maintenance mode is on; no request in this window met it",
        actions=_actions("H80", analysis),
        runbook="H80",
        tense=Tense(True),
    )
