"""A diagnosis in the parts of a document: headings, tables, sentences with labels; a page and a draft show the same."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import NamedTuple

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.render.diagnosis.also import also_section
from herodyno.render.diagnosis.blame import blame_parts
from herodyno.render.diagnosis.changes import changed_section
from herodyno.render.diagnosis.coverage import seen_section
from herodyno.render.diagnosis.evidence import evidence_section
from herodyno.render.diagnosis.memory_table import memory_parts
from herodyno.render.diagnosis.only_here import only_here_section
from herodyno.render.text import Line, Span, Table, plain


class Entry(NamedTuple):
    """A sentence and its label, "" for none. A command is to be typed, a line of log is quoted as it is."""

    text: str
    label: str = ""
    is_command: bool = False


class Part(NamedTuple):
    """One section. `quoted`: its entries are lines of log."""

    heading: str
    entries: tuple[Entry, ...] = ()
    table: Table | None = None
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One write of the journal: what was done to the app and how it ended."""

    at: datetime
    text: str
    outcome: str


def verdict(diagnosis: Diagnosis) -> Part:
    """The verdict with its confidence, and what it does not claim."""
    found = diagnosis.verdict
    not_claimed = [f"Not shown by this data: {'; '.join(found.not_claimed)}."] if found.not_claimed else []
    sentences = [f"{found.summary} (confidence: {found.confidence})", *found.details, *not_claimed]
    return Part(found.label, tuple(map(Entry, sentences)))


def actions(diagnosis: Diagnosis) -> Part:
    """What to do, with effect, risk and undo."""
    entries: list[Entry] = []
    for action in diagnosis.actions:
        if action.argv:
            entries.append(Entry(shlex.join(action.argv), is_command=True))
        if not set(action.text.split()) <= set(action.argv):  # else they say the command once more
            entries.append(Entry(action.text))
        labelled = (("effect", action.effect), ("risk", action.risk), ("undo", action.undo), *action.notes)
        entries += [Entry(sentence, label) for label, sentence in labelled if sentence]
    return Part("Do this", tuple(entries))


def dynos(diagnosis: Diagnosis, zone: tzinfo) -> Part:
    """The blame table."""
    table, below = blame_parts(diagnosis, None, zone)
    return _part("Dynos", below, table)


def only_here(diagnosis: Diagnosis, zone: tzinfo) -> Part:
    """What the accused dynos print and their peers do not."""
    return _part("Only here", only_here_section(diagnosis, None, zone))


def memory(diagnosis: Diagnosis, zone: tzinfo) -> Part:
    """The memory table."""
    table, below = memory_parts(diagnosis, None, zone)
    return _part("Memory", below, table)


def findings(diagnosis: Diagnosis) -> list[Part]:
    """What else was found, and the sections that are sentences."""
    also = _part("Also", also_section(diagnosis, None))
    sections = [
        Part(each.heading.capitalize(), tuple(map(Entry, each.sentences)))
        for each in diagnosis.sections
        if each.heading
    ]
    return [part for part in (also, *sections) if part.entries]


def changed(diagnosis: Diagnosis, zone: tzinfo) -> Part:
    """What happened in the window."""
    return _part("Changed", changed_section(diagnosis, None, zone))


def evidence(diagnosis: Diagnosis, zone: tzinfo) -> Part:
    """Real lines of the log."""
    return _part("Evidence", evidence_section(diagnosis, None, zone))._replace(quoted=True)


def seen(diagnosis: Diagnosis, zone: tzinfo) -> Part:
    """How much was seen and what was not."""
    return _part("Seen", seen_section(diagnosis, None, zone))


def _part(heading: str, lines: Sequence[Line], table: Table | None = None) -> Part:
    """The sentences of a section's lines. The first span of a line stands in the gutter: a label, or the heading."""
    entries = []
    for line in lines:
        gutter, *rest = line if len(line) > 1 else (Span(""), *line)
        label = gutter.text.strip()
        entries.append(Entry(plain(tuple(rest)).strip(), "" if label.casefold() == heading.casefold() else label))
    return Part(heading, tuple(entries), table)
