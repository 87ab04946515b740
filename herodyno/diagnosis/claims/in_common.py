"""What all failures have in common comes first: before the numbers of a claim, and as the first thing to do."""

from __future__ import annotations

from dataclasses import replace

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.app.advice import WHAT_ALL_SHARE
from herodyno.diagnosis.claims.app.single_dyno import UNTOLD
from herodyno.diagnosis.claims.claim import Claim, suggestion
from herodyno.diagnosis.claims.printed import exception_shown, raised_by_the_app
from herodyno.diagnosis.counting.raised import STOPPED
from herodyno.diagnosis.report.redaction import redact, redact_path
from herodyno.diagnosis.report.report import Action
from herodyno.diagnosis.statistics.in_common import InCommon, Part, in_common
from herodyno.units import count

# Claims whose sentence is about failed requests and names no cause.
_WITHOUT_A_CAUSE = frozenset({"whole_app", "single_dyno", "not_enough_data"})
# Claims that name one, so the common value stands below.
_WITH_A_CAUSE = frozenset({"one_dyno", "some_dynos", "nothing_found"})
# A finding shows nothing but its sentence.
_FINDING = "few_errors"


def common_to_failures(analysis: Analysis) -> InCommon:
    """What the failed requests of the whole app have in common."""
    facts = analysis.observations.facts
    by_code = dict(facts.no_dyno.by_code)
    for process_type in analysis.types.values():
        for code, n in process_type.by_code.items():
            by_code[code] = by_code.get(code, 0) + n
    found = in_common(facts.shared, by_code, raised_by_the_app(analysis), analysis.observations.start)
    return found._replace(exception=None, raised=None) if found.raised and found.raised.kind == STOPPED else found


def with_common(claim: Claim, analysis: Analysis) -> Claim:
    """The claim with what all failures have in common. Unchanged when they have nothing."""
    if claim.kind not in _WITHOUT_A_CAUSE | _WITH_A_CAUSE | {_FINDING}:
        return claim
    common = common_to_failures(analysis)
    is_over = claim.tense.ongoing is False
    said = sentence(common, is_over=is_over)
    if not said:
        return claim
    if claim.kind in _WITH_A_CAUSE:
        return replace(claim, details=(*claim.details, f"{said[:1].upper()}{said[1:]}."))
    if claim.kind == _FINDING:
        return replace(claim, summary=f"{claim.summary}; {said}")
    if common.exception:
        claim = replace(claim, summary=claim.summary.replace(UNTOLD, ""))
    if is_over:
        return replace(claim, summary=f"{said}; {claim.summary}")
    generic = [action for action in claim.actions if not _is_superseded(action)]
    return replace(claim, summary=f"{said}; {claim.summary}", actions=(_look(common), *generic))


def sentence(common: InCommon, *, is_over: bool = False) -> str:
    """Such as "10 of 10 failures (H18) follow KeyError on POST /api/stream"; "" without path or exception.

    Parts that not all failures have are told one by one: nobody counted how many have them together.
    """
    path, exception = common.path, common.exception
    parts = [part for part in (exception, path) if part]
    if not parts:
        return ""
    verb, copula = ("followed", "were on") if is_over else ("follow", "are on")
    code = f" ({common.code.value})" if common.code and common.code.is_all else ""
    if all(part.is_all for part in parts):
        follow = f"{verb} {exception.value}" if exception else copula
        on = " on" if exception else ""
        n = min(part.of for part in parts)
        return f"{count(n)} of {count(n, 'failure')}{code} {follow}{f'{on} {where(common)}' if path else ''}"
    told = [_of(part, verb if part is exception else copula, where(common, part)) for part in parts]
    return f"{', '.join(told)}{code}"


def where(common: InCommon, part: Part | None = None) -> str:
    """ "POST /api/stream": the path, with the method when all failures have it; of an exception its class."""
    if part is not None and part is common.exception:
        return part.value
    path = redact_path(common.path.value) if common.path else ""
    return f"{redact(common.method.value)} {path}" if common.method and common.method.is_all and path else path


def _of(part: Part, verb: str, what: str) -> str:
    return f"{count(part.n)} of {count(part.of, 'failure')} {verb} {what}"


def _look(common: InCommon) -> Action:
    place = where(common)
    if common.raised is not None:
        return suggestion(f"look at {f'{place}: ' if place else ''}{exception_shown(common.raised)}")
    path = common.path
    assert path is not None
    most = "at most " if path.is_most else ""
    others = f", and {most}{count(path.good)} of {count(path.good_of, 'other request')}" if path.good_of else ""
    return suggestion(f"look at {place}: it has {count(path.n)} of {count(path.of, 'failure')}{others}")


def _is_superseded(action: Action) -> bool:
    """Whether an action looks for what is known now: what all dynos share, or how another dyno does."""
    return action.text == WHAT_ALL_SHARE or action.argv[:2] == ("herodyno", "scale")


def client_shown(client: str) -> str:
    """A client's address as a report shows it."""
    return redact(client)
