"""What failed at one time is one moment; what never pauses is told by how long it went on and how much it was."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.statistics.episodes import ByTime, by_time, is_lasting
from herodyno.diagnosis.statistics.peers import ALL, PeerComparison
from tests.diagnosis.served import Served, judged, odd, subjects


def hang(at: float, *, lines: int = 40, seconds: float = 6.0) -> list[tuple[float, str]]:
    return [(at + i * seconds / lines, f"/p{i % 8}") for i in range(lines)]


def test_a_path_that_fails_without_a_pause_stands_out_from_many_odd_errors() -> None:
    """25 requests a second on each of three: one burst of the guilty dyno, 90 separate errors of its peers."""
    bad = [(i / 4, "/orders") for i in range(1200)]

    guilty, *others = judged(Served(25, bad), Served(25, odd(0.15, 1)), Served(25, odd(0.15, 2)))

    assert (guilty.standing, guilty.confidence) == ("outlier", "high")
    assert guilty.ratio == pytest.approx(1200 / 8700 * 15000 / 90, rel=0.3)
    assert guilty.ratio_low is not None
    assert guilty.ratio is not None
    assert 3 < guilty.ratio_low < guilty.ratio
    assert "outlier" not in [each.standing for each in others]


def test_two_dynos_that_fail_without_a_pause_do_not_hide_one_another() -> None:
    bad = [(i / 4, "/orders") for i in range(1200)]
    peers = [Served(25, odd(0.15, seed)) for seed in range(3)]

    told = judged(Served(25, bad), *peers, Served(25, bad))

    assert [each.standing == "outlier" for each in told] == [True, False, False, False, True]


def test_a_dyno_that_hung_a_few_times_is_not_accused_although_every_part_of_the_window_has_an_error() -> None:
    hung = [error for at in (20, 110, 200) for error in hang(at)] + [(at + 0.5, "/p3") for at in range(10, 300, 50)]

    told = judged(Served(10, hung), *[Served(10, odd(0.02, seed)) for seed in range(3)])

    assert told[0].standing == "suspect"
    assert 3 <= told[0].episodes <= 9


def test_a_dyno_that_hangs_all_the_time_is() -> None:
    hung = [error for at in range(5, 300, 25) for error in hang(at, lines=20)]

    assert judged(Served(10, hung), *[Served(10, odd(0.02, seed)) for seed in range(3)])[0].standing == "outlier"


def test_moments_that_only_acquit_are_told_only_of_whom_they_acquit() -> None:
    spread = judged(*[Served(10, odd(0.2, seed)) for seed in range(4)])

    assert [each.episodes for each in spread] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("seconds", "length", "times", "lasting"),
    [
        (300, 31, 4, True), (300, 31, 3, False), (300, 29, 10, False), (300, 101, 1, True), (300, 95, 1, False),
        (40, 20, 1, True), (40, 19, 1, False), (40, 11, 2, True), (40, 9, 3, False),
        (80, 29, 1, False), (80, 31, 1, True),
    ],
)  # fmt: skip
def test_what_lasts_is_longer_than_a_burst_and_fills_a_third_of_the_time(
    seconds: float, length: float, times: int, lasting: bool
) -> None:
    gap = (seconds - times * length) / times
    starts = [i * (length + gap) for i in range(times)] if gap > 5 else [i * (length + 6) for i in range(times)]
    errors = [(start + i, "/a") for start in starts for i in range(int(length) + 1)]

    (subject,) = subjects(Served(1, errors), seconds=seconds)

    assert is_lasting(subject, ALL) is lasting
    assert not is_lasting(subject, "H10")


def test_a_moment_weighs_the_lines_that_failed_in_it() -> None:
    one, two = subjects(Served(1, [*hang(40, lines=30), (200.0, "/a")]), Served(1, [(41.0, "/a"), (100.0, "/b")]))

    found = by_time(one, [two], ALL, lasting=False)

    assert (found.own, found.theirs) == ([30.0, 1.0], [1.0, 1.0])
    assert len(by_time(one, [two], ALL, lasting=True).own) == 3


def test_odd_errors_beside_a_hang_do_not_make_several_great_moments_of_it() -> None:
    one, two = subjects(Served(1, [(31.0, "/a"), *hang(40, lines=30), (55.0, "/b")]), Served(1, []))

    assert sorted(by_time(one, [two], ALL, lasting=False).own) == [1.0, 1.0, 30.0]


def test_moments_are_counted_in_the_span_of_the_subject_only() -> None:
    one, two = subjects(Served(1, [(200.0, "/a")]), Served(1, [(100.0, "/a"), (250.0, "/a")]))

    assert by_time(one._replace(start=150.0), [two], ALL, lasting=False).theirs == [1.0]


def test_many_small_moments_or_a_few_great_ones_may_be_beyond_chance() -> None:
    even = PeerComparison(events=0, requests=100, peer_events=0, peer_requests=300, lines=0, peer_lines=0)

    assert ByTime([1.0] * 12, [1.0] * 4).chance(even) < 0.001
    assert ByTime([50.0] * 8, [1.0] * 60).chance(even) < 0.001
    assert ByTime([50.0], [1.0] * 20).chance(even) > 0.25
    assert ByTime([50.0, 1.0, 1.0, 1.0], [1.0] * 20).chance(even) > 0.25
    assert ByTime([20.0] * 3, [20.0] * 9).chance(even) == 1.0


def test_the_bound_of_the_ratio_counts_moments_not_lines() -> None:
    row = PeerComparison(events=0, requests=1000, peer_events=0, peer_requests=2000, lines=400, peer_lines=40)

    few, many = ByTime([100.0] * 4, [1.0] * 40), ByTime([5.0] * 80, [1.0] * 40)

    assert few.ratio(row)[0] == many.ratio(row)[0] == pytest.approx(20)
    assert few.ratio(row)[1] < many.ratio(row)[1] < 20
    assert ByTime([100.0] * 4, []).ratio(row)[1] == pytest.approx(1.32, abs=0.05)
