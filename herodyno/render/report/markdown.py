"""The report as a draft of a post-mortem in Markdown: timeline, evidence, commands run, and what people must add.

Every text of the log is escaped or quoted as code, so that it stays text wherever the draft is pasted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from herodyno.render.clean import clean
from herodyno.render.report import parts
from herodyno.render.report.kept import Report
from herodyno.render.report.parts import Entry, Part
from herodyno.render.text import Table
from herodyno.units import count, date, percent, spoken_duration

# GitHub links and notifies what it reads behind the escapes. It leaves code alone.
_ADDRESS = re.compile(r"((?<![\w.+@-])[\w.+-]*@[\w.+@-]+)")
_SPECIAL = re.compile(r"([\\`*_\[\]#|~$<>&@])")
# What would begin a list or underline a heading.
_BEGINNING = re.compile(r"^(\d*)([-+=.)])(?=\s|=|$)")
_TO_WRITE = (
    ("Why it failed", "this data cannot show it"),
    ("What went well, what did not", "detection, decision, repair"),
    ("Follow-ups", "each with an owner and a date"),
)


def post_mortem(report: Report) -> str:
    """The whole draft. It ends with the headings that only people can fill."""
    found, zone = report.diagnosis, report.zone
    blocks = [
        f"# Post-mortem draft: {_text(found.app.name or 'an app')}",
        f"_Drafted by herodyno from its data of {date(found.generated_at, zone)}; "
        f"times are in {_text(report.zone_name)}._",
        *_part(parts.verdict(found), "Summary: "),
        "## Impact",
        _impact(report),
        "## Timeline",
        _timeline(report),
        *_part(parts.dynos(found, zone)),
        *_part(parts.only_here(found, zone)),
        *_part(parts.memory(found, zone)),
        *(block for part in parts.findings(found) for block in _part(part)),
        *_part(parts.evidence(found, zone)),
        *_part(parts.actions(found)),
        *(_part(report.commands_part()) or ["## Commands run", "None in the journal of this machine."]),
        *_part(parts.seen(found, zone)),
        *(block for heading, words in _TO_WRITE for block in (f"## {heading}", f"_To be written: {words}._")),
    ]
    return "\n\n".join(blocks) + "\n"


def _impact(report: Report) -> str:
    requests, coverage = report.diagnosis.requests, report.diagnosis.coverage
    failed = f"{count(requests.errors)} of {count(requests.n, 'request')} failed"
    if requests.rate is not None and requests.rate_ci95 is not None:
        low, high = requests.rate_ci95
        failed += f" ({percent(requests.rate)}; 95 % interval {percent(low)} to {percent(high)})"
    return f"{failed} in the {spoken_duration(coverage.seconds)} of this log."


def _timeline(report: Report) -> str:
    """Changes of the app and commands of the journal in one order, with the diagnosis at its time."""
    found = report.diagnosis
    moments = [(change.at, change.text) for change in found.changes]
    moments += [(command.at, f"herodyno: {command.text} ({command.outcome or 'outcome not known'})")
                for command in report.commands]  # fmt: skip
    if found.verdict.ended_at is not None:
        moments.append((found.verdict.ended_at, "the trouble ended"))
    moments.append((found.generated_at, f"diagnosis: {found.verdict.summary}"))
    rows = [(report.clock(at), text) for at, text in sorted(moments)]
    return _table(("time", "what happened"), rows)


def _part(part: Part, before: str = "") -> list[str]:
    """The blocks of a section: heading, table, sentences; none for an empty one."""
    if not (part.entries or part.table):
        return []
    table = [_columns(part.table)] if part.table else []
    entries = [_fenced([entry.text for entry in part.entries])] if part.quoted else list(map(_entry, part.entries))
    return [f"## {before}{_text(part.heading)}", *table, *filter(None, entries)]


def _entry(entry: Entry) -> str:
    if entry.is_command:
        return _fenced([entry.text])
    return (f"**{_text(entry.label)}** " if entry.label else "") + _text(entry.text)


def _columns(table: Table) -> str:
    headings = [column.heading for column in table.columns]
    return _table(headings, [[cell.text for cell in row] for row in table.rows])


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(map(_text, cells))} |"

    return "\n".join([line(headings), f"|{' --- |' * len(headings)}", *map(line, rows)])


def _fenced(lines: Sequence[str]) -> str:
    """Lines as code, between fences longer than any run of backticks in them."""
    shown = [clean(text) for text in lines]
    fence = "`" * max(3, *(len(run) + 1 for run in _runs(shown)))
    return "\n".join([fence, *shown, fence]) if shown else ""


def _runs(lines: Sequence[str]) -> Iterator[str]:
    yield ""
    for text in lines:
        yield from re.findall(r"`+", text)


def _text(text: str) -> str:
    """A text that Markdown shows as it is: no element, no link, no mention, no list."""
    pieces = _ADDRESS.split(clean(text))
    shown = "".join(f"`{piece}`" if place % 2 else _escaped(piece) for place, piece in enumerate(pieces))
    return _BEGINNING.sub(r"\1\\\2", shown)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text).replace("://", ":\\//").replace("www.", r"www\.")
