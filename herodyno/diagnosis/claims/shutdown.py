"""Requests that dynos dropped because Heroku stopped them: no fault of a dyno, but of how the app shuts down."""

from __future__ import annotations

from collections import Counter

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, at_clock, suggestion
from herodyno.diagnosis.report.phrases import listed
from herodyno.diagnosis.report.report import Severity
from herodyno.diagnosis.timeline.incarnations import EndReason
from herodyno.dynos import natural_order
from herodyno.heroku_facts import EXIT_TIMEOUT_SECONDS
from herodyno.units import count

# Fewer dropped requests are told, but are no warning. Ours.
MIN_DROPPED = 5
_WHY: dict[EndReason | None, str] = {
    "scaled_down": "scaled away", "cycled": "restarted by the daily cycle", "relocated": "moved by Heroku",
    "deployed": "replaced by a deploy", "restarted": "restarted", "idled": "sent to sleep",
}  # fmt: skip


def claims(analysis: Analysis) -> list[Claim]:
    """At most one claim a process type: the requests that its stopping dynos dropped."""
    return [claim for each in analysis.types.values() if (claim := _claim(each, analysis)) is not None]


def dropped(process_type: TypeAnalysis, analysis: Analysis) -> Counter[str]:
    """Requests that stopping dynos of a type dropped, by code."""
    found: Counter[str] = Counter()
    for dyno in process_type.dynos:
        found += _dropped_by(dyno, analysis)
    return found


def _dropped_by(dyno: IncarnationAnalysis, analysis: Analysis) -> Counter[str]:
    cut = analysis.observations.facts.cut_by_stop
    return Counter({code: n for code in dyno.facts.errors.by_code if (n := cut[*dyno.key, code])})


def _claim(process_type: TypeAnalysis, analysis: Analysis) -> Claim | None:
    dynos = [dyno for dyno in process_type.dynos if dyno.in_focus and _dropped_by(dyno, analysis)]
    if not dynos:
        return None
    by_code = Counter[str]()
    for dyno in dynos:
        by_code += _dropped_by(dyno, analysis)
    n, of = by_code.total(), sum(process_type.by_code[code] for code in by_code)
    codes = listed(sorted(by_code))
    if n == of:
        all_of = f"the only {codes} falls" if n == 1 else f"all {count(n)} {codes} fall"
    else:
        all_of = f"{count(n)} of {count(of)} {codes} {'falls' if n == 1 else 'fall'}"
    names = sorted({dyno.name for dyno in dynos}, key=natural_order)
    severity: Severity = "warning" if n >= MIN_DROPPED else "info"
    return Claim(
        kind="shutdown",
        severity=severity,
        confidence="high",
        label="SHUTDOWN",
        summary=f"{all_of} in the shutdown of {listed(names)}{_why(dynos, analysis)}",
        details=(
            f"{_took(dynos)}Heroku gives a dyno {EXIT_TIMEOUT_SECONDS} s from SIGTERM to finish what it has begun.",
            "Each deploy, scaling and daily restart stops dynos in the same way: it is no sign of a bad dyno.",
        ),
        actions=(
            suggestion("on SIGTERM take no new connections, answer the open requests, then exit"),
            suggestion("start the server so that SIGTERM reaches it: with exec, no npm or shell in between"),
        ),
        dyno=names[0] if len(names) == 1 else "",
        evidence=tuple(sorted((line for dyno in dynos for line in dyno.facts.evidence.of(*by_code)), reverse=True)[:2]),
        runbook=max(by_code, key=lambda code: (by_code[code], code)),
    )


def _why(dynos: list[IncarnationAnalysis], analysis: Analysis) -> str:
    """What stopped the dynos and when, if it is one thing for all."""
    reasons = {dyno.incarnation.end_reason for dyno in dynos}
    times = sorted({at_clock(since, analysis) for dyno in dynos if (since := dyno.incarnation.stopping_since)})
    why = _WHY.get(reasons.pop(), "stopped") if len(reasons) == 1 else "stopped"
    return f", {why} at {times[0]}" if len(times) == 1 else f", {why} at {len(times)} times" if times else ""


def _took(dynos: list[IncarnationAnalysis]) -> str:
    """How long the stops took, where both ends of them were seen."""
    spans = sorted(
        own.end - own.term
        for own in (dyno.incarnation for dyno in dynos)
        if own.end is not None and own.term is not None and own.exit_status is not None
    )
    if not spans:
        return ""
    first, last = (f"{seconds:.1f} s" for seconds in (spans[0], spans[-1]))
    return f"They exited {first if first == last else f'{first} to {last}'} after SIGTERM; "
