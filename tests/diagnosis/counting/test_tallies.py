"""Names are counted in bounded memory, and nothing is lost from the total."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from herodyno.diagnosis.counting.folded_names import FoldedNames
from herodyno.diagnosis.counting.tallies import Tally, most_frequent


def test_the_most_frequent_stay_and_the_rest_is_one_number() -> None:
    tally = Tally(most=10)
    for i in range(1000):
        tally.add("/popular")
        tally.add(f"/scan/{i}")
    assert len(tally.counts) <= 20
    assert tally["/popular"] == 1000
    assert tally.total == 2000


def test_ties_are_in_the_order_of_their_names() -> None:
    tally = Tally()
    for name in ("b", "a", "c"):
        tally.add(name)
    assert tally.top(2) == (("a", 1), ("b", 1))


def test_tallies_merge() -> None:
    one, two = Tally(), Tally()
    one.add("a", 2)
    two.add("a", 3)
    two.add("b")
    one.update(two)
    assert (one["a"], one["b"], one.total) == (5, 1, 6)


def test_counted_names_count_as_often_as_told() -> None:
    tally = Tally(most=2)
    tally.add_counts({"a": 3, "b": 1}, 5)
    tally.add_counts({"b": 4})
    assert (tally["a"], tally["b"], tally.other) == (3, 5, 5)
    tally.add_counts({str(n): 1 for n in range(6)})
    assert list(tally) == [("b", 5), ("a", 3), *((str(n), 1) for n in range(6))]  # four times as many have room
    tally.add_counts({"c": 1})
    assert list(tally) == [("b", 5), ("a", 3)]
    assert tally.total == 20


def test_where_counts_tie_the_first_met_are_the_most_frequent() -> None:
    assert list(most_frequent(Counter("cbaabdd"), 3)) == ["b", "a", "d"]
    assert list(most_frequent(Counter("cbaabd"), 3)) == ["b", "a", "c"]


@pytest.mark.parametrize("names", [5, 20, 21, 300])  # on both sides of what is exact
def test_how_often_a_name_came_at_most_depends_on_no_order_and_no_part(names: int) -> None:
    random = Random(names)
    came = [f"192.0.2.{random.randrange(names)}" for _ in range(3000)] + ["203.0.113.7"] * 40
    said = set()
    for parts, room in ((1, 2), (1, 16), (2, 16), (7, 4)):
        random.shuffle(came)
        tallies = [Tally(most=10, folded=FoldedNames()) for _ in range(parts)]
        for number, tally in enumerate(tallies):
            for begin in range(number, len(came), parts * 50):
                tally.add_all(came[begin : begin + parts * 50 : parts], room=room)
        whole = Tally(most=10, folded=FoldedNames())
        for tally in tallies:
            whole.update(tally)
        found, is_exact = whole.at_most("203.0.113.7")
        assert is_exact == (names < 20)
        assert 40 <= found < 60
        said.add((found, whole.at_most("203.0.113.8")))
    assert len(said) == 1


def test_without_places_a_folded_name_may_be_all_that_was_folded() -> None:
    tally = Tally(most=2)
    tally.add_counts({"a": 3}, 5)
    assert (tally.at_most("a"), tally.at_most("b")) == ((8, False), (5, False))
