"""Timeouts that the app's own server printed, beside the router's (H12, H13) on the same dynos."""

from __future__ import annotations

from collections import Counter

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis
from herodyno.diagnosis.claims.claim import Claim, suggestion
from herodyno.diagnosis.counting.events import RACK_TIMEOUT_EXCEPTION
from herodyno.diagnosis.report.phrases import codes_in_words, listed, named
from herodyno.heroku_facts import REQUEST_TIMEOUT_SECONDS
from herodyno.units import count

MIN_MANY = 5
_RACK_TIMEOUT_LINE = "rack-timeout"
# What the router says of a request that takes too long, and of one whose worker is killed.
_ROUTERS = ("H12", "H13")


def claims(analysis: Analysis) -> list[Claim]:
    """At most one claim."""
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
