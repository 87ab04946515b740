"""Texts inside one object come out as from a list, however they were added, packed and cut."""

from __future__ import annotations

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
    assert list(portions) == expected


@given(TEXTS, TEXTS, TEXTS, st.integers(0, 12), st.booleans())
def test_those_of_another_come_behind(
    first: list[bytes], second: list[bytes], waiting: list[bytes], begin: int, is_packed: bool
) -> None:
    portions, other = Portions(), Portions()
    portions.extend(first)
    other.extend(second)
    other.pack()
    other.extend(waiting)
    if is_packed:
        other.pack()
    portions.update(other)
    both = first + second + waiting
    assert list(portions) == both
    portions.pack()
    begin = min(begin, len(both))
    assert portions.sizes(begin) == [len(text) for text in both[begin:]]
    portions.replace(begin, [b"new", b""])
    assert list(portions) == [*both[:begin], b"new", b""]


@given(st.lists(st.lists(st.binary(max_size=4), min_size=1, max_size=3), min_size=1, max_size=6), TEXTS)
def test_runs_become_one_text_each(runs: list[list[bytes]], before: list[bytes]) -> None:
    portions = Portions()
    portions.extend(before + [text for run in runs for text in run])
    portions.pack()
    portions.fuse(len(before), [place == len(run) for run in runs for place in range(1, len(run) + 1)])
    assert list(portions) == before + [b"".join(run) for run in runs]


def test_of_none_and_of_packed_ones_there_is_no_last() -> None:
    portions = Portions()
    assert portions.last is None
    portions.append(b"one")
    portions.pack()
    assert (portions.last, list(portions)) == (None, [b"one"])
    with pytest.raises(IndexError):
        portions.add_to_last(b"!")
