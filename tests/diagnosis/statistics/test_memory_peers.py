"""A level against the peers' at the same times, and growth against age."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from herodyno.diagnosis.counting.facts import IncarnationFacts
from herodyno.diagnosis.statistics.memory_peers import above_peers, grow_by_age
from herodyno.diagnosis.statistics.trend import TrendFacts, TrendKind
from herodyno.diagnosis.timeline.incarnations import Incarnation


class Dyno(NamedTuple):
    incarnation: Incarnation
    facts: IncarnationFacts
    quota_mb: float | None
    trend: TrendFacts


def dyno(
    name: str,
    level: float,
    *,
    start: float = 0.0,
    first: float = 3000.0,
    last: float = 4200.0,
    quota: float | None = 512.0,
    kind: TrendKind = "growing",
) -> Dyno:
    """A dyno at one level, sampled between two times."""
    facts = IncarnationFacts()
    for at in range(int(first), int(last), 20):
        facts.memory.add_sample(at, level, 0.0, quota, None)
    return Dyno(Incarnation(dyno=name, number=0, start=start), facts, quota, TrendFacts(kind, ""))


def test_far_above_is_half_as_much_again_and_a_fifth_of_the_quota() -> None:
    peers = [dyno("web.2", 200), dyno("web.3", 220)]
    assert above_peers(dyno("web.1", 340), peers) == [200, 220]
    assert above_peers(dyno("web.1", 325), peers) == []  # not half as much again
    assert above_peers(dyno("web.1", 180), [dyno("web.2", 90)]) == []  # twice, but not a fifth of the quota


@pytest.mark.parametrize(
    "peer",
    [
        dyno("web.1", 200),  # an earlier life of its name
        dyno("web.2", 200, quota=1024.0),
        dyno("web.2", 200, first=9000, last=9900),  # another time
        dyno("web.2", 200, start=2900.0, last=3700.0),  # hardly booted
        dyno("web.2", 200, last=3030),  # two samples
    ],
)
def test_what_is_no_peer_at_that_time_is_no_measure(peer: Dyno) -> None:
    assert above_peers(dyno("web.1", 400), [peer]) == []


def test_the_older_is_higher_where_memory_grows_with_age() -> None:
    by_age = [dyno(f"web.{n}", 300 - n, start=n * 3700.0, first=12_000, last=13_000) for n in range(3)]
    alike = [dyno(f"web.{n}", 300, start=n * 3700.0, first=12_000, last=13_000) for n in range(3)]
    assert grow_by_age(by_age)
    assert not grow_by_age(alike)
    assert not grow_by_age(by_age[:2])
    assert not grow_by_age([*by_age, dyno("web.9", 100, kind="flat")])
    assert grow_by_age([*by_age, dyno("web.9", 100, kind="not_assessed")])


def test_dynos_of_one_age_show_nothing_by_their_age() -> None:
    assert not grow_by_age([dyno(f"web.{n}", 300 - n, start=n * 60.0) for n in range(3)])
