"""What is over: told in the past with its end, one severity lower, and nothing is restarted for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.claim import Claim, at_clock, suggestion
from herodyno.diagnosis.claims.ending import Ending, ending
from herodyno.diagnosis.claims.loss import listen, listening_loses
from herodyno.diagnosis.report.report import Action, Severity
from herodyno.diagnosis.statistics.tense import Tense
from herodyno.dynos import process_type_of
from herodyno.units import count, spoken_duration

# Heroku's router sends requests to this process type only, so claims of errors that name no dyno are of it.
_ROUTED = "web"
_LOWER: dict[Severity, Severity] = {"critical": "warning", "warning": "info", "info": "info"}


def told_in_its_tense(claim: Claim, analysis: Analysis) -> Claim:
    """The claim as it stands in the report. One that goes on, or may, stays as it is.

    A claim that is over is one severity lower: exit codes, `--fail-on` and `--nagios` follow the present.
    """
    if claim.tense.ongoing is not False:
        return claim
    came_with = _came_with(claim, analysis)
    words = f" ({came_with.words})" if came_with.words else ""
    since = claim.tense.ended_at
    has_end = since is not None and not claim.replaced
    return replace(
        claim,
        severity=_LOWER[claim.severity],
        summary=claim.summary + (f"; {claim.since} {at_clock(since, analysis)}{words}" if since and has_end else ""),
        details=(*claim.details, *([_in_time(came_with)] if has_end else [])),
        actions=claim.actions if claim.replaced else () if claim.severity == "info" else _watch(analysis),
        ended_with=came_with.ended_with,
    )


def together(tenses: Sequence[Tense]) -> Tense:
    """The tense of several dynos as one: it goes on when one goes on, and is over when all are."""
    if len(tenses) == 1:
        return tenses[0]
    newest = max((tense.newest for tense in tenses if tense.newest is not None), default=None)
    if any(tense.ongoing for tense in tenses):
        return Tense(True, newest)
    if not all(tense.ongoing is False for tense in tenses):
        return Tense(None, newest)
    return Tense(False, newest, max((tense.ended_at for tense in tenses if tense.ended_at is not None), default=None))


def errors_since(tense: Tense, analysis: Analysis, dyno: str = "") -> tuple[str, ...]:
    """How few requests failed since the end, and how many would have. Empty for what may go on."""
    failed, requests = tense.since
    if tense.ongoing is not False or tense.ended_at is None or not requests:
        return ()
    where = f"On {dyno} it" if dyno else "It"
    return (
        f"{where} is over: {count(failed) if failed else 'none'} since {at_clock(tense.ended_at, analysis)} in "
        f"{count(requests, 'request')}; at the rate before, {count(round(tense.expected))} would have failed.",
    )


def last_seen(tense: Tense, analysis: Analysis, what: str = "error") -> str:
    """ "; last error 2 min ago, so it may be over" for what may be over or not, else ""."""
    if tense.ongoing is not None or tense.newest is None:
        return ""
    seconds = max(1.0, analysis.observations.present - tense.newest)
    return f"; last {what} {spoken_duration(seconds)} ago, so it may be over"


def _came_with(claim: Claim, analysis: Analysis) -> Ending:
    if claim.ended_with is not None or claim.tense.ended_at is None:
        return Ending(claim.ended_with or "itself")
    return ending(
        claim.tense.ended_at,
        analysis,
        type_name=process_type_of(claim.dyno) if claim.dyno else _ROUTED,
        dyno=claim.dyno,
        gap=_usual_gap(claim, analysis),
        began=_first_error(claim, analysis) if claim.tense.before[0] else -inf,
    )


def _usual_gap(claim: Claim, analysis: Analysis) -> float:
    """The usual time in seconds between two errors before the end, 0 for a claim that counts none."""
    errors, ended_at = claim.tense.before[0], claim.tense.ended_at
    began = _first_error(claim, analysis)
    return (ended_at - began) / errors if errors and ended_at is not None and began > -inf else 0.0


def _first_error(claim: Claim, analysis: Analysis) -> float:
    """The time of the first error on the claim's dyno, or on all dynos; minus infinity when there is none."""
    dynos = [dyno for dyno in analysis.dynos() if claim.dyno in ("", dyno.name)]
    return min((start for dyno in dynos for start, _ in dyno.facts.errors.bursts), default=-inf)


def _in_time(came_with: Ending) -> str:
    if not came_with.words:
        return "No release, scaling or restart is seen near its end."
    return f"{came_with.words[:1].upper()}{came_with.words[1:]} came with its end; the order in time is no proof."


def _watch(analysis: Analysis) -> tuple[Action, ...]:
    if listening_loses(analysis):
        return (suggestion("nothing to restart now: it is over"),)
    return listen(
        "nothing to restart now: it is over; see whether it comes back",
        5,
        analysis,
        effect="reads the log for five minutes and judges again",
    )
