"""The ONLY HERE section: what the accused dynos print and their peers do not, the app's words as in the log."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from herodyno.diagnosis.report.only_here import OnlyHere, OnlyHereLine
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.dynos import process_type_of
from herodyno.render.clean import clean
from herodyno.render.paragraphs import GUTTER, beside, folded, section
from herodyno.render.text import Line, cut, line
from herodyno.units import clock, count, json_time, spoken_duration


def only_here_section(diagnosis: Diagnosis, width: int | None, zone: tzinfo) -> list[Line]:
    """What is compared, the lines with their counts here and there, the strongest first, and what they prove."""
    told = diagnosis.only_here
    if told is None:
        return []
    lines = section("ONLY HERE", [told.heading], width)
    for each in told.lines:
        lines += _row(each, diagnosis, width, zone)
    return lines + section("", told.notes, width)


def _row(told: OnlyHereLine, diagnosis: Diagnosis, width: int | None, zone: tzinfo) -> list[Line]:
    if told.kind == "exception":
        end = "(exception)"
    elif told.every:
        end = f"(every {spoken_duration(told.every)})"
    else:
        end = f"first {clock(told.first, zone, today=diagnosis.generated_at)}"
    parts = [
        part if width is None else cut(part, width - GUTTER)
        for part in folded(f"{as_said(told)}  {end}", width, GUTTER)
    ]
    return beside(f"{count(told.n):>5} : {count(told.peers_n)}", [line(part) for part in parts], "")


def as_said(told: OnlyHereLine) -> str:
    """The words of the app behind who prints them, as in the log: app[web.2]: waiting for a connection."""
    who = told.dynos[0] if len(told.dynos) == 1 else process_type_of(told.dynos[0])
    return f"app[{who}]: {clean(told.template)}"


def only_here_records(told: OnlyHere | None) -> list[dict[str, Any]]:
    """The lines in the JSON document."""
    if told is None:
        return []
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
            "every_s": each.every,
        }
        for each in told.lines
    ]
