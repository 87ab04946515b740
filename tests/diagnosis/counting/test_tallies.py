"""Names are counted in bounded memory, and nothing is lost from the total."""

from __future__ import annotations

from collections import Counter

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
