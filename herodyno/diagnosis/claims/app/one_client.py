"""One client sends nearly all requests that fail, on every dyno: a retry storm, or one caller's broken request.

The others' requests are fine, so it is neither a dyno nor the whole app. Ten dynos that fail for one client are no
outage.
"""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.app.rules import MIN_RATE
from herodyno.diagnosis.claims.claim import Claim, error_lines, on_app, suggestion, top_code
from herodyno.diagnosis.claims.in_common import client_shown, common_to_failures, sentence
from herodyno.diagnosis.claims.over import errors_since, last_seen
from herodyno.diagnosis.report.phrases import codes_in_words, interval
from herodyno.diagnosis.statistics.in_common import InCommon
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.diagnosis.statistics.tense import NEVER_FAILED
from herodyno.units import count, percent, share

MIN_FAILED = 10
# The client's share of the failed requests is above its share of the others by at least this.
MIN_DIFFERENCE = 0.4
# Claims that a client explains. A dyno that fails more than the others does so for any client.
EXPLAINED = frozenset({"whole_app", "single_dyno"})


def claims(analysis: Analysis) -> list[Claim]:
    """At most one claim."""
    common = common_to_failures(analysis)
    client, requests = common.client, analysis.observations.facts.router_lines
    if client is None or client.n < MIN_FAILED or client.of / requests < MIN_RATE:
        return []
    if analysis.observations.facts.no_dyno.n * 2 > client.of:
        return []  # nobody was there to serve any client
    if client.n / client.of - client.good / client.good_of < MIN_DIFFERENCE:
        return []
    return [_claim(common, analysis)]


def explains(claim: Claim) -> bool:
    """Whether a claim says of every dyno that one client's requests fail."""
    return claim.kind == "one_client_or_path" and not claim.dyno


def _claim(common: InCommon, analysis: Analysis) -> Claim:
    client = common.client
    assert client is not None
    shown = client_shown(client.value)
    own, others = client.n + client.good, client.of - client.n + client.good_of - client.good
    others_failed = client.of - client.n
    # Of so many clients the good requests of one are known as a bound from above.
    most, least = ("at most ", "at least ") if client.is_most else ("", "")
    by_code = dict(analysis.observations.facts.no_dyno.by_code)
    for process_type in analysis.types.values():
        for code, n in process_type.by_code.items():
            by_code[code] = by_code.get(code, 0) + n
    touched = {dyno.name for dyno in analysis.dynos() if dyno.facts.errors.clients[client.value]}
    tense = analysis.types["web"].tense if "web" in analysis.types else NEVER_FAILED
    is_over = tense.ongoing is False
    said = sentence(common, is_over=is_over)
    is_sure = wilson(client.n, own)[0] > wilson(others_failed, others)[1] and client.n >= 2 * MIN_FAILED
    return Claim(
        kind="one_client_or_path",
        severity="warning",
        confidence="high" if is_sure else "medium",
        label="ONE CLIENT",
        summary=f"{count(client.n)} of {count(client.of, 'failed request')} {'came' if is_over else 'come'} "
        f"from one client, {shown}; of the others' {least}{count(others)} requests {count(others_failed)} failed "
        f"({interval(others_failed, others)}){last_seen(tense, analysis)}",
        details=(
            f"{count(client.n)} of its {most}{count(own)} requests {'failed' if is_over else 'fail'} "
            f"({least}{percent(client.n / own)}), on {count(len(touched), 'dyno')}: {codes_in_words(by_code)}. "
            f"It {'sent' if is_over else 'sends'} "
            f"{most}{share(own, own + others)} of all requests.",
            *([f"{said[:1].upper()}{said[1:]}."] if said else []),
            *errors_since(tense, analysis),
        ),
        not_claimed=("whether the client asks for what it should not, or the app fails what it should serve",),
        actions=(
            suggestion(
                f"find what {shown} asks for",
                "herodyno", "logs", "--stats", "count by fwd,method,path,code,status", *on_app(analysis),
                effect="shows the address in full, and its requests",
            ),
            suggestion("slow it down: answer 429 with Retry-After, or block it, until it asks for something else"),
            suggestion("not useful: restarting dynos (the others' requests are served)"),
        ),
        evidence=tuple(error_lines(analysis.dynos())[:3]),
        runbook=top_code(by_code),
        tense=tense,
    )  # fmt: skip
