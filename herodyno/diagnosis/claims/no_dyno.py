"""Errors that are no dyno's: web scaled to zero, routing, and Heroku's own, whether they name a dyno or not."""

from __future__ import annotations

import shlex

from herodyno.diagnosis.analysis import Analysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import (
    Claim,
    at_clock,
    confirm_note,
    confirmed,
    from_table,
    on_app,
    suggestion,
    top_code,
)
from herodyno.diagnosis.claims.over import last_seen, together
from herodyno.diagnosis.counting.facts import EvidenceLine
from herodyno.diagnosis.report.phrases import all_named, codes_in_words
from herodyno.diagnosis.report.report import Action, Severity
from herodyno.diagnosis.statistics.tense import Tense, seen_at
from herodyno.diagnosis.statistics.unnamed_tense import unnamed_tense
from herodyno.logs.codes.code import Code
from herodyno.logs.codes.table import CODES
from herodyno.logs.events import ApiAction
from herodyno.units import count, percent

MIN_UNNAMED = 5
# From so many on there is no doubt.
MIN_SURE = 20
# From this part of the requests on, Heroku's own errors are an emergency.
MIN_RATE = 0.01


def claims(analysis: Analysis) -> list[Claim]:
    """Scaled to zero, and errors that name no dyno: each at most once. Heroku's own on dynos, once a process type."""
    found = [_scaled_to_zero(analysis), _unnamed(analysis)]
    found += [_platform(each, analysis) for each in analysis.types.values() if platform_errors(each)]
    return [claim for claim in found if claim is not None]


def _scaled_to_zero(analysis: Analysis) -> Claim | None:
    observations = analysis.observations
    h14 = observations.facts.no_dyno.by_code.get("H14", 0)
    if not h14:
        return None
    wanted = observations.quantity("web").wanted
    bursts = observations.facts.no_dyno.bursts.by_path()
    until = max(
        (end for (code, _), of_path in bursts.items() if code == "H14" for _, end in of_path), default=observations.end
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
    asks = (before or 1) > 1  # as `scale` does: one dyno more goes unasked
    back = Action(
        rank=0,
        argv=("herodyno", "scale", word, *(confirmed(analysis) if asks else on_app(analysis))),
        text=f"as many web dynos as stood before: {before}" if before and wanted == 0 else "start a web dyno",
        effect=f"requests are served as soon as {'one' if (before or 1) > 1 else 'it'} is up",
        risk="billed by the second; ask why it was scaled to 0",
        undo=shlex.join(("herodyno", "scale", "web=0" if wanted == 0 else "web-1", *confirmed(analysis))),
        notes=confirm_note(analysis) if asks else (),
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
        confidence="high" if n >= MIN_SURE else "medium",
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


def platform_errors(process_type: TypeAnalysis) -> int:
    """Heroku's own errors on the dynos of a type, if they are worth a claim, else 0."""
    n = process_type.by_code.get("H99", 0)
    return n if n >= MIN_UNNAMED else 0


def _platform(process_type: TypeAnalysis, analysis: Analysis) -> Claim:
    """Heroku's own errors that name dynos. No dyno is accused of them."""
    n, requests = platform_errors(process_type), process_type.requests
    dynos = [dyno for dyno in process_type.dynos if dyno.facts.errors.by_code["H99"]]
    tense = together([dyno.tense for dyno in dynos]) if dynos else process_type.tense
    is_over, names = tense.ongoing is False, list(dict.fromkeys(dyno.name for dyno in dynos))
    only = names[0] if len(names) == 1 else ""
    where = f", all on {all_named(dyno.incarnation for dyno in dynos)}" if only else f", on {count(len(names), 'dyno')}"
    known = CODES["H99"]
    moves = (suggestion(f"if it lasts: a restart of {only} moves it to another machine"),) if only else ()
    return Claim(
        kind="no_dyno_named",
        severity="critical" if n / requests >= MIN_RATE else "warning",
        confidence="high" if n >= MIN_SURE else "medium",
        label="NOT YOUR DYNOS",
        summary=f"{count(n, 'error')} {'were' if is_over else 'are'} Heroku's own (H99){where}: "
        f"{percent(n / requests)} of {count(requests, 'request')}{last_seen(tense, analysis)}",
        details=(f"H99: {known.meaning}",),
        not_claimed=("why Heroku fails there", "whether other apps have it too"),
        actions=(*(from_table(step, analysis) for step in _steps(known)), *moves),
        evidence=tuple(sorted((line for dyno in dynos for line in dyno.facts.evidence.of("H99")), reverse=True)[:3]),
        runbook="H99",
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
