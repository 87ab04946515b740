"""The dynos that went before: for a word, the incarnation that ended last under each name it means."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from herodyno.diagnosis.report.phrases import moment
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.dynos import process_type_of, short_id


def ended_incarnations(times: Timeline, words: Sequence[str]) -> list[Incarnation]:
    """For each name that a word means (a dyno, a process type; no word: every name), the life that ended last."""
    found: dict[str, Incarnation] = {}
    for incarnation in times.all_incarnations():
        is_meant = not words or incarnation.dyno in words or process_type_of(incarnation.dyno) in words
        if is_meant and incarnation.end is not None:
            found[incarnation.dyno] = incarnation
    return list(found.values())


def incarnations_with_id(times: Timeline, prefix: str) -> list[Incarnation]:
    """The lives whose dyno id begins so."""
    return [
        incarnation
        for incarnation in times.all_incarnations()
        if incarnation.id and incarnation.id.startswith(prefix.lower())
    ]


def times_of(incarnation: Incarnation) -> tuple[datetime | None, datetime | None]:
    """When the life began and ended; None where the log does not tell."""
    return (
        moment(incarnation.start) if incarnation.start is not None else None,
        moment(incarnation.end) if incarnation.end is not None else None,
    )


def epitaph(incarnation: Incarnation) -> str:
    """How the life ended: "web.1 (3f2a8c11) crashed, exit status 137, R15"."""
    name = f"{incarnation.dyno} ({short_id(incarnation.id)})" if incarnation.id else incarnation.dyno
    how = [(incarnation.end_reason or "ended").replace("_", " ")]
    if incarnation.exit_status is not None:
        how.append(f"exit status {incarnation.exit_status}")
    return ", ".join([f"{name} {how[0]}", *how[1:], *dict.fromkeys(incarnation.codes)])
