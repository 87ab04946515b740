"""Requests that clients gave up or broke (H27, H28 and their kind): never counted as server errors."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.claim import Claim, suggestion, top_code
from herodyno.diagnosis.claims.over import last_seen
from herodyno.diagnosis.counting.tallies import Tally
from herodyno.diagnosis.report.phrases import codes_in_words
from herodyno.diagnosis.report.redaction import redact_path
from herodyno.diagnosis.report.report import Severity
from herodyno.diagnosis.statistics.latency import percentile
from herodyno.diagnosis.statistics.unnamed_tense import client_tense
from herodyno.heroku_facts import REQUEST_TIMEOUT_SECONDS
from herodyno.logs.codes.table import CODES
from herodyno.units import count, share

MIN_CLIENTS = 20
MIN_CLIENT_RATE = 0.02
# Clients that wait so long (median) before they leave point to a slow page.
LONG_WAIT_MS = 10_000


def claims(analysis: Analysis) -> list[Claim]:
    """At most one claim."""
    codes: dict[str, int] = {}
    sources = [dyno.facts.codes for dyno in analysis.dynos()] + [analysis.observations.facts.no_dyno_codes]
    for source in sources:
        for code, n in source.items():
            if code in CODES and CODES[code].kind == "client":
                codes[code] = codes.get(code, 0) + n
    n = sum(codes.values())
    requests = analysis.observations.facts.router_lines
    if not n:
        return []
    waits: dict[int, int] = {}
    for dyno in analysis.dynos():
        for wait, times in dyno.facts.waits.items():
            waits[wait] = waits.get(wait, 0) + times
    middle = percentile(waits, 0.5)
    many = n >= MIN_CLIENTS and n / requests >= MIN_CLIENT_RATE
    severity: Severity = "warning" if many and middle is not None and middle >= LONG_WAIT_MS else "info"
    touched = sum(1 for dyno in analysis.dynos() if any(code in dyno.facts.codes for code in codes))
    details = [
        f"{share(n, requests)} of {count(requests)} requests, on {count(touched, 'dyno')}.",
        "They are not counted as server errors.",
    ]
    evidence = sorted((line for dyno in analysis.dynos() for line in dyno.facts.evidence.of(*codes)), reverse=True)
    newest = evidence[0].seconds if evidence else None
    tense = client_tense(analysis.observations.facts, n, newest, analysis.observations.end)
    if middle is not None:
        details.append(f"Clients left after {middle / 1000:.1f} s (median): a slow page, rather than a failing dyno.")
    page = _page_they_leave(analysis)
    if page:
        details.append(f"Most of them left {page}.")
    return [
        Claim(
            kind="clients" if many else "few_clients",
            severity=severity,
            confidence="high" if many else "low",
            label="CLIENTS LEAVING" if "H27" in codes else "CLIENTS",
            summary=f"{count(n, 'request')} ended by the client ({codes_in_words(codes)})"
            + (last_seen(tense, analysis, "one") if many else ""),
            details=tuple(details),
            not_claimed=("why the clients left",),
            actions=(
                suggestion(
                    f"look at {page or 'the slowest pages'}: people leave before the router gives up "
                    f"after {REQUEST_TIMEOUT_SECONDS} s (H12)"
                ),
            )
            if many
            else (),
            evidence=tuple(evidence[:2]),
            runbook=top_code(codes),
            tense=tense,
        )
    ]


def _page_they_leave(analysis: Analysis) -> str:
    """ "/search (58 of 64)" when most clients that left (H27) had asked for one path, else ""."""
    left = Tally()
    for dyno in analysis.dynos():
        left.update(dyno.facts.left)
    for path, n in left.top(1):
        if n > 1 and n * 2 > left.total:
            return f"{redact_path(path)} ({n} of {left.total})"
    return ""
