"""Names are counted in bounded memory, and nothing is lost from the total."""

from __future__ import annotations

from herodyno.diagnosis.counting.tallies import Tally


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
