"""With what the end of crashed dynos is compared: with the time before it, and with dynos that did not crash."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf

from herodyno.diagnosis.analysis import IncarnationAnalysis
from herodyno.diagnosis.statistics.only_here.sides import SETTLES_SECONDS, Life, Sides, stratum, stretch
from herodyno.diagnosis.statistics.peers import is_kin

# The end of a life is its last minute, and of a short life the last third. A life of a few slots is too short.
_LAST_SECONDS = 60.0
_LAST_PART = 3
_SHORTEST_LIFE = 15.0


def last_words(
    ended: Sequence[IncarnationAnalysis], everyone: Sequence[IncarnationAnalysis], what: str = "dyno that crashed"
) -> tuple[Sides, ...]:
    """First the end against all other time, then the last minute against the dynos alone that did not end so.

    Empty when none of those `ended` lived long enough. `what` one of them is called.
    """
    long = [dyno for dyno in ended if not dyno.incarnation.never_ran and _lasted(dyno) >= _SHORTEST_LIFE]
    keys = {dyno.key for dyno in ended}
    well = _lives(
        (dyno, -inf, inf)
        for dyno in everyone
        if dyno.key not in keys and any(is_kin(dyno.subject.kin, each.subject.kin) for each in long)
    )
    ends = [(dyno, dyno.subject.end - min(_LAST_SECONDS, _lasted(dyno) / _LAST_PART)) for dyno in long]
    end, before = (
        _lives((dyno, since, inf) for dyno, since in ends),
        _lives((dyno, -inf, since) for dyno, since in ends),
    )
    minute = _lives((dyno, dyno.subject.end - _LAST_SECONDS, inf) for dyno in long)
    noun, _, how = what.partition(" ")
    who, its = (f"the {what}", "its") if len(long) == 1 else (f"the {len(long)} {noun}s {how}", "their")
    rest = f"the other {noun}" if len(well) == 1 else f"the {len(well)} other {noun}s"
    return (
        *_compared(
            end, [*before, *well], f"{who} printed at {its} end, {{}} before{f' or on {rest}' if well else ''}:"
        ),
        *_compared(minute, well, f"{who} printed in {its} last minute, {rest} {{}}:"),
    )


def _compared(own: Sequence[Life], others: Sequence[Life], heading: str) -> tuple[Sides, ...]:
    both = stratum(own, others)
    if both is None:
        return ()
    # Requests are counted by half minutes, which is too coarse for an end.
    return (
        Sides(
            [both._replace(requests=(0, 0))], "not_crashed", (heading.format("never"), heading.format("hardly ever"))
        ),
    )


def _lasted(dyno: IncarnationAnalysis) -> float:
    return dyno.subject.end - dyno.subject.start


def _lives(parts: Iterable[tuple[IncarnationAnalysis, float, float]]) -> list[Life]:
    """The lives from one time to another. What a life prints in its first half may be its banner."""
    return [
        Life(dyno.subject, each)
        for dyno, since, until in parts
        if (each := stretch(dyno.subject, since, until, settles=min(SETTLES_SECONDS, _lasted(dyno) / 2))) is not None
    ]
