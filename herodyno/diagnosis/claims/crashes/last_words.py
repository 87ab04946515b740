"""With what the end of crashed dynos is compared: with the time before it, and with dynos that did not crash."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from herodyno.diagnosis.analysis import IncarnationAnalysis
from herodyno.diagnosis.statistics.only_here.sides import SETTLES_SECONDS, Life, Sides, stratum, stretch

# The end of a life is its last minute, and of a short life the last third. A shorter one than a slot cannot be seen.
_LAST_SECONDS = 60.0
_LAST_PART = 3
_SHORTEST_LIFE = 15.0


def last_words(
    ended: Sequence[IncarnationAnalysis], everyone: Sequence[IncarnationAnalysis], what: str = "dyno that crashed"
) -> Sides | None:
    """The two sides, None when none of those `ended` is long enough. `what` one of them is called.

    What a life prints in the first half of it is its banner, so it counts only if it is an exception.
    """
    keys = {dyno.key for dyno in ended}
    own: list[Life] = []
    others = [
        Life(dyno.subject, each)
        for dyno in everyone
        if dyno.key not in keys and (each := stretch(dyno.subject, settles=SETTLES_SECONDS)) is not None
    ]
    apart = len(others)
    for dyno in ended:
        life, end = dyno.subject.end - dyno.subject.start, dyno.incarnation.end
        if end is None or dyno.incarnation.never_ran or life < _SHORTEST_LIFE:
            continue
        since = end - min(_LAST_SECONDS, life / _LAST_PART)
        for lives, part in ((own, (since, inf)), (others, (-inf, since))):
            if each := stretch(dyno.subject, *part, settles=min(SETTLES_SECONDS, life / 2)):
                lives.append(Life(dyno.subject, each))
    both = stratum(own, others)
    if both is None:
        return None
    noun, _, how = what.partition(" ")
    who = f"the {what} printed at its end" if len(own) == 1 else f"the {len(own)} {noun}s {how} printed at their end"
    rest = {0: "", 1: f" or on the {noun} that did not"}.get(apart, f" or on the {apart} {noun}s that did not")
    both = both._replace(requests=(0, 0))  # they are counted by half minutes, which is too coarse for an end
    return Sides([both], "not_crashed", (f"{who}, never before{rest}:", f"{who}, hardly ever before{rest}:"))
