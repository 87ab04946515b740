"""A Diagnosis as a person reads it at 3 a.m.: verdict, what to do, then the proof, then what was seen."""

from __future__ import annotations

import shlex
import textwrap
from datetime import UTC, tzinfo

from herodyno.diagnosis.report.report import Action, Diagnosis, Severity, Verdict
from herodyno.render.clean import clean
from herodyno.render.diagnosis.also import also_section
from herodyno.render.diagnosis.blame import blame_section
from herodyno.render.diagnosis.changes import changed_section
from herodyno.render.diagnosis.coverage import seen_section
from herodyno.render.diagnosis.evidence import evidence_section
from herodyno.render.diagnosis.memory_table import memory_section
from herodyno.render.diagnosis.only_here import only_here_section
from herodyno.render.paragraphs import GUTTER, beside, field, folded, section
from herodyno.render.text import Line, Role, Span, line
from herodyno.units import clock, date, zone_name, zone_of

MARKS: dict[Severity, tuple[str, Role]] = {
    "critical": ("!!", "critical"),
    "warning": ("!", "warning"),
    "info": ("·", ""),
}
UNDECIDED: tuple[str, Role] = ("?", "")
# Sentences are folded here at the latest; tables and log lines may use a wider terminal.
WIDEST_SENTENCE = 100


def diagnosis_lines(diagnosis: Diagnosis, *, width: int | None, utc: bool = False) -> list[Line]:
    """The whole report, an empty line between sections. `width` None folds and cuts nothing (a pipe)."""
    zone = zone_of(diagnosis.generated_at, utc=utc)
    readable = None if width is None else min(width, WIDEST_SENTENCE)
    sections = [
        _header(diagnosis, readable, zone),
        _verdict(diagnosis.verdict, readable),
        _actions(diagnosis, readable),
        only_here_section(diagnosis, width, zone),
        blame_section(diagnosis, width, zone),
        memory_section(diagnosis, width, zone),
        also_section(diagnosis, readable),
        *(section(each.heading, list(each.sentences), readable) for each in diagnosis.sections if each.heading),
        changed_section(diagnosis, readable, zone),
        evidence_section(diagnosis, width, zone),
        seen_section(diagnosis, readable, zone),
    ]
    lines: list[Line] = []
    for part in sections:
        if part:
            lines += [line(), *part] if lines else part
    return lines


def verdict_again(diagnosis: Diagnosis, *, width: int) -> list[Line]:
    """The verdict and what to type once more, for a report whose beginning has left the screen."""
    mark, role = mark_of(diagnosis.verdict)
    width = min(width, WIDEST_SENTENCE)
    lines = [line(part, role) for part in folded(f"verdict, from above: {diagnosis.verdict.summary}", width, 3)]
    first = diagnosis.actions[0] if diagnosis.actions else None
    if first and (command := clean(shlex.join(first.argv))):
        lines.append(line(command, "heading"))  # never folded, so that it can be copied
    elif first:
        lines += [line(part) for part in folded(first.text, width, 3)]
    return [line(), *((Span(f"{'' if i else mark:<3}", role), *part) for i, part in enumerate(lines))]


def mark_of(verdict: Verdict) -> tuple[str, Role]:
    """The sign of a verdict and what it means: "!!", "!", "·", or "?" for one that could not be reached."""
    return UNDECIDED if verdict.kind == "not_enough_data" else MARKS[verdict.severity]


def title_of(diagnosis: Diagnosis) -> str:
    """The command, as it may be typed again."""
    return clean(f"herodyno diagnose -a {diagnosis.app.name}" if diagnosis.app.name else "herodyno diagnose")


def header_times(diagnosis: Diagnosis, zone: tzinfo) -> str:
    """When the diagnosis was made: "03:12:40 CET (02:12:40 UTC)"; of a kept log, which may be old, with its day."""
    at = diagnosis.generated_at
    name = zone_name(at, zone)
    day = "" if diagnosis.coverage.source == "log-session" else f"{date(at, zone)} "
    local = f"{day}{clock(at, zone, today=at)} {name}"
    return local if name == "UTC" else f"{local} ({clock(at, UTC, today=at)} UTC)"


def _header(diagnosis: Diagnosis, width: int | None, zone: tzinfo) -> list[Line]:
    return [
        (Span(title_of(diagnosis).ljust(48), "heading"), Span(header_times(diagnosis, zone))),
        *(line(part) for headline in diagnosis.app.headline for part in folded(headline, width, 0)),
    ]


def _verdict(verdict: Verdict, width: int | None) -> list[Line]:
    _, role = mark_of(verdict)
    sentences = list(verdict.details)
    if verdict.not_claimed:
        sentences.append(f"Not shown by this data: {'; '.join(verdict.not_claimed)}.")
    summary = folded(verdict.summary, width, GUTTER)
    body = [line(part, role) for part in summary]
    confidence = Span(f"   confidence: {verdict.confidence}")
    if width is None or len(summary[-1]) + len(confidence.text) <= width - GUTTER:
        body[-1] = (*body[-1], confidence)
    else:
        body.append(line(confidence.text.strip()))
    body += [line(part) for sentence in sentences for part in folded(sentence, width, GUTTER)]
    return beside(label_of(verdict), body, role or "heading")


def label_of(verdict: Verdict) -> str:
    """The sign and the class of a verdict, as lines of the gutter."""
    words = "\n   ".join(textwrap.wrap(verdict.label, GUTTER - 4))
    return f"{mark_of(verdict)[0]:<3}{words}"


def _actions(diagnosis: Diagnosis, width: int | None) -> list[Line]:
    lines: list[Line] = []
    several = len(diagnosis.actions) > 1
    for number, action in enumerate(diagnosis.actions, start=1):
        body = typed(action, width, f"{number} " if several else "")
        lines += beside("" if lines else "DO THIS", body)
        labelled = [("effect", action.effect), ("risk", action.risk), ("undo", action.undo), *action.notes]
        for label, sentence in labelled:
            if sentence:
                lines += field(label, sentence, width)
    return lines


def typed(action: Action, width: int | None, number: str) -> list[Line]:
    """What to type, never folded so that it can be copied, and the words beside or below it."""
    command = clean(shlex.join(action.argv))
    if not command:
        pieces = folded(action.text, width, 16)
        return [line((" " * len(number) if i else number) + part) for i, part in enumerate(pieces)]
    words = "" if set(action.text.split()) <= set(action.argv) else clean(action.text)
    beside_it = f"   # {words}" if words else ""
    if width is None or len(number) + len(command) + len(beside_it) <= width - GUTTER:
        return [(Span(number), Span(command, "heading"), Span(beside_it, "quiet"))]
    below = folded(words, width, 16) if words else []
    return [(Span(number), Span(command, "heading")), *(line("# " + part, "quiet") for part in below)]
