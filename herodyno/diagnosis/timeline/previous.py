"""The dynos that went before: for a word, the incarnation that ended last under each name it means."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from herodyno.diagnosis.report.phrases import moment
from herodyno.diagnosis.timeline.incarnations import Life
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.dynos import process_type_of, short_id


def ended_lives(times: Timeline, words: Sequence[str]) -> list[Life]:
    """For each name that a word means (a dyno, a process type; no word: every name), the life that ended last."""
    found: dict[str, Life] = {}
    for life in times.all_lives():
        is_meant = not words or life.dyno in words or process_type_of(life.dyno) in words
        if is_meant and life.end is not None:
            found[life.dyno] = life
    return list(found.values())


def lives_with_id(times: Timeline, prefix: str) -> list[Life]:
    """The lives whose dyno id begins so."""
    return [life for life in times.all_lives() if life.id and life.id.startswith(prefix.lower())]


def times_of(life: Life) -> tuple[datetime | None, datetime | None]:
    """When the life began and ended; None where the log does not tell."""
    return (
        moment(life.start) if life.start is not None else None,
        moment(life.end) if life.end is not None else None,
    )


def epitaph(life: Life) -> str:
    """How the life ended: "web.1 (3f2a8c11) crashed, exit status 137, R15"."""
    name = f"{life.dyno} ({short_id(life.id)})" if life.id else life.dyno
    how = [(life.end_reason or "ended").replace("_", " ")]
    if life.exit_status is not None:
        how.append(f"exit status {life.exit_status}")
    return ", ".join([f"{name} {how[0]}", *how[1:], *dict.fromkeys(life.codes)])
