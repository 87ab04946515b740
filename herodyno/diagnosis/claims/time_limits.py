"""What took longer than its time limit: requests that the app's own server ended, and dynos that did not stop (R12)."""

from __future__ import annotations

from collections import Counter

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, from_table, suggestion
from herodyno.diagnosis.counting.errors.exceptions import RACK_TIMEOUT_EXCEPTION
from herodyno.diagnosis.report.phrases import codes_in_words, listed, named
from herodyno.heroku_facts import EXIT_TIMEOUT_SECONDS, REQUEST_TIMEOUT_SECONDS
from herodyno.logs.codes.table import CODES
from herodyno.units import count

MIN_MANY = 5
_RACK_TIMEOUT_LINE = "rack-timeout"
# What the router says of a request that takes too long, and of one whose worker is killed.
_ROUTERS = ("H12", "H13")
# Stops so close together are of one restart of the type.
_SAME_RESTART = 120.0


def claims(analysis: Analysis) -> list[Claim]:
    """Server timeouts, and slow stops by process type."""
    return [*_server_timeouts(analysis), *_slow_stops(analysis)]


def _server_timeouts(analysis: Analysis) -> list[Claim]:
    """At most one claim: timeouts that servers printed, beside the router's on the same dynos."""
    dynos = [dyno for dyno in analysis.dynos() if dyno.facts.timeouts and dyno.in_focus]
    if not dynos:
        return []
    servers, router = Counter[str](), Counter[str]()
    for dyno in dynos:
        servers.update(_by_server(dyno))
        router.update({code: dyno.facts.errors.by_code.get(code, 0) for code in _ROUTERS})
    n = servers.total()
    said = codes_in_words({code: times for code, times in router.items() if times})
    beside = f"beside {said} there" if said else f"no {' or '.join(_ROUTERS)} there"
    names = sorted({named(dyno.incarnation) for dyno in dynos})
    return [
        Claim(
            kind="server_timeouts",
            severity="warning" if n >= MIN_MANY else "info",
            confidence="high",
            label="SERVER TIMEOUTS",
            summary=f"the server itself ended {count(n, 'request or worker', 'requests or workers')} for taking too "
            f"long ({codes_in_words(dict(servers))}) on {listed(names)}; {beside}",
            details=(
                "A server whose own limit is below the router's "
                f"{REQUEST_TIMEOUT_SECONDS} s ends a request before an H12; one above it, after.",
            ),
            not_claimed=("what the requests were waiting for",),
            actions=(
                suggestion(
                    f"make what takes so long shorter: above {REQUEST_TIMEOUT_SECONDS} s a longer limit of the server "
                    "only leaves the error to the router (H12)"
                ),
            ),
            dyno=dynos[0].name if len(dynos) == 1 else "",
            dyno_id=dynos[0].id if len(dynos) == 1 else None,
            evidence=tuple(
                sorted((line for dyno in dynos for line in dyno.facts.evidence.of("timeout")), reverse=True)[:2]
            ),
            runbook="H12",
        )
    ]


def _by_server(dyno: IncarnationAnalysis) -> dict[str, int]:
    """The timeouts by server. rack-timeout prints a line for each exception, so only the more frequent counts."""
    found = dict(dyno.facts.timeouts)
    rack = max(found.pop(RACK_TIMEOUT_EXCEPTION, 0), found.get(_RACK_TIMEOUT_LINE, 0))
    return found | ({_RACK_TIMEOUT_LINE: rack} if rack else {})


def _slow_stops(analysis: Analysis) -> list[Claim]:
    """At most one claim a process type: at each deploy and daily restart what such a dyno does is cut off."""
    return [
        _slow_stop(process_type, slow, analysis)
        for process_type in analysis.types.values()
        if (slow := [dyno for dyno in process_type.dynos if "R12" in dyno.facts.codes and dyno.in_focus])
    ]


def _slow_stop(process_type: TypeAnalysis, slow: list[IncarnationAnalysis], analysis: Analysis) -> Claim:
    name, restarts = process_type.name, _restarts(slow)
    stopped = [dyno for dyno in process_type.dynos if dyno.incarnation.term is not None or dyno in slow]
    again = f", {restarts} times" if restarts > 1 else ""
    return Claim(
        kind="slow_shutdown",
        severity="warning" if restarts > 1 else "info",
        confidence="high",
        label="SLOW STOPS",
        summary=f"{count(len(slow))} of {count(len(stopped), f'stopped {name} dyno')} did not exit in time and "
        f"{'was' if len(slow) == 1 else 'were'} killed (R12){again}: {listed(sorted({dyno.name for dyno in slow}))}",
        details=(
            f"Heroku waits {EXIT_TIMEOUT_SECONDS} s after SIGTERM. What they were doing was cut off. "
            f"Mostly it is this: {CODES['R12'].cause}",
        ),
        not_claimed=("what they were doing",),
        actions=tuple(from_table(step, analysis) for step in CODES["R12"].to_try),
        evidence=tuple(sorted((line for dyno in slow for line in dyno.facts.evidence.of("R12")), reverse=True)[:2]),
        runbook="R12",
    )


def _restarts(slow: list[IncarnationAnalysis]) -> int:
    """How many times dynos were stopped, those of one restart counted once."""
    times = sorted(line.seconds for dyno in slow for line in dyno.facts.evidence.of("R12"))
    return sum(1 for i, at in enumerate(times) if not i or at - times[i - 1] > _SAME_RESTART)
