"""The verdict: of all claims that hold, the first by precedence; the others stay as findings. Reads facts only."""

from __future__ import annotations

from herodyno import __version__
from herodyno.diagnosis.analysis import Analysis, analyse
from herodyno.diagnosis.claims import crash, dynos, memory, no_dyno, whole_app
from herodyno.diagnosis.claims import minor as lesser
from herodyno.diagnosis.claims.claim import Claim, ranked
from herodyno.diagnosis.claims.fallback import fallback, few
from herodyno.diagnosis.claims.focus import concerns, nothing_on_it, others_that_stand_out
from herodyno.diagnosis.counting.bursts import GAP_SECONDS
from herodyno.diagnosis.counting.facts import EvidenceLine
from herodyno.diagnosis.observations import Observations
from herodyno.diagnosis.report.phrases import clock, codes_in_words, count, listed, moment, percent
from herodyno.diagnosis.report.redaction import redact, redact_path
from herodyno.diagnosis.report.report import (
    Action,
    ApiUse,
    AppFacts,
    Diagnosis,
    Evidence,
    Finding,
    Method,
    Severity,
    Unattributed,
    Verdict,
    VerdictClass,
)
from herodyno.diagnosis.sections.changes import changes
from herodyno.diagnosis.sections.coverage import coverage
from herodyno.diagnosis.sections.incarnations import incarnation_rows
from herodyno.diagnosis.statistics import outliers
from herodyno.diagnosis.statistics.shared_keys import shared_keys
from herodyno.diagnosis.timeline.incarnations import PREBOOT_SECONDS
from herodyno.logs.codes.table import CODES

# Which claim heads the report when several hold (diagnosis specification 4.9). Crashes of some dynos of a
# type come after the whole app, before memory: users see errors first.
PRECEDENCE: tuple[VerdictClass, ...] = (
    "one_dyno", "some_dynos", "whole_app", "single_dyno", "crash", "memory", "scaled_to_zero", "no_dyno_named",
    "one_client_or_path", "clients",
)  # fmt: skip
_SPEAKS_OF_ERRORS = frozenset({"one_dyno", "some_dynos", "whole_app", "single_dyno", "one_client_or_path"})
_SEVERITY = {"critical": 0, "warning": 1, "info": 2}
EXIT_CODES: dict[Severity, int] = {"critical": 20, "warning": 10, "info": 0}
NOT_ENOUGH_DATA = 30


def exit_code(diagnosis: Diagnosis) -> int:
    """0 nothing found · 10 warning · 20 critical · 30 not enough data."""
    if diagnosis.verdict.kind == "not_enough_data":
        return NOT_ENOUGH_DATA
    return EXIT_CODES[diagnosis.verdict.severity]


def reach_verdict(observations: Observations) -> Diagnosis:
    """Reach the verdict of a case. The same case gives the same answer, to the byte."""
    numbers = analyse(observations)
    claims = [claim for kind in (crash, dynos, whole_app, memory, no_dyno, lesser) for claim in kind.claims(numbers)]
    focused = bool(observations.scope.focus)
    if focused:
        claims = [claim for claim in claims if concerns(claim)]
    claims.sort(key=_rank)
    heads = [claim for claim in claims if crash.all_down(claim) or claim.kind in PRECEDENCE]
    head = heads[0] if heads else nothing_on_it(numbers) if focused else fallback(numbers)
    if not focused and head.kind != "not_enough_data" and not any(claim.kind in _SPEAKS_OF_ERRORS for claim in claims):
        claims += few(numbers)
    others = [claim for claim in claims if claim is not head]
    shown = head
    if not heads and head.kind == "nothing_found" and others and others[0].severity != "info":
        shown = others.pop(0)  # a slower dyno, and the like: no class of its own, but no calm headline either
        others.insert(0, head)
    weighs = [claim for claim in others if _adds_to(head, claim, is_calm=not heads and head.kind == "nothing_found")]
    severity = min((claim.severity for claim in [shown, *weighs]), key=_SEVERITY.__getitem__)
    return Diagnosis(
        generated_at=observations.at,
        app=AppFacts(
            name=observations.app.name,
            id=observations.app.id,
            generation=observations.app.generation,
            headline=tuple(_headline(numbers)),
        ),
        verdict=Verdict(
            kind=_verdict_class(head),
            severity=severity,
            confidence=shown.confidence,
            label=shown.label,
            summary=shown.summary,
            details=shown.details,
            not_claimed=shown.not_claimed,
            replaced=shown.replaced,
        ),
        actions=ranked(shown.actions or _first_action(others)),
        incarnations=incarnation_rows(numbers),
        unattributed=Unattributed(
            errors=observations.facts.no_dyno.n, by_code=tuple(sorted(observations.facts.no_dyno.by_code.items()))
        ),
        changes=changes(numbers),
        findings=tuple(_finding(i, claim) for i, claim in enumerate([shown, *others], 1)),
        coverage=coverage(numbers, head),
        limits=tuple(_limits(numbers)),
        method=Method(
            alpha=outliers.ALPHA,
            correction="holm",
            burst_gap_s=int(GAP_SECONDS),
            min_requests=outliers.MIN_REQUESTS,
            min_peer_requests=outliers.MIN_PEER_REQUESTS,
            tool_version=__version__,
        ),
        api=ApiUse(calls=observations.api_calls, rate_limit_remaining=observations.rate_limit_remaining),
        shared=tuple(_shared(numbers)),
    )


