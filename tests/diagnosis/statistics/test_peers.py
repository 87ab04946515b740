"""Peers are found by one walk through time, and are those that a look at each pair gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from herodyno.diagnosis.counting.facts import IncarnationFacts
from herodyno.diagnosis.statistics.peers import MOST_BEFORE, Subject, all_peers, peers_of
from herodyno.diagnosis.timeline.incarnations import Incarnation

lives = st.tuples(
    st.integers(0, 6), st.integers(0, 4), st.sampled_from([None, 1, 2]), st.sampled_from(["", "Basic", "Eco"])
)


def lived(name: str, start: float, seconds: float, release: int | None = None, size: str = "") -> Subject:
    incarnation = Incarnation(name, 1, None)
    incarnation.release, incarnation.size = release, size
    return Subject(incarnation, IncarnationFacts(), start, start + seconds)


@given(st.lists(lives, max_size=12))
def test_they_are_those_of_each_pair(rows: list[tuple[int, int, int | None, str]]) -> None:
    subjects = [lived(f"web.{number}", *row) for number, row in enumerate(rows)]

    found = all_peers(subjects)

    assert list(found) == [subject.incarnation.key for subject in subjects]
    for subject in subjects:
        expected = {peer.incarnation.key for peer in peers_of(subject, subjects)}
        assert sorted(found[subject.incarnation.key]) == sorted(expected)


def test_of_very_many_a_dyno_is_compared_with_the_last_before_it_and_with_those_after_it() -> None:
    subjects = [lived(f"web.{number}", float(number), 1000.0) for number in range(MOST_BEFORE + 20)]

    found = all_peers(subjects)

    assert len(found["web.0", 1]) == MOST_BEFORE
    assert len(found[f"web.{MOST_BEFORE + 10}", 1]) == MOST_BEFORE + 9
