"""Minor claims, which accuse no dyno of errors: slower dynos, uneven shares, exceptions, forgotten one-off dynos."""

from __future__ import annotations

from collections import Counter
from math import sqrt

from herodyno.diagnosis.analysis import Analysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, at_clock, error_lines, on_app, top_code
from herodyno.diagnosis.claims.dynos.silent import fell_silent
from herodyno.diagnosis.claims.loss import listen
from herodyno.diagnosis.claims.over import last_seen
from herodyno.diagnosis.claims.printed import exception_shown, last_exception, raised_by_the_app
from herodyno.diagnosis.counting.raised import STOPPED, UNNAMED
from herodyno.diagnosis.counting.tallies import MOST_NAMES
from herodyno.diagnosis.report.phrases import codes_in_words, named, one_in
from herodyno.diagnosis.report.report import Action
from herodyno.diagnosis.statistics.outliers import MIN_REQUESTS
from herodyno.diagnosis.statistics.tense import Tense
from herodyno.heroku_facts import EXIT_TIMEOUT_SECONDS
from herodyno.units import count, milliseconds

SIGMAS = 4.0
UNEVEN = 0.3
# Dynos seen for at least this part of the longest time seen are compared.
_SAME_TIME = 0.95


def claims(analysis: Analysis) -> list[Claim]:
    """All minor claims but `few_errors`, which is made when no other claim names the errors."""
    found = [_exceptions(analysis), *_left_running(analysis)]
    return [
        *(claim for claim in found if claim is not None),
        *(
            claim
            for process_type in analysis.types.values()
            for claim in (*_slower(process_type, analysis), *_uneven(process_type, analysis))
        ),
    ]


def _slower(process_type: TypeAnalysis, analysis: Analysis) -> list[Claim]:
    found = []
    for dyno in process_type.dynos:
        slow = dyno.slowness
        if dyno.over or not dyno.in_focus:
            continue
        if not slow.slower or slow.own_ms is None or slow.peers_ms is None or slow.buckets is None:
            continue
        be = "was" if slow.tense.ongoing is False else "is"
        found.append(
            Claim(
                kind="latency_outlier",
                severity="warning",
                confidence="medium",
                label="SLOWER",
                summary=f"{named(dyno.incarnation)} {be} slower than its peers: median "
                f"{milliseconds(slow.own_ms)}, theirs {milliseconds(slow.peers_ms)}"
                + last_seen(slow.tense, analysis, "slow span"),
                details=(f"In {slow.buckets[0]} of {slow.buckets[1]} spans compared.",),
                not_claimed=(f"why {dyno.name} {be} slower",),
                actions=listen("see whether it lasts", 10, analysis),
                dyno=dyno.name,
                dyno_id=dyno.id,
                tense=slow.tense,
            )
        )
    return found


def _uneven(process_type: TypeAnalysis, analysis: Analysis) -> list[Claim]:
    """Dynos with far more or fewer requests than the others.

    Heroku routes at random, so shares are binomial. An uneven share is beyond four standard deviations and 30 %. Only
    dynos that were seen for the same time are compared.
    """
    whole = [dyno for dyno in process_type.dynos if not dyno.over and dyno.facts.requests >= MIN_REQUESTS]
    if any(fell_silent(dyno, analysis) for dyno in whole):
        return []
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
            summary=f"{named(dyno.incarnation)} served {count(dyno.facts.requests, 'request')}; even shares of those "
            f"that ran all the time are {count(round(expected))} each",
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
    raised = raised_by_the_app(analysis)
    kinds = sum((each.by_kind.counts for each in raised), Counter[str]())
    n = sum(each.by_kind.total for each in raised) - kinds.pop(STOPPED, 0)
    if not n:
        return None
    if all(each.by_kind.is_whole for each in raised):
        most = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))[:3]
        of = ": " + ", ".join(f"{'without a name' if name == UNNAMED else name} x{times}" for name, times in most)
    else:
        of = f" of more than {2 * MOST_NAMES} classes"
    last = last_exception(raised)
    lines = sorted((line for dyno in analysis.dynos() for line in dyno.facts.evidence.of("exception")), reverse=True)
    return Claim(
        kind="exceptions",
        severity="info",
        confidence="low",
        label="EXCEPTIONS",
        summary=f"the app printed {count(n, 'exception')}{of}{_mostly_on(analysis)}"
        + (f"; the last, at {at_clock(last.seconds, analysis)}: {exception_shown(last)}" if last else ""),
        evidence=tuple(lines[:2]),
    )


def _mostly_on(analysis: Analysis) -> str:
    """The dyno with the most of these exceptions, where there is more than one name."""
    raised = {dyno.key: dyno.facts.exceptions.total - dyno.facts.exceptions[STOPPED] for dyno in analysis.dynos()}
    if len({name for name, _ in raised}) < 2:
        return ""
    holder = max(analysis.dynos(), key=lambda dyno: (raised[dyno.key], dyno.name))
    return f"; {count(raised[holder.key])} of them on {named(holder.incarnation)}"


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
            tense=Tense(True),
        )
        for dyno in analysis.one_offs
        if "R16" in dyno.facts.codes and not dyno.over and dyno.in_focus
    ]


def few_errors(process_type: TypeAnalysis) -> Claim:
    """Errors too few, or too thinly spread, to accuse anything."""
    errors, requests = process_type.errors, process_type.requests
    stands = "stood" if process_type.tense.ongoing is False else "stands"
    only = process_type.names[0] if len(process_type.names) == 1 else ""
    where = f"{'all ' if errors > 1 else ''}on {only}, which has no peer here" if only else f"no dyno {stands} out"
    return Claim(
        kind="few_errors",
        severity="info",
        confidence="low",
        label="SOME ERRORS",
        summary=f"{count(errors, 'server error')} in {count(requests, f'{process_type.name} request')} "
        f"({codes_in_words(process_type.by_code)}; {one_in(errors / requests)}), {where}",
        evidence=tuple(error_lines(process_type.dynos)[:3]),
        runbook=top_code(process_type.by_code),
        tense=process_type.tense,
    )