def _adds_to(head: Claim, other: Claim, *, is_calm: bool) -> bool:
    """Whether a lesser claim can make the verdict graver: any when nothing heads it, else trouble of the same dyno."""
    return is_calm or (not head.replaced and bool(head.dyno) and other.dyno == head.dyno and other.kind == "memory")


def _rank(claim: Claim) -> tuple[int, int, str, str]:
    place = PRECEDENCE.index(claim.kind) if claim.kind in PRECEDENCE else len(PRECEDENCE)
    return (-1 if crash.all_down(claim) else place, _SEVERITY[claim.severity], claim.dyno, claim.summary)


def _verdict_class(claim: Claim) -> VerdictClass:
    for kind in (*PRECEDENCE, "nothing_found", "not_enough_data"):
        if claim.kind == kind:
            return kind
    raise AssertionError(claim.kind)


def _first_action(others: list[Claim]) -> tuple[Action, ...]:
    return next((claim.actions for claim in others if claim.actions), ())


def _finding(number: int, claim: Claim) -> Finding:
    code = CODES.get(claim.runbook)
    return Finding(
        id=f"F{number}",
        kind=claim.kind,
        severity=claim.severity,
        confidence=claim.confidence,
        sentence=claim.summary,
        dyno=claim.dyno,
        dyno_id=claim.dyno_id,
        evidence=tuple(_evidence(line) for line in claim.evidence),
        runbook=code.url if code else "",
    )


def _evidence(line: EvidenceLine) -> Evidence:
    return Evidence(at=moment(line.seconds), line=redact(line.raw[:2000]), line_no=line.number)


def _headline(numbers: Analysis) -> list[str]:
    """A line for each process type: "web: 4 x Standard-1X, release v412 (all dynos on it)"."""
    told = []
    for kind in numbers.types.values():
        running = {dyno.incarnation.dyno: dyno.incarnation for dyno in kind.running}
        sizes = sorted({dyno.size for dyno in running.values() if dyno.size})
        releases = sorted({dyno.release for dyno in running.values() if dyno.release is not None})
        size = f" x {listed(sizes)}" if sizes else ""
        release = ""
        if len(releases) == 1:
            when = _deployed(releases[0], numbers.observations)
            release = f", release v{releases[0]} ({f'{when}; all on it' if when else 'all dynos on it'})"
        elif releases:
            behind = [dyno.dyno for dyno in running.values() if dyno.release != releases[-1]]
            release = f", release v{releases[-1]} (not yet on {listed(sorted(behind))})"
        told.append(f"{kind.name}: {len(running) or 'none running'}{size}{release}")
    return told


def _deployed(version: int, observations: Observations) -> str:
    """ "deployed Sat 21:05, 30 h ago", or nothing when the API did not tell."""
    at = next((r.created_at for r in observations.releases if r.version == version and r.created_at is not None), None)
    if at is None:
        return ""
    when = clock(at.timestamp(), observations.zone, near=observations.at.timestamp())
    return f"deployed {when}, {_ago((observations.at - at).total_seconds())} ago"


def _ago(seconds: float) -> str:
    minutes = max(0, round(seconds / 60))
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} d"


def _may_share_a_name(numbers: Analysis) -> list[str]:
    """Accused web dynos so young when the log begins that with preboot a forerunner may serve, unseen by the API."""
    begins = numbers.observations.start
    accused = (dyno.incarnation for kind in numbers.types.values() for dyno in kind.outliers)
    return [
        dyno.dyno
        for dyno in accused
        if dyno.type == "web" and dyno.start is not None and 0 < begins - dyno.start < PREBOOT_SECONDS
    ]


def _limits(numbers: Analysis) -> list[str]:
    observations = numbers.observations
    limits = ["router lines name no dyno id; attributed by name and time"]
    if observations.source.cap is not None:
        limits.append(f"a log session holds at most {observations.source.cap:,} lines; older ones are gone")
    if young := _may_share_a_name(numbers):
        limits.append(
            f"{listed(young)} began shortly before this log: with preboot, some of it may be an old dyno's of its name"
        )
    if observations.dynos is None:
        limits.append("no list of dynos was given: ids are known from runtime metrics only")
    if any(dyno.trend.kind == "not_assessed" and dyno.facts.memory.n for dyno in numbers.dynos()):
        limits.append("memory trends need 90 minutes of one dyno's samples")
    if unknown := _unknown_codes(numbers):
        limits.append(f"codes that herodyno does not know are in no count: {unknown}")
    limits += [*observations.scope.sentences, *observations.remarks]
    if observations.scope.focus and (others := others_that_stand_out(numbers)):
        limits.append(others)
    return limits


def _unknown_codes(numbers: Analysis) -> str:
    codes: dict[str, int] = {}
    for seen in (numbers.observations.facts.no_dyno_codes, *(dyno.facts.codes for dyno in numbers.dynos())):
        for code, n in seen.items():
            if code not in CODES:
                codes[code] = codes.get(code, 0) + n
    return codes_in_words(codes)


def _shared(numbers: Analysis) -> list[tuple[str, str]]:
    found = []
    for item in shared_keys(numbers.observations.facts.shared):
        value = redact_path(item.value) if item.key == "path" else redact(item.value)
        good = f"{item.good:,} of {count(item.good_total, 'other')}" if item.good_total else "no other request seen"
        found.append(
            (
                item.key,
                f"{item.key} {value}: {item.bad} of {item.bad_total} failed requests "
                f"({percent(item.bad / item.bad_total)}), {good}",
            )
        )
    return found
