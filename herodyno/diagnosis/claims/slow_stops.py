"""Dynos that do not stop in time (R12): at each deploy and each daily cycle what they were doing is cut off."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, from_table
from herodyno.diagnosis.report.phrases import listed
from herodyno.heroku_facts import EXIT_TIMEOUT_SECONDS
from herodyno.logs.codes.table import CODES
from herodyno.units import count

# Stops so close together are of one restart of the type.
_SAME_RESTART = 120.0


def claims(analysis: Analysis) -> list[Claim]:
    """At most one claim a process type."""
    return [
        _claim(process_type, slow, analysis)
        for process_type in analysis.types.values()
        if (slow := [dyno for dyno in process_type.dynos if "R12" in dyno.facts.codes and dyno.in_focus])
    ]


def _claim(process_type: TypeAnalysis, slow: list[IncarnationAnalysis], analysis: Analysis) -> Claim:
    name, restarts = process_type.name, _restarts(slow)
    stopped = [dyno for dyno in process_type.dynos if dyno.incarnation.term is not None or dyno in slow]
    again = f", at {count(restarts, 'restart')}" if restarts > 1 else ""
    return Claim(
        kind="slow_shutdown",
        severity="warning" if restarts > 1 else "info",
        confidence="high",
        label="SLOW STOPS",
        summary=f"{count(len(slow))} of {count(len(stopped), f'{name} dyno')} that were stopped did not exit within "
        f"{EXIT_TIMEOUT_SECONDS} s and were killed (R12){again}: {listed(sorted({dyno.name for dyno in slow}))}",
        details=(f"What they were doing was cut off. Mostly it is this: {CODES['R12'].cause}",),
        not_claimed=("what they were doing",),
        actions=tuple(from_table(step, analysis) for step in CODES["R12"].to_try),
        evidence=tuple(sorted((line for dyno in slow for line in dyno.facts.evidence.of("R12")), reverse=True)[:2]),
        runbook="R12",
    )


def _restarts(slow: list[IncarnationAnalysis]) -> int:
    """How many times dynos were stopped, those of one restart counted once."""
    times = sorted(line.seconds for dyno in slow for line in dyno.facts.evidence.of("R12"))
    return sum(1 for i, at in enumerate(times) if not i or at - times[i - 1] > _SAME_RESTART)
