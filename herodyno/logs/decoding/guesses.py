"""What a line's time does not say: its year is guessed, and without an offset it is taken for UTC. Both are told."""

from __future__ import annotations

from typing import Literal

from herodyno.logs.decoding.heads import RELAYED, VIEWED
from herodyno.logs.events import LogLine
from herodyno.units import count


def lacks(line: LogLine) -> Literal["", "year", "offset"]:
    """What the time of a line lacks; "" for a line without a time."""
    raw = line.raw
    if line.at is None or raw[26:27] == "+":  # as nearly all lines have it
        return ""
    if raw.lstrip("<0123456789>")[:1].isalpha():
        return "year"
    found = VIEWED.match(raw) or RELAYED.match(raw)
    return "offset" if found and not found[3] else ""


def told_of_guesses(without_year: int, without_offset: int) -> list[str]:
    """A sentence on the lines whose year is a guess, and one on those that were taken for UTC."""
    told = []
    if without_year:
        lines = count(without_year, "line")
        told.append(f"{lines} without a year: the year is a guess, the newest that is not in the future")
    if without_offset:
        told.append(f"{count(without_offset, 'line')} without an offset from UTC: taken for UTC")
    return told
