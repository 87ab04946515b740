"""Texts inside one object come out as from a list, however they were added, packed and cut."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.diagnosis.counting.portions import Portions

TEXTS = st.lists(st.binary(max_size=4), max_size=5)


@given(st.lists(st.tuples(TEXTS, st.integers(0, 12), st.booleans()), max_size=6), st.integers(0, 9), st.integers(0, 9))
def test_they_are_as_in_a_list(steps: list[tuple[list[bytes], int, bool]], begin: int, end: int) -> None:
    portions, expected = Portions(), list[bytes]()
    for texts, place, is_packed in steps:
        portions.extend(texts)
        expected.extend(texts)
        if is_packed:
            portions.pack()
        if place < len(expected):
            portions.cut(place)
            del expected[place:]
        portions.append(b"last")
        expected.append(b"last")
        portions.add_to_last(b"!")
        expected[-1] += b"!"
        assert portions.last == expected[-1]
    assert list(portions) == expected
    assert len(portions) == len(expected)
    assert portions.since(begin) == expected[begin:]
    assert portions.since(begin, end) == expected[begin:end]
    assert portions.joined(begin, end) == b"".join(expected[begin:end])
    assert list(portions.ends) == list(accumulate(map(len, expected)))
    assert list(portions) == expected


def test_the_last_of_none_and_of_packed_ones_is_empty() -> None:
    portions = Portions()
    assert portions.last == b""
    portions.append(b"one")
    portions.pack()
    assert (portions.last, list(portions)) == (b"", [b"one"])
    with pytest.raises(IndexError):
        portions.add_to_last(b"!")
