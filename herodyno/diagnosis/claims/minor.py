"""Minor claims, which accuse no dyno of errors: clients that leave, slower dynos, uneven shares, exceptions."""

from __future__ import annotations

from math import sqrt

from herodyno.diagnosis.analysis import Analysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, at_clock, error_lines, on_app, suggestion, top_code
from herodyno.diagnosis.claims.listening import listen
from herodyno.diagnosis.claims.printed import STOPPED, exception_shown, last_exception
from herodyno.diagnosis.counting.events import UNNAMED
from herodyno.diagnosis.counting.tallies import Tally
from herodyno.diagnosis.report.phrases import codes_in_words, named, one_in
from herodyno.diagnosis.report.report import Action, Severity
from herodyno.diagnosis.statistics.latency import percentile
from herodyno.diagnosis.statistics.outliers import MIN_REQUESTS
from herodyno.heroku_facts import EXIT_TIMEOUT_SECONDS, REQUEST_TIMEOUT_SECONDS
from herodyno.logs.codes.table import CODES
from herodyno.units import count, milliseconds, percent, share

MIN_CLIENTS = 20
MIN_CLIENT_RATE = 0.02
# Clients that wait so long (median) before they leave point to a slow page.
LONG_WAIT_MS = 10_000
SIGMAS = 4.0
UNEVEN = 0.3
# Dynos seen for at least this part of the longest time seen are compared.
_SAME_TIME = 0.95


def claims(analysis: Analysis) -> list[Claim]:
    """All minor claims but `few_errors`, which is made when no other claim names the errors."""
    found = [_clients(analysis), _exceptions(analysis), *_left_running(analysis)]
    return [
        *(claim for claim in found if claim is not None),
        *(
            claim
            for process_type in analysis.types.values()
            for claim in (*_slower(process_type, analysis), *_uneven(process_type))
        ),
    ]


def _clients(analysis: Analysis) -> Claim | None:
    """Requests that clients gave up or broke: never counted as server errors."""
    codes: dict[str, int] = {}
    sources = [dyno.facts.codes for dyno in analysis.dynos()] + [analysis.observations.facts.no_dyno_codes]
    for source in sources:
        for code, n in source.items():
            if code in CODES and CODES[code].kind == "client":
                codes[code] = codes.get(code, 0) + n
    n = sum(codes.values())
    requests = analysis.observations.facts.router_lines
    if not n:
        return None
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
    if middle is not None:
        details.append(f"Clients left after {middle / 1000:.1f} s (median): a slow page, rather than a failing dyno.")
    return Claim(
        kind="clients" if many else "few_clients",
        severity=severity,
        confidence="high" if many else "low",
        label="CLIENTS LEAVING" if "H27" in codes else "CLIENTS",
        summary=f"{count(n, 'request')} ended by the client ({codes_in_words(codes)})",
        details=tuple(details),
        not_claimed=("why the clients left",),
        actions=(
            suggestion(
                "look at the slowest pages: people leave before the router gives up "
                f"after {REQUEST_TIMEOUT_SECONDS} s (H12)"
            ),
        )
        if many
        else (),
        evidence=tuple(
            sorted((line for dyno in analysis.dynos() for line in dyno.facts.evidence.of(*codes)), reverse=True)[:2]
        ),
        runbook=top_code(codes),
    )


def _slower(process_type: TypeAnalysis, analysis: Analysis) -> list[Claim]:
    found = []
    for dyno in process_type.dynos:
        slow = dyno.slowness
        if dyno.over or not dyno.in_focus:
            continue
        if not slow.slower or slow.own_ms is None or slow.peers_ms is None or slow.buckets is None:
            continue
        found.append(
            Claim(
                kind="latency_outlier",
                severity="warning",
                confidence="medium",
                label="SLOWER",
                summary=f"{named(dyno.incarnation)} is slower than its peers: median {milliseconds(slow.own_ms)}, "
                f"theirs {milliseconds(slow.peers_ms)}",
                details=(f"In {slow.buckets[0]} of {slow.buckets[1]} spans compared.",),
                not_claimed=(f"why {dyno.name} is slower",),
                actions=listen("see whether it lasts", 10, analysis),
                dyno=dyno.name,
                dyno_id=dyno.id,
            )
        )
    return found


