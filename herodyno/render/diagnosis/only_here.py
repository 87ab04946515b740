"""The ONLY HERE section: what the accused dynos print and their peers do not, the app's words in quotes."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from herodyno.diagnosis.report.only_here import OnlyHere, OnlyHereLine
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.dynos import process_type_of
from herodyno.render.clean import clean
from herodyno.render.paragraphs import GUTTER, section
from herodyno.render.text import Line, Span, cut
from herodyno.units import clock, count, json_time

MOST_SHOWN = 3


def only_here_section(diagnosis: Diagnosis, width: int | None, zone: tzinfo) -> list[Line]:
    """What is compared, the strongest lines with their counts here and there, and what they prove."""
    told = diagnosis.only_here
    if told is None:
        return []
    rows = [_row(each, diagnosis, width, zone) for each in told.lines[:MOST_SHOWN]]
    return [*section("ONLY HERE", [told.heading], width), *rows, *section("", told.notes, width)]


def _row(told: OnlyHereLine, diagnosis: Diagnosis, width: int | None, zone: tzinfo) -> Line:
    counts = f"{count(told.n):>5} : {count(told.peers_n)}".ljust(GUTTER - 1) + " "
    first = f"  first {clock(told.first, zone, today=diagnosis.generated_at)}" if told.first else ""
    end = f"{'  (exception)' if told.kind == 'exception' else ''}{first}"
    text = quoted(told)
    return (Span(counts), Span(text if width is None else cut(text, width - len(counts) - len(end))), Span(end, "quiet"))


def quoted(told: OnlyHereLine) -> str:
    """The app's words in quotes, behind who prints them: app[web.2]: "..."."""
    who = told.dynos[0] if len(told.dynos) == 1 else process_type_of(told.dynos[0])
    return f'app[{who}]: "{clean(told.template)}"'


def only_here_records(told: OnlyHere | None) -> list[dict[str, Any]]:
    """The lines in the JSON document."""
    return [
        {
            "template": each.template,
            "example": each.example,
            "kind": each.kind,
            "against": told.against,
            "dynos": list(each.dynos),
            "n": each.n,
            "peers_n": each.peers_n,
            "requests": each.requests,
            "peers_requests": each.peers_requests,
            "p_adjusted": each.p_adjusted,
            "first": json_time(each.first),
        }
        for each in (told.lines if told else ())
    ]
