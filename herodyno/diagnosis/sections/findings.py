"""The findings of a report: each claim with the lines that show it, and the page to read on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from herodyno.diagnosis.claims.claim import Claim
from herodyno.diagnosis.counting.facts import EvidenceLine
from herodyno.diagnosis.report.redaction import redact
from herodyno.diagnosis.report.report import Evidence, Finding
from herodyno.diagnosis.timeline.incarnations import moment
from herodyno.logs.codes.table import CODES

# A line longer than this is cut: the evidence is for people to read.
_LONGEST_LINE = 2000


def findings(claims: Iterable[Claim]) -> tuple[Finding, ...]:
    """One finding a claim, numbered F1, F2 and so on in the order given."""
    return tuple(_finding(number, claim) for number, claim in enumerate(claims, 1))


def ended_at(claim: Claim) -> datetime | None:
    """When what a claim says ended, None for what goes on or may."""
    seconds = claim.tense.ended_at
    return None if claim.tense.ongoing is not False or seconds is None else moment(seconds)


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
        ongoing=claim.tense.ongoing,
        ended_at=ended_at(claim),
        ended_with=claim.ended_with,
    )


def _evidence(line: EvidenceLine) -> Evidence:
    return Evidence(at=moment(line.seconds), line=redact(line.raw[:_LONGEST_LINE]), line_no=line.number)
