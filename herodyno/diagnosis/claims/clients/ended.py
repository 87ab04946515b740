"""Requests that are the client's affair: given up or broken (H27 and its kind), or on a connection nobody used (H15).

They are never counted as server errors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis
from herodyno.diagnosis.claims.claim import Claim, from_table, suggestion, top_code
from herodyno.diagnosis.claims.over import last_seen
from herodyno.diagnosis.claims.restart import restart_one
from herodyno.diagnosis.counting.tallies import Tally
from herodyno.diagnosis.report.phrases import codes_in_words, named
from herodyno.diagnosis.report.redaction import redact_path
from herodyno.diagnosis.report.report import Action, Severity
from herodyno.diagnosis.statistics.latency.slowness import percentile
from herodyno.diagnosis.statistics.outliers import MIN_RATIO
from herodyno.diagnosis.statistics.rates import rate_ratio
from herodyno.diagnosis.statistics.unnamed_tense import client_tense
from herodyno.heroku_facts import REQUEST_TIMEOUT_SECONDS
from herodyno.logs.codes.table import CODES
from herodyno.units import count, share

MIN_CLIENTS = 20
MIN_CLIENT_RATE = 0.02
# Clients that wait so long (median) before they leave point to a slow page.
LONG_WAIT_MS = 10_000
# The codes of requests that the client itself ended.
_ENDED = frozenset({"H27", "H28", "H33"})


def claims(analysis: Analysis) -> list[Claim]:
    """Requests that clients ended, at most once. Others once a code."""
    codes = Counter[str]()
    for source in [dyno.facts.codes for dyno in analysis.dynos()] + [analysis.observations.facts.no_dyno_codes]:
        codes.update({code: n for code, n in source.items() if code in CODES and CODES[code].kind == "client"})
    ended = {code: n for code, n in codes.items() if code in _ENDED}
    others = [_other(code, n, analysis) for code, n in sorted(codes.items()) if code not in _ENDED]
    return [*_ended_by_clients(ended, analysis), *others]


def _other(code: str, n: int, analysis: Analysis) -> Claim:
    """What is neither a fault of the app nor the client's wish: a connection that nobody used, a broken request."""
    row, requests = CODES[code], analysis.observations.facts.router_lines
    many = n >= MIN_CLIENTS and n / requests >= MIN_CLIENT_RATE
    evidence = sorted((line for dyno in analysis.dynos() for line in dyno.facts.evidence.of(code)), reverse=True)
    newest = evidence[0].seconds if evidence else None
    tense = client_tense(analysis.observations.facts, n, newest, analysis.observations.present)
    return Claim(
        kind="clients" if many else "few_clients",
        severity="info",
        confidence="high" if many else "low",
        label=row.title.upper(),
        summary=f"{count(n)} of {count(requests, 'request')} {'was' if n == 1 else 'were'} ended with {code}"
        + (last_seen(tense, analysis, "one") if many else ""),
        details=(f"{code}: {row.meaning} {row.cause}", "They are not counted as server errors."),
        actions=tuple(from_table(step, analysis) for step in row.to_try) if many else (),
        evidence=tuple(evidence[:2]),
        runbook=code,
        tense=tense,
    )


def _ended_by_clients(codes: dict[str, int], analysis: Analysis) -> list[Claim]:
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
    only = _far_more_on(codes, analysis) if many else None
    is_long = middle is not None and middle >= LONG_WAIT_MS
    severity: Severity = "warning" if only or (many and is_long) else "info"
    touched = sum(1 for dyno in analysis.dynos() if any(code in dyno.facts.codes for code in codes))
    details = [
        f"{share(n, requests)} of {count(requests)} requests, on {count(touched, 'dyno')}.",
        "They are not counted as server errors.",
    ]
    evidence = sorted((line for dyno in analysis.dynos() for line in dyno.facts.evidence.of(*codes)), reverse=True)
    newest = evidence[0].seconds if evidence else None
    tense = client_tense(analysis.observations.facts, n, newest, analysis.observations.present)
    is_slow = only is not None and (is_long or only.slowness.slower)
    if middle is not None:
        slow = ": a slow dyno, rather than a slow page" if is_slow else ": a slow page, rather than a failing dyno"
        details.append(f"Clients left after {middle / 1000:.1f} s (median){slow if is_slow or not only else ''}.")
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
            + (_on_one(only, codes, analysis) if only else "")
            + (last_seen(tense, analysis, "one") if many else ""),
            details=tuple(details),
            not_claimed=("why the clients left",),
            actions=_actions(page, only, analysis, is_slow=is_slow) if many else (),
            dyno=only.name if only else "",
            dyno_id=only.id if only else None,
            evidence=tuple(evidence[:2]),
            runbook=top_code(codes),
            tense=tense,
        )
    ]


def _left_on(dyno: IncarnationAnalysis, codes: Iterable[str]) -> int:
    return sum(dyno.facts.codes[code] for code in codes)


def _far_more_on(codes: Iterable[str], analysis: Analysis) -> IncarnationAnalysis | None:
    """The dyno that clients leave three times as often as its peers, beyond doubt. None where there is none."""
    for process_type in analysis.types.values():
        if len(process_type.served) < 2:
            continue
        worst = max(process_type.dynos, key=lambda dyno: (_left_on(dyno, codes), dyno.key))
        own, left = worst.facts.requests, _left_on(worst, codes)
        others = [dyno for dyno in process_type.dynos if dyno is not worst]
        theirs, peers_left = (
            sum(dyno.facts.requests for dyno in others),
            sum(_left_on(dyno, codes) for dyno in others),
        )
        if left >= MIN_CLIENTS and rate_ratio(left, own, peers_left, theirs)[1] >= MIN_RATIO:
            return worst
    return None


def _on_one(dyno: IncarnationAnalysis, codes: Iterable[str], analysis: Analysis) -> str:
    of_type = analysis.types[dyno.incarnation.type]
    return (
        f", {count(_left_on(dyno, codes))} of them on {named(dyno.incarnation)}, "
        f"which has {share(dyno.facts.requests, of_type.requests)} of the requests"
    )


def _actions(page: str, only: IncarnationAnalysis | None, analysis: Analysis, *, is_slow: bool) -> tuple[Action, ...]:
    where = page or (f"what {only.name} waits for" if only else "the slowest pages")
    look = suggestion(
        f"look at {where}: people leave before the router gives up after {REQUEST_TIMEOUT_SECONDS} s (H12)"
    )
    if only is None or not is_slow or analysis.observations.is_replaced(only.incarnation):
        return (look,)
    return (look, restart_one(only, analysis.types[only.incarnation.type], analysis))


def _page_they_leave(analysis: Analysis) -> str:
    """ "/search (58 of 64)" when most clients that left (H27) had asked for one path, else ""."""
    left = Tally()
    for dyno in analysis.dynos():
        left.update(dyno.facts.left)
    for path, n in left.top(1):
        if n > 1 and n * 2 > left.total:
            return f"{redact_path(path)} ({n} of {left.total})"
    return ""
