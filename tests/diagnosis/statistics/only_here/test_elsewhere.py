"""A line that came before, that a peer prints, or that ended early goes with something else."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.counting.printed import Joined, PrintedFacts, joined
from herodyno.diagnosis.statistics.only_here.elsewhere import ended_early, is_habit, is_of_a_peer
from herodyno.diagnosis.statistics.only_here.sides import Sides, Stratum, Stretch

WEB2, WEB3, WEB4 = ("web.2", 0), ("web.3", 0), ("web.4", 0)
WHOLE = Stretch(0, 600, 0)
SIDES = Sides([Stratum({WEB2: WHOLE}, {WEB3: WHOLE, WEB4: WHOLE}, (0, 0))], "peers", ("", ""))


def line(of: dict[tuple[str, int], list[int]]) -> Joined:
    """A line printed at these times."""
    lives = {}
    for key, times in of.items():
        lives[key] = PrintedFacts()
        for seconds in times:
            lives[key].add("line", ("gone",), seconds, seconds, "gone")
    return joined(lives)[0]


@pytest.mark.parametrize(("gap", "is_theirs"), [(20, True), (50, True), (100, False), (400, False)])
def test_a_peer_that_prints_it_a_third_as_often_at_least_prints_it_too(gap: int, is_theirs: bool) -> None:
    found = line({WEB2: [*range(0, 600, 20)], WEB3: [*range(0, 600, gap)]})
    assert is_of_a_peer(found, SIDES, 0.001) is is_theirs
    assert not is_of_a_peer(found, SIDES._replace(against="before"), 0.001)


def test_what_may_come_by_chance_beside_the_peers_that_print_it_is_theirs() -> None:
    found = line({WEB2: [*range(0, 600, 75)], WEB3: [100, 300]})
    assert is_of_a_peer(found, SIDES, 0.001)
    assert not is_of_a_peer(found, SIDES, 0.1)


def test_what_came_as_often_before_is_a_habit() -> None:
    sides = SIDES._replace(quiet={WEB2: Stretch(0, 300, 0)})
    assert is_habit(line({WEB2: [*range(0, 600, 30)]}), sides)
    assert not is_habit(line({WEB2: [*range(310, 600, 30)]}), sides)


def test_what_was_over_in_the_first_quarter_of_the_trouble_ended_early() -> None:
    sides = SIDES._replace(failing={WEB2: Stretch(100, 500, 100)})
    early, late = line({WEB2: [110, 150, 190]}), line({WEB2: [110, 150, 210]})
    assert (ended_early(early.of, sides), ended_early(late.of, sides), ended_early(early.of, SIDES)) == (
        True, False, False,
    )  # fmt: skip