def _uneven(process_type: TypeAnalysis) -> list[Claim]:
    """Dynos with far more or fewer requests than the others.

    Heroku routes at random, so shares are binomial. An uneven share is beyond four standard deviations and 30 %. Only
    dynos that were seen for the same time are compared.
    """
    whole = [dyno for dyno in process_type.dynos if not dyno.over and dyno.facts.requests >= MIN_REQUESTS]
    spans = [dyno.subject.end - dyno.subject.start for dyno in whole]
    if len(whole) < max(2, len(process_type.running)) or min(spans) < _SAME_TIME * max(spans):
        return []
    total = sum(dyno.facts.requests for dyno in whole)
    expected = total / len(whole)
    sigma = sqrt(expected * (1 - 1 / len(whole)))
    return [
        Claim(
            kind="share_imbalance",
            severity="info",
            confidence="medium",
            label="UNEVEN SHARE",
            summary=f"{named(dyno.incarnation)} served {count(dyno.facts.requests)} of {count(total)} requests "
            f"({share(dyno.facts.requests, total)}; an even share is {share(1, len(whole))})",
            details=("Routing is random: session affinity or a busy dyno can bend it.",),
            dyno=dyno.name,
            dyno_id=dyno.id,
        )
        for dyno in whole
        if abs(dyno.facts.requests - expected) > SIGMAS * sigma
        and abs(dyno.facts.requests / expected - 1) > UNEVEN
        and dyno.in_focus
    ]


def _exceptions(analysis: Analysis) -> Claim | None:
    """Tracebacks the app printed, by class: no verdict, but where to look."""
    exceptions = Tally(50)
    for dyno in analysis.dynos():
        exceptions.update(dyno.facts.exceptions)
    exceptions.counts.pop(STOPPED, None)
    if not exceptions.total:
        return None
    top = ", ".join(f"{'without a name' if name == UNNAMED else name} x{n}" for name, n in exceptions.top(3))
    last = last_exception(analysis.dynos())
    holder = max(analysis.dynos(), key=lambda dyno: (dyno.facts.exceptions.total, dyno.name))
    rate = holder.facts.exceptions.total / exceptions.total
    where = f"; {percent(rate)} on {named(holder.incarnation)}" if len(analysis.dynos()) > 1 else ""
    return Claim(
        kind="exceptions",
        severity="info",
        confidence="low",
        label="EXCEPTIONS",
        summary=f"the app printed {count(exceptions.total, 'exception')}: {top}{where}"
        + (f"; the last, at {at_clock(last.seconds, analysis)}: {exception_shown(last)}" if last else ""),
        evidence=tuple(
            sorted((line for dyno in analysis.dynos() for line in dyno.facts.evidence.of("exception")), reverse=True)[
                :2
            ]
        ),
    )


def _left_running(analysis: Analysis) -> list[Claim]:
    """One-off dynos that run on after their terminal closed (R16). Nobody reads them, and they are billed."""
    return [
        Claim(
            kind="left_running",
            severity="info",
            confidence="high",
            label="LEFT RUNNING",
            summary=f"{named(dyno.incarnation)} runs on without its terminal (R16), and is billed",
            not_claimed=("whether it is meant to run on",),
            actions=(
                Action(
                    rank=0,
                    argv=("herodyno", "stop", dyno.name, *on_app(analysis)),
                    text="if nobody needs it",
                    effect=f"SIGTERM, then SIGKILL after {EXIT_TIMEOUT_SECONDS} s; "
                    "a stopped one-off dyno does not come back",
                    risk="what it was doing is lost",
                    undo="none",
                    mutates=True,
                    dyno_id=dyno.id,
                ),
            ),
            dyno=dyno.name,
            dyno_id=dyno.id,
            evidence=tuple(dyno.facts.evidence.of("R16")[:1]),
            runbook="R16",
        )
        for dyno in analysis.one_offs
        if "R16" in dyno.facts.codes and not dyno.over and dyno.in_focus
    ]


def few_errors(process_type: TypeAnalysis) -> Claim:
    """Errors too few, or too thinly spread, to accuse anything."""
    errors, requests = process_type.errors, process_type.requests
    return Claim(
        kind="few_errors",
        severity="info",
        confidence="low",
        label="SOME ERRORS",
        summary=f"{count(errors, 'server error')} in {count(requests)} {process_type.name} requests "
        f"({codes_in_words(process_type.by_code)}; {one_in(errors / requests)}), no dyno stands out",
        evidence=tuple(error_lines(process_type.dynos)[:3]),
        runbook=top_code(process_type.by_code),
    )
