"""With what the end of crashed dynos is compared: with the time before it, and with dynos that did not crash."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf

from herodyno.diagnosis.analysis import IncarnationAnalysis
from herodyno.diagnosis.counting.printed import SLOT_SECONDS, slot_of
from herodyno.diagnosis.statistics.only_here.sides import SETTLES_SECONDS, Life, Sides, Stretch, stratum, stretch
from herodyno.diagnosis.statistics.peers import is_kin

# The end of a life is its last minute, and of a short life the last third. A life of a few slots is compared by whole
# slots, and with lives as short alone: its banner comes as often in both.
_LAST_SECONDS = 60.0
_LAST_PART = 3
_SHORTEST_LIFE = 15.0
_LAST_WORDS_SECONDS = 1.0


def last_words(
    ended: Sequence[IncarnationAnalysis], everyone: Sequence[IncarnationAnalysis], what: str = "dyno that crashed"
) -> tuple[Sides, ...]:
    """First the end against all other time, then the last minute against the dynos alone that did not end so.

    Then the same of very short lives. Empty when there is nothing to compare. `what` one of them is called.
    """
    ran = [dyno for dyno in ended if not dyno.incarnation.never_ran]
    long, short = ([dyno for dyno in ran if _is_short(dyno) is each] for each in (False, True))
    keys = {dyno.key for dyno in ended}
    well = _lives(
        (dyno, -inf, inf)
        for dyno in everyone
        if dyno.key not in keys and any(is_kin(dyno.subject.kin, each.subject.kin) for each in long)
    )
    ends = [(dyno, _slot_begin(dyno.subject.end - min(_LAST_SECONDS, _lasted(dyno) / _LAST_PART))) for dyno in long]
    end, before = (
        _lives((dyno, since, inf) for dyno, since in ends),
        _lives((dyno, -inf, since) for dyno, since in ends),
    )
    minute = _lives((dyno, dyno.subject.end - _LAST_SECONDS, inf) for dyno in long)
    who, its = _called(what, len(long))
    noun = what.partition(" ")[0]
    rest = f"the other {noun}" if len(well) == 1 else f"the {len(well)} other {noun}s"
    return (
        *_compared(
            end, [*before, *well], f"{who} printed at {its} end, {{}} before{f' or on {rest}' if well else ''}:"
        ),
        *_compared(minute, well, f"{who} printed in {its} last minute, {rest} {{}}:"),
        *_of_short(short, [dyno for dyno in everyone if dyno.key not in keys and _is_short(dyno)], what),
    )


def _of_short(
    ended: Sequence[IncarnationAnalysis], others: Sequence[IncarnationAnalysis], what: str
) -> tuple[Sides, ...]:
    """The last slots of very short lives against those before, then the whole lives against others as short."""
    kin = [dyno for dyno in others if any(is_kin(dyno.subject.kin, each.subject.kin) for each in ended)]
    ends = [(dyno, _slot_begin(dyno.subject.end - _LAST_WORDS_SECONDS)) for dyno in ended]
    end, before = (
        _in_slots((dyno, since, inf) for dyno, since in ends),
        _in_slots((dyno, -inf, since) for dyno, since in ends),
    )
    whole, well = (_in_slots((dyno, -inf, inf) for dyno in dynos) for dynos in (ended, kin))
    who, its = _called(what, len(ended))
    noun = what.partition(" ")[0]
    rest = f"the other {noun}" if len(well) == 1 else f"the {len(well)} other {noun}s"
    return (
        *_compared(end, before, f"{who} printed at {its} end, {{}} before:"),
        *_compared(whole, well, f"{who} printed, {rest} {{}}:"),
    )


def _called(what: str, n: int) -> tuple[str, str]:
    """Those that ended so in words, and whose end it is."""
    noun, _, how = what.partition(" ")
    return (f"the {what}", "its") if n == 1 else (f"the {n} {noun}s {how}", "their")


def _is_short(dyno: IncarnationAnalysis) -> bool:
    return _lasted(dyno) < _SHORTEST_LIFE


def _slot_begin(seconds: float) -> float:
    return float(slot_of(seconds) * SLOT_SECONDS)


def _in_slots(parts: Iterable[tuple[IncarnationAnalysis, float, float]]) -> list[Life]:
    """Whole slots of lives, from one border of slots to another. A life prints in all of those it touches."""
    lives = []
    for dyno, since, until in parts:
        start = max(_slot_begin(dyno.subject.start), since)
        end = min(_slot_begin(dyno.subject.end) + SLOT_SECONDS, until)
        if start < end:
            lives.append(Life(dyno.subject, Stretch(start, end, start)))
    return lives


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
