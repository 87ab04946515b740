"""A name that was let go came no more often than its place says, in whatever order and parts the names came."""

from __future__ import annotations

import pickle
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from herodyno.diagnosis.counting.folded_names import PLACES, FoldedNames, place_of

names = st.lists(st.dictionaries(st.text(max_size=3), st.integers(1, 9), max_size=20), max_size=4)


@given(names)
def test_no_name_came_more_often_than_its_place_says(some: list[dict[str, int]]) -> None:
    whole, merged = FoldedNames(), FoldedNames()
    for each in some:
        whole.add(each)
        part = FoldedNames()
        part.add(each)
        merged.update(pickle.loads(pickle.dumps(part)))
    counted = sum((Counter(each) for each in some), Counter[str]())
    assert all(whole.at(place_of(name)) >= n for name, n in counted.items())
    places = [whole.at(place) for place in range(PLACES)]
    assert sum(places) == counted.total()
    assert places == [merged.at(place) for place in range(PLACES)]


def test_a_bound_is_close_where_names_are_as_many_as_places() -> None:
    folded = FoldedNames()
    folded.add({f"198.51.{n // 256}.{n % 256}": 1 for n in range(PLACES)})
    assert folded.at(place_of("198.51.7.7")) < 10


def test_no_name_takes_no_room_and_half_a_character_has_a_place() -> None:
    folded = FoldedNames()
    folded.update(FoldedNames())
    assert folded.at(7) == 0
    assert len(pickle.dumps(folded)) < 200
    folded.add({"\udcff": 3})
    assert folded.at(place_of("\udcff")) == 3
