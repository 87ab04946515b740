"""What comes at even gaps is printed by a clock, what comes with requests is not."""

from random import Random

import pytest

from herodyno.diagnosis.statistics.only_here.regular import period


@pytest.mark.parametrize("gap", [6, 12, 60])
def test_even_gaps_are_known_though_events_are_missing_or_a_slot_late(gap: int) -> None:
    random = Random(gap)
    slots = {n * gap + random.choice((0, 0, 1)) for n in range(20) if n not in (3, 4, 9)}
    assert abs((period(slots) or 0) - gap) <= 1


def test_events_at_random_times_are_not_even() -> None:
    even = 0
    for seed in range(300):
        random = Random(seed)
        even += period({random.randrange(400) for _ in range(random.randint(5, 40))}) is not None
    assert even <= 3


@pytest.mark.parametrize("slots", [set(), {7}, {7, 19}, {1, 2, 3, 4, 5, 6, 7, 8}])
def test_few_events_and_events_without_a_pause_show_no_clock(slots: set[int]) -> None:
    assert period(slots) is None
