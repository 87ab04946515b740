"""Cells count as an oracle does that keeps every time, in any order and however they are merged."""

from __future__ import annotations

import random

import pytest

from herodyno.logs.patterns.pattern_counts import MOST_CELLS, SLOT_SECONDS, CellClock, Cells

DAY = 86_400
NOW = 1_795_000_000


def times(seed: int) -> list[int]:
    """Slots of some hundred entries, in bursts, over a minute to two years."""
    dice = random.Random(seed)
    span = dice.choice((60, 3600, DAY, 9 * DAY, 700 * DAY))
    starts = [NOW + dice.randrange(span) for _ in range(60)]
    return [(dice.choice(starts) + dice.randrange(30)) // SLOT_SECONDS for _ in range(300)]


def counted(slots: list[int]) -> tuple[CellClock, Cells]:
    clock, cells = CellClock(), Cells()
    for slot in slots:
        clock.see(slot)
        cells.add(slot, clock.level)
    return clock, cells


@pytest.mark.parametrize("seed", range(10))
def test_entries_and_bursts_are_those_of_the_times_in_any_order_and_any_parts(seed: int) -> None:
    slots = times(seed)
    clock, cells = counted(slots)
    expected = {
        (slot >> clock.level): sum(other >> clock.level == slot >> clock.level for other in slots) for slot in slots
    }
    width = max(0, clock.level - 9)  # slots are wider than 5 s once a cell has more than 512 of them
    bursts = len({slot >> width for slot in slots})
    random.Random(seed).shuffle(slots)
    half, other = counted(slots[:140])[1], counted(slots[140:])[1]
    half.update(other)
    half.widen(clock.level)
    for found in (cells, counted(slots)[1], half):
        assert {place: cell[0] for place, cell in found.found.items()} == expected
        assert (found.entries, found.bursts) == (300, bursts)


def test_there_are_never_more_cells_than_the_bound() -> None:
    clock, cells = counted([NOW // SLOT_SECONDS + 7 * at for at in range(20_000)])
    assert MOST_CELLS // 2 <= len(cells.found) <= MOST_CELLS
    assert clock.seconds == SLOT_SECONDS << clock.level
    assert max(slots.bit_length() for _, slots in cells.found.values()) <= 512
