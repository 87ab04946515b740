"""Whether a line goes with something else than the trouble: it came before, a peer prints it, it ended early."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from herodyno.diagnosis.counting.facts import IncarnationKey
from herodyno.diagnosis.counting.printed import SLOT_SECONDS, Joined, Occurrences
from herodyno.diagnosis.statistics.only_here.sides import Sides, Stretch
from herodyno.diagnosis.statistics.rates import sum_tail

# The chance and the multiple of a rate from which on a line is no chance.
ALPHA = 0.01
MIN_RATIO = 3.0
# A line that came once before, or once on a peer, is no habit.
_HABIT = 2
# The share of the time in which a dyno fails.
_EARLY = 0.25


def events(line: Joined, key: IncarnationKey, life: Stretch) -> int:
    """The events of a line in the part of a life that counts."""
    printed = line.of.get(key)
    return printed.events_within([(life.since(line.kind), life.end)]) if printed else 0


def is_habit(line: Joined, sides: Sides) -> bool:
    """Whether the own lives printed it about as often before they began to fail: then it goes with something else."""
    failing = [
        (key, Stretch(began, life.end, began))
        for each in sides.strata
        for key, life in each.own.items()
        if key in sides.quiet and (began := max(life.start, sides.quiet[key].end)) < life.end
    ]
    (before, quiet_seconds), (since, seconds) = _exposed(line, sides.quiet.items()), _exposed(line, failing)
    return before >= _HABIT and before * seconds * MIN_RATIO >= since * quiet_seconds


def is_of_a_peer(line: Joined, sides: Sides, chance: float) -> bool:
    """Whether a single peer prints it about as often. The silent peers would hide that in a common rate.

    Nor may so much come by more than `chance` beside the peers that print it.
    """
    if sides.against != "peers":
        return False
    parts: dict[str, list[tuple[IncarnationKey, Stretch]]] = {}
    for each in sides.strata:
        for key, life in each.others.items():
            if key in line.of:
                parts.setdefault(key[0], []).append((key, life))
    own, seconds = _exposed(line, (life for each in sides.strata for life in each.own.items()))
    peers = [(n, its) for n, its in (_exposed(line, lives) for lives in parts.values()) if n >= _HABIT]
    theirs, their_seconds = (sum(column) for column in zip((0, 0.0), *peers, strict=True))
    share = seconds / (seconds + their_seconds)
    is_chance = bool(peers) and sum_tail([(int(own + theirs), 1.0, share)], own) > chance
    return is_chance or any(n * seconds * MIN_RATIO > own * its for n, its in peers)


def ended_early(printed: Mapping[IncarnationKey, Occurrences], sides: Sides) -> bool:
    """Whether it was over on all lives in the first quarter of the time in which they failed, where that is known."""
    return all(
        key in sides.failing
        and max(found.slots) * SLOT_SECONDS < sides.failing[key].start + _EARLY * _seconds(sides.failing[key])
        for key, found in printed.items()
    )


def _seconds(stretch: Stretch) -> float:
    return stretch.end - stretch.start


def _exposed(line: Joined, lives: Iterable[tuple[IncarnationKey, Stretch]]) -> tuple[int, float]:
    """The events of a line, and the seconds in which they could come."""
    n, seconds = 0, 0.0
    for key, life in lives:
        n += events(line, key, life)
        seconds += life.end - life.since(line.kind)
    return n, seconds
