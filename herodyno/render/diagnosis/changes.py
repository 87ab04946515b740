"""The CHANGED section: releases, restarts, scaling and the like, oldest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import tzinfo
from itertools import groupby

from herodyno.diagnosis.report.report import Change, Diagnosis
from herodyno.dynos import natural_order
from herodyno.render.paragraphs import GUTTER, beside, folded
from herodyno.render.text import Line, line
from herodyno.units import clock, count, spoken_duration

MOST_CHANGES = 12


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
    """Three or more changes in a row that say the same become one: a release ends every dyno within seconds."""
    merged: list[Change] = []
    for sentence, group in groupby(changes, key=_sentence_of_dyno):
        same = list(group)
        if not sentence or len(same) < 3:
            merged += same
            continue
        names = ", ".join(sorted({change.dyno for change in same}, key=natural_order))
        seconds = (same[-1].at - same[0].at).total_seconds()
        span = f"; {len(same)} within {spoken_duration(seconds)}" if seconds >= 1 else ""
        text = f"{names} {_of_many(sentence)}{span}"
        merged.append(replace(same[0], text=text, dyno=""))
    return merged


def _of_many(sentence: str) -> str:
    """ "was over its quota" of several: "were over their quota"."""
    return sentence.replace("was ", "were ", 1).replace(" its ", " their ")


def _sentence_of_dyno(change: Change) -> str:
    """The sentence about a dyno without the dyno's name and id; "" when the change is of no dyno."""
    return change.text.partition(") ")[2] if change.dyno and change.text.startswith(f"{change.dyno} (") else ""


def _before_after(change: Change) -> str:
    if change.before is None or change.after is None:
        return ""
    return f" ({_of(change.before)} before, {_of(change.after)} after)"


def _of(pair: tuple[int, int]) -> str:
    return f"{count(pair[0])} of {count(pair[1])} failed"
