"""Errors that name no dyno: web scaled to zero, routing, Heroku itself."""

from __future__ import annotations

import shlex

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.claim import Claim, at_clock, confirmed, from_table, on_app, top_code
from herodyno.diagnosis.claims.over import last_seen
from herodyno.diagnosis.counting.facts import EvidenceLine
from herodyno.diagnosis.report.phrases import codes_in_words
from herodyno.diagnosis.report.report import Action, Severity
from herodyno.diagnosis.statistics.tense import Tense, seen_at
from herodyno.diagnosis.statistics.unnamed_tense import unnamed_tense
from herodyno.logs.codes.code import Code
from herodyno.logs.codes.table import CODES
from herodyno.logs.events import ApiAction
from herodyno.units import count

MIN_UNNAMED = 5


def claims(analysis: Analysis) -> list[Claim]:
    """Scaled to zero, and errors that name no dyno: each at most once."""
    found = [_scaled_to_zero(analysis), _unnamed(analysis)]
    return [claim for claim in found if claim is not None]


def _scaled_to_zero(analysis: Analysis) -> Claim | None:
    observations = analysis.observations
    h14 = observations.facts.no_dyno.by_code.get("H14", 0)
    if not h14:
        return None
    wanted = observations.quantity("web").wanted
    last = observations.facts.no_dyno.bursts
    until = max(
        (end for (code, _), spans in last.items() if code == "H14" for _, end in spans), default=observations.end
    )
    web = analysis.types.get("web")
    served_since = any(
        dyno.facts.last is not None and dyno.facts.last > until and dyno.facts.requests
        for dyno in (web.dynos if web else ())
    )
    now = wanted == 0 or (wanted is None and not served_since)
    scaled_by = _scale_action(analysis)
    details = [scaled_by] if scaled_by else ["No line in this window says who scaled it."]
    if observations.formation is not None and wanted is None:
        details.append(
            "The formation has no process type web: it may be missing in the Procfile of the newest release."
        )
    if not now:
        details.append("Web dynos serve again since.")
    before = observations.quantity_before_zero("web")
    word = "web+1" if wanted is None else f"web={before or 1}"
    back = Action(
        rank=0,
        argv=("herodyno", "scale", word, *on_app(analysis)),
        text=f"as many web dynos as stood before: {before}" if before and wanted == 0 else "start a web dyno",
        effect=f"requests are served as soon as {'one' if (before or 1) > 1 else 'it'} is up",
        risk="billed by the second; ask why it was scaled to 0",
        undo=shlex.join(("herodyno", "scale", "web=0" if wanted == 0 else "web-1", *confirmed(analysis))),
        mutates=True,
    )
    return Claim(
        kind="scaled_to_zero",
        severity="critical",
        confidence="high" if wanted == 0 or scaled_by else "medium",
        label="SCALED TO ZERO",
        summary=f"no web dyno {'runs' if now else 'ran'}: {count(h14, 'request')} answered with H14",
        details=tuple(details),
        not_claimed=("whether that was meant",),
        actions=(back,),
        evidence=tuple(observations.facts.evidence.of("H14")[:3]),
        runbook="H14",
        tense=Tense(True, until) if now else Tense(False, until, until),
    )


def _scale_action(analysis: Analysis) -> str:
    """The last scaling of web to 0, as the log tells it."""
    found: ApiAction | None = None
    for action in analysis.observations.actions:
        if action.kind == "scale" and any(
            type_name == "web" and quantity == 0 for type_name, quantity, _ in action.formation
        ):
            found = action
    if found is None or found.line.at is None:
        return ""
    return f"web was scaled to 0 at {at_clock(found.line.at.timestamp(), analysis)}."


def _unnamed(analysis: Analysis) -> Claim | None:
    codes = dict(analysis.observations.facts.no_dyno.by_code)
    codes.pop("H14", None)
    if any(dyno.incarnation.crashed for dyno in analysis.dynos()) or _crashed_now(analysis):
        for code in ("H10", "H20", "H21"):
            codes.pop(code, None)
    n = sum(codes.values())
    if not n:
        return None
    on_dynos = sum(process_type.errors for process_type in analysis.types.values())
    platform = codes.get("H99", 0)
    severity: Severity = "info" if n < MIN_UNNAMED else "critical" if platform or n > on_dynos else "warning"
    top = top_code(codes)
    known = CODES.get(top)
    observations = analysis.observations
    tense = seen_at(unnamed_tense(observations.facts, codes, observations.end), observations.present)
    return Claim(
        kind="no_dyno_named" if n >= MIN_UNNAMED else "few_unnamed_errors",
        severity=severity,
        confidence="high" if n >= 20 else "medium",
        label="NOT YOUR DYNOS" if platform == n else "NO DYNO NAMED",
        summary=f"{count(n, 'error')} {'named' if tense.ongoing is False else 'names' if n == 1 else 'name'} no dyno "
        f"({codes_in_words(codes)}); {count(on_dynos, 'error')} on any dyno{last_seen(tense, analysis)}",
        details=(f"{top}: {known.meaning}",) if known else (),
        not_claimed=("which dyno, if any", "whether other apps have it too"),
        actions=tuple(from_table(step, analysis) for step in _steps(known)),
        evidence=tuple(_lines(analysis, codes)[:3]),
        runbook=top if known else "",
        tense=tense,
    )


def _steps(known: Code | None) -> list[str]:
    """The first two steps of the table of codes, without those that say to run `herodyno diagnose` or to read the log.

    The log has been read: what stands in it is told in a claim of its own.
    """
    steps = [step.removeprefix("herodyno diagnose: ") for step in known.to_try] if known else []
    return [step for step in steps if step != "herodyno diagnose" and not step.startswith("look for ")][:2]


def _crashed_now(analysis: Analysis) -> bool:
    return any(dyno.state == "crashed" for dyno in analysis.observations.dynos or ())


def _lines(analysis: Analysis, codes: dict[str, int]) -> list[EvidenceLine]:
    return analysis.observations.facts.evidence.of(*codes)
