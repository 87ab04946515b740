"""With what the last minute of crashed dynos is compared: with dynos that did not crash, or with the time before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import TypeAlias

from herodyno.diagnosis.analysis import IncarnationAnalysis
from herodyno.diagnosis.statistics.only_here import SETTLES_SECONDS, Life, Sides, stratum, stretch

_LAST_SECONDS = 60.0

_Part: TypeAlias = tuple[IncarnationAnalysis, float, float]  # a life, from when, until when


def last_minute(
    ended: Sequence[IncarnationAnalysis],
    everyone: Sequence[IncarnationAnalysis],
    what: str = "dyno that crashed",
    *,
    settles: float = SETTLES_SECONDS,
) -> Sides | None:
    """The two sides. Where all of `everyone` ended so, they are compared with the time before in the same lives.

    None when the log shows neither. `what` one of those ended is called. What is printed in the seconds in which a
    dyno `settles` counts only if it is an exception: often the boots of those alone that crashed are in the log.
    """
    last = [
        (dyno, dyno.incarnation.end - _LAST_SECONDS)
        for dyno in ended
        if dyno.incarnation.end is not None and not dyno.incarnation.never_ran
    ]
    keys = {dyno.key for dyno in ended}
    own = _lives([(dyno, since, inf) for dyno, since in last], settles)
    others = _lives([(dyno, -inf, inf) for dyno in everyone if dyno.key not in keys], settles)
    before = _lives([(dyno, -inf, since) for dyno, since in last], settles)
    noun, _, how = what.partition(" ")
    who = f"the {what}" if len(own) == 1 else f"the {len(own)} {noun}s {how}"
    said = f"{who} printed in {'its' if len(own) == 1 else 'their'} last minute,"
    if both := stratum(own, others):
        rest = "the other" if len(others) == 1 else f"the {len(others)} others"
        return Sides([both], "not_crashed", (f"{said} {rest} never:", f"{said} {rest} hardly ever:"))
    if both := stratum(own, before):
        return Sides([both], "earlier", (f"{said} never before:", f"{said} hardly ever before:"))
    return None


def _lives(parts: Iterable[_Part], settles: float) -> list[Life]:
    return [
        Life(dyno.subject, each)
        for dyno, since, until in parts
        if (each := stretch(dyno.subject, since, until, settles=settles)) is not None
    ]
