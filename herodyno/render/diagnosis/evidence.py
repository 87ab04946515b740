"""The EVIDENCE section: a few real lines of the log for each finding."""

from __future__ import annotations

import re
from datetime import tzinfo

from herodyno.diagnosis.report.report import Diagnosis, Evidence
from herodyno.render.clean import clean
from herodyno.render.logs.short_request import short_request
from herodyno.render.paragraphs import GUTTER, beside
from herodyno.render.text import Line, cut, line
from herodyno.units import clock

LINES_PER_FINDING = 3
MOST_EVIDENCE = 9

# The time a log line begins with; the report shows it in local time instead.
_STAMP = re.compile(r"^(?:<\d+>1 )?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*\s+")
# What other services write around a line; in the report a line begins with who says it, in Heroku's form.
_AROUND = re.compile(r'^(?!\w+\[).{0,200}?[\s,]"?(heroku|app)[/\[ ]([\w.-]+)\]?"?[:\s,]\s*(?:- ){0,2}')
_SAMPLE = re.compile(r"sample#memory_((?:total|swap|quota)=\S+)")
_TRACEBACK = "Traceback (most recent call last): "


def evidence_section(diagnosis: Diagnosis, width: int | None, zone: tzinfo) -> list[Line]:
    """A few real lines for each finding, each line once."""
    seen: set[int] = set()
    body: list[Line] = []
    for finding in diagnosis.findings:
        for evidence in [it for it in finding.evidence if it.line_no not in seen][:LINES_PER_FINDING]:
            seen.add(evidence.line_no)
            body.append(_evidence_line(evidence, diagnosis, width, zone))
    return beside("EVIDENCE", body[:MOST_EVIDENCE])


def _evidence_line(evidence: Evidence, diagnosis: Diagnosis, width: int | None, zone: tzinfo) -> Line:
    when = f"{clock(evidence.at, zone, today=diagnosis.generated_at)}  " if evidence.at else ""
    text = clean(_AROUND.sub(r"\1[\2]: ", _STAMP.sub("", evidence.line)) if evidence.at else evidence.line)
    if width is None:
        return line(when + text)
    room = width - GUTTER - len(when)
    return line(when + cut(text if len(text) <= room else _shortened(text), room))


def _shortened(text: str) -> str:
    """A router or memory line cut to the fields that matter most, the most important first. Other lines stay whole."""
    head, _, rest = text.partition("]: ")
    if head.endswith("[router"):
        return f"router {short_request(rest)}"
    if samples := _SAMPLE.findall(rest):
        return f"{head.rpartition('[')[2]} memory_{' '.join(samples)}"
    return text.replace(_TRACEBACK, "")
