"""The ALSO section: what else was found, beside the verdict. What is the same of several dynos is said once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from herodyno.diagnosis.report.phrases import listed
from herodyno.diagnosis.report.report import Diagnosis, Finding, Severity
from herodyno.dynos import natural_order, short_id
from herodyno.render.paragraphs import section
from herodyno.render.text import Line

MARKS: dict[Severity, str] = {"critical": "!!", "warning": "!", "info": "·"}
# So many sentences that differ in the dyno and in numbers only are one.
ALIKE = 3
# Names of dynos, ids, and numbers.
_OWN = re.compile(r"\b[\w-]+\.\d+\b|\([0-9a-f]{8}\)|\(id unknown\)|\d[\d,.:]*")


def also_section(diagnosis: Diagnosis, width: int | None) -> list[Line]:
    """The findings that the verdict does not tell, in their order."""
    others = [finding for finding in diagnosis.findings if finding.sentence != diagnosis.verdict.summary]
    ordered = sorted(others, key=lambda finding: _order(finding, others))
    sentences: list[str] = []
    for _, group in groupby(ordered, key=_shape):
        sentences += _together(list(group))
    return section("ALSO", sentences, width)


def _shape(finding: Finding) -> tuple[str, str, str]:
    return (finding.kind, finding.severity, _OWN.sub("#", finding.sentence))


def _order(finding: Finding, others: Sequence[Finding]) -> int:
    """The place of the first finding of the same shape."""
    return next(place for place, other in enumerate(others) if _shape(other) == _shape(finding))


def _together(same: Sequence[Finding]) -> list[str]:
    sentences = [f"{MARKS[finding.severity]} {finding.sentence}" for finding in same]
    if len(same) < ALIKE or not all(finding.dyno for finding in same):
        return list(dict.fromkeys(sentences))
    rest = sorted(same[1:], key=lambda finding: natural_order(finding.dyno))
    names = [f"{finding.dyno} ({short_id(finding.dyno_id)})" if finding.dyno_id else finding.dyno for finding in rest]
    return [f"{sentences[0]}; much the same of {listed(names)}"]
