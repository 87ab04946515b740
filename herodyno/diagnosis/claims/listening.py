"""Advice to follow the log live for some minutes, where that would lose no more than was lost here."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.claim import on_app, suggestion
from herodyno.diagnosis.claims.loss import listening_loses, lose_less, pace, read_archive
from herodyno.diagnosis.report.report import Action
from herodyno.units import count


def listen(text: str, minutes: int, analysis: Analysis, *, effect: str = "") -> tuple[Action, ...]:
    """`herodyno diagnose --listen`; what loses less instead, where a live log loses most of its lines."""
    if listening_loses(analysis):
        return lose_less(analysis)
    command = ("herodyno", "diagnose", "--listen", f"{minutes}m", *on_app(analysis))
    return (suggestion(text, *command, effect=effect),)


def look_longer(analysis: Analysis) -> tuple[Action, ...]:
    """What to do when too little was seen."""
    if listening_loses(analysis):
        return lose_less(analysis)
    per_second = pace(analysis)
    more = f" (about {count(round(per_second * 3) * 100, 'line')} at this pace)" if per_second >= 1 else ""
    effect = f"follows the log for 5 min{more}, then judges"
    return (*listen("look longer", 5, analysis, effect=effect), read_archive(analysis))
