"""The end of a report: what changed, the lines that prove it, how much was seen and what would change it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import tzinfo
from itertools import groupby

from herodyno.diagnosis.report.report import ApiUse, Change, Coverage, Diagnosis, Evidence
from herodyno.dynos import natural_order
from herodyno.render.clean import clean
from herodyno.render.paragraphs import GUTTER, beside, folded, section
from herodyno.render.text import Line, cut, line
from herodyno.units import clock, count, spoken_duration

MOST_CHANGES = 12
LINES_PER_FINDING = 3
MOST_EVIDENCE = 9

# The time a log line begins with; the report shows it in local time instead.
_STAMP = re.compile(r"^(?:<\d+>1 )?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*\s+")
_FIELD = re.compile(r'(\w+)=("[^"]*"|\S+)')
_ESSENCE = ("code", "status", "dyno", "service", "path", "request_id")
_SAMPLE = re.compile(r"sample#memory_((?:total|swap|quota)=\S+)")
_TRACEBACK = "Traceback (most recent call last): "


def changed_section(diagnosis: Diagnosis, width: int | None, zone: tzinfo) -> list[Line]:
    """Releases, restarts, scaling and the like, oldest first."""
    changes = _together(sorted(diagnosis.changes, key=lambda change: change.at))
    body: list[Line] = []
    if len(changes) > MOST_CHANGES:
        body.append(line(f"{len(changes) - MOST_CHANGES} earlier ones: --json", "quiet"))
    for change in changes[-MOST_CHANGES:]:
        when = clock(change.at, zone, today=diagnosis.generated_at)
        parts = folded(change.text + _before_after(change), width, GUTTER + len(when) + 2)
        body += [line((when if i == 0 else " " * len(when)) + "  " + part) for i, part in enumerate(parts)]
    return beside("CHANGED", body)


def _together(changes: list[Change]) -> list[Change]:
    """A release ends every dyno within seconds: three or more that say the same in turn become one."""
    told: list[Change] = []
    for said, group in groupby(changes, key=_said):
        same = list(group)
        if not said or len(same) < 3:
            told += same
            continue
        names = ", ".join(sorted({change.dyno for change in same}, key=natural_order))
        seconds = (same[-1].at - same[0].at).total_seconds()
        span = f"; {len(same)} within {seconds:.0f} s" if seconds >= 1 else ""
        text = f"{names} {said.replace('was ', 'were ', 1)}{span}"
        told.append(replace(same[0], text=text, dyno=""))
    return told


def _said(change: Change) -> str:
    """What a change says of its dyno, the dyno's name and id left out; "" when it speaks of none."""
    return change.text.partition(") ")[2] if change.dyno and change.text.startswith(f"{change.dyno} (") else ""


def also_section(diagnosis: Diagnosis, width: int | None) -> list[Line]:
    """What else was found, beside the verdict."""
    marks = {"critical": "!!", "warning": "!", "info": "·"}
    others = [finding for finding in diagnosis.findings if finding.sentence != diagnosis.verdict.summary]
    sentences = [f"{marks[finding.severity]} {finding.sentence}" for finding in others]
    return section("ALSO", sentences, width)


def evidence_section(diagnosis: Diagnosis, width: int | None, zone: tzinfo) -> list[Line]:
    """A few real lines for each finding, each line once."""
    seen: set[int] = set()
    body: list[Line] = []
    for finding in diagnosis.findings:
        for evidence in [it for it in finding.evidence if it.line_no not in seen][:LINES_PER_FINDING]:
            seen.add(evidence.line_no)
            body.append(_evidence_line(evidence, diagnosis, width, zone))
    return beside("EVIDENCE", body[:MOST_EVIDENCE])


def seen_section(diagnosis: Diagnosis, width: int | None, zone: tzinfo) -> list[Line]:
    """How much log this is, what is missing from it, what would change the verdict, where to read on."""
    coverage = diagnosis.coverage
    sentences = [_window(coverage, diagnosis, zone), _missing(coverage), *coverage.notes]
    if coverage.would_change:
        sentences.append(f"Would change this verdict: {'; '.join(coverage.would_change)}.")
    sentences += [f"{limit[:1].upper()}{limit[1:]}." for limit in diagnosis.limits]
    if diagnosis.api.calls:
        sentences.append(_api_use(diagnosis.api))
    codes = sorted({code for it in diagnosis.incarnations for code, _ in it.errors.by_code if code[:1] in "HR"})
    sentences.append("More: --json" + (f" · herodyno explain {codes[0]}" if codes else ""))
    return section("SEEN", sentences, width)


def _api_use(api: ApiUse) -> str:
    left = api.rate_limit_remaining
    budget = "" if left is None else f"; {count(left)} left in the account's budget"
    return f"{count(api.calls)} API calls made{budget}."


def _before_after(change: Change) -> str:
    if change.before is None or change.after is None:
        return ""
    return f" ({_of(change.before)} before, {_of(change.after)} after)"


def _of(pair: tuple[int, int]) -> str:
    return f"{count(pair[0])} of {count(pair[1])} failed"


def _evidence_line(evidence: Evidence, diagnosis: Diagnosis, width: int | None, zone: tzinfo) -> Line:
    when = f"{clock(evidence.at, zone, today=diagnosis.generated_at)}  " if evidence.at else ""
    text = clean(_STAMP.sub("", evidence.line) if evidence.at else evidence.line)
    if width is None:
        return line(when + text)
    room = width - GUTTER - len(when)
    return line(when + cut(text if len(text) <= room else _essence(text), room))


def _essence(text: str) -> str:
    """The fields of a router or memory line that tell most, in that order; any other line as it is."""
    head, _, rest = text.partition("]: ")
    if head.endswith("[router"):
        fields = dict(_FIELD.findall(rest))
        told = [key for key in _ESSENCE if fields.get(key) and not (key == "status" and "code" in fields)]
        return "router " + " ".join(f"{key}={fields[key].strip(chr(34))}" for key in told)
    if samples := _SAMPLE.findall(rest):
        return f"{head.rpartition('[')[2]} memory_{' '.join(samples)}"
    return text.replace(_TRACEBACK, "")


def _window(coverage: Coverage, diagnosis: Diagnosis, zone: tzinfo) -> str:
    lines = f"{count(coverage.lines)} lines"
    if coverage.start is None or coverage.end is None:
        return f"{lines}, none with a time"
    now = diagnosis.generated_at
    span = f"{clock(coverage.start, zone, today=now)}-{clock(coverage.end, zone, today=now)}"
    full = ", buffer full: older lines are gone" if coverage.cap_reached else ""
    return f"{lines} = {spoken_duration(coverage.seconds)} ({span}){full}"


def _missing(coverage: Coverage) -> str:
    parts = [f"{count(coverage.lost_lines)} lines reported lost"]
    sampled, known = coverage.dynos_sampled
    if known:
        parts.append(f"memory seen of {sampled} of {known} dynos")
    if coverage.ambiguous_requests:
        parts.append(f"{count(coverage.ambiguous_requests)} requests near a restart left out")
    if coverage.unread_lines:
        parts.append(f"{count(coverage.unread_lines)} lines not read")
    if coverage.router_share_suspect:
        parts.append("router lines look filtered, so no rates")
    return "; ".join(parts)
