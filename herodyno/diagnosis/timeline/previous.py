"""The dynos that went before: under each name, the incarnation that ended last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from herodyno.diagnosis.timeline.incarnations import Incarnation, moment
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.dynos import process_type_of, short_id
from herodyno.logs.codes.exits import exit_gloss


def ended_incarnations(times: Timeline, words: Sequence[str]) -> list[Incarnation]:
    """Under each name that a word means, the incarnation that ended last. No word means every name.

    A word is a dyno name or a process type.
    """
    last: dict[str, Incarnation] = {}
    for incarnation in times.all_incarnations():
        is_meant = not words or incarnation.dyno in words or process_type_of(incarnation.dyno) in words
        if is_meant and incarnation.end is not None:
            last[incarnation.dyno] = incarnation
    return list(last.values())


def incarnations_with_id(times: Timeline, prefix: str) -> list[Incarnation]:
    """The incarnations whose dyno id begins with a prefix, in any case."""
    start = prefix.lower()
    return [each for each in times.all_incarnations() if each.id and each.id.startswith(start)]


def times_of(incarnation: Incarnation) -> tuple[datetime | None, datetime | None]:
    """(start, end) in UTC. None where the log does not show it."""
    return (
        moment(incarnation.start) if incarnation.start is not None else None,
        moment(incarnation.end) if incarnation.end is not None else None,
    )


def epitaph(incarnation: Incarnation) -> str:
    """How an incarnation ended: "web.1 (3f2a8c11) crashed, exit status 1 (an error of the app)"."""
    name = f"{incarnation.dyno} ({short_id(incarnation.id)})" if incarnation.id else incarnation.dyno
    reason = incarnation.end_reason or "unknown"
    how = [f"{name} {'ended' if reason == 'unknown' else reason.replace('_', ' ')}"]
    if incarnation.exit_status is not None:
        how.append(f"exit status {incarnation.exit_status}")
    gloss = exit_gloss(incarnation.exit_status, codes=incarnation.codes, asked=incarnation.asked is not None)
    codes = [code for code in dict.fromkeys(incarnation.codes) if code not in gloss]
    return ", ".join(how) + (f" ({gloss})" if gloss else "") + "".join(f", {code}" for code in codes)
