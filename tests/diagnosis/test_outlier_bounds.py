"""Where each of the six rules begins: one step short of it nobody is accused."""

from __future__ import annotations

import pytest

from tests.diagnosis.served import Served, judged


def apart(n: int, start: float = 5.0, end: float = 295.0, *codes: str) -> list[tuple[float, str]]:
    """Errors too far apart to fuse, evenly over a time."""
    return [
        (start + (end - start) * i / max(1, n - 1), f"/p{i} {codes[i % len(codes)] if codes else ''}".strip())
        for i in range(n)
    ]


@pytest.mark.parametrize(("events", "accused"), [(4, False), (5, True)])
def test_at_least_five_events(events: int, accused: bool) -> None:
    told = judged(Served(0.4, apart(events)), *[Served(0.4, [])] * 9)

    assert (told[0].standing == "outlier") is accused


@pytest.mark.parametrize(("events", "accused"), [(5, False), (6, True)])
def test_at_least_two_per_cent_of_requests_more_than_the_peers(events: int, accused: bool) -> None:
    """5 of 260 requests are 1.9 %, 6 of 261 are 2.3 %."""
    told = judged(Served(0.85, apart(events)), *[Served(0.85, [])] * 9)

    assert (told[0].standing == "outlier") is accused


@pytest.mark.parametrize(("theirs", "accused"), [(2, True), (3, False)])
def test_at_least_three_times_the_rate_for_certain(theirs: int, accused: bool) -> None:
    """20 events beside 8 or 9 of three peers: the lower bound is 3.0 or 2.8."""
    peers = [Served(1, apart(3)), Served(1, apart(3)), Served(1, apart(theirs))]

    told = judged(Served(0.95, apart(20)), *peers)

    assert told[0].ratio_low == pytest.approx(3.16 if accused else 2.9, abs=0.15)
    assert (told[0].standing == "outlier") is accused


def test_the_chance_is_corrected_for_every_look() -> None:
    """Four dynos, all errors and one code: eight looks, and by moments twice: 2 * 8 * (1/4)^6."""
    told = judged(Served(0.38, apart(6)), *[Served(0.4, [])] * 3)

    assert told[0].p_adjusted == pytest.approx(16 / 4**6, rel=0.05)
    assert told[0].standing == "outlier"


@pytest.mark.parametrize(("codes", "accused"), [(3, True), (5, False)])
def test_more_kinds_of_errors_are_more_looks(codes: int, accused: bool) -> None:
    kinds = ("H12", "H13", "H18", "H19", "H21")[:codes]

    told = judged(Served(0.38, apart(6, 5.0, 295.0, *kinds)), *[Served(0.4, [])] * 3)

    assert (told[0].standing == "outlier") is accused


@pytest.mark.parametrize(("end", "confidence"), [(99.0, "medium"), (149.0, "high")])
def test_half_of_the_parts_of_the_window_are_enough_to_be_sustained(end: float, confidence: str) -> None:
    told = judged(Served(0.6, apart(14, 1.0, end)), *[Served(0.6, [])] * 5)

    assert (told[0].standing, told[0].confidence) == ("outlier", confidence)
    assert told[0].sustained == (2 if confidence == "medium" else 3, 6)


def test_the_last_moment_of_the_window_belongs_to_its_last_part() -> None:
    assert judged(Served(0.4, [(300.0, "/a")]), *[Served(0.4, [])] * 3)[0].sustained == (1, 6)


def test_more_than_half_of_the_dynos_are_never_told_as_some() -> None:
    bad = Served(0.6, apart(30))

    assert [each.standing for each in judged(bad, bad, bad, Served(0.6, []))].count("outlier") == 0
    assert [each.standing for each in judged(bad, bad, Served(0.6, []), Served(0.6, []))].count("outlier") == 2


@pytest.mark.parametrize(("end", "accused"), [(118.0, False), (180.0, True)])
def test_the_first_two_minutes_of_a_life_are_left_out(end: float, accused: bool) -> None:
    bad = Served(1, [(60 + i * (end - 60) / 14, f"/p{i}") for i in range(15)], start=0.0)

    told = judged(bad, *[Served(1, [])] * 5)

    assert (told[0].standing == "outlier") is accused


def test_only_what_moments_acquit_is_said_to_have_come_at_moments() -> None:
    """Nine errors within eight seconds would be enough; four within eight are too few anyhow."""
    enough, few = ([(100.0 + i, f"/p{i}") for i in range(n)] for n in (9, 4))

    assert judged(Served(0.5, enough), *[Served(0.5, [])] * 5)[0].episodes == 1
    assert judged(Served(0.5, few), *[Served(0.5, [])] * 5)[0].episodes == 0


def test_a_hang_of_ten_seconds_is_one_moment_and_of_more_is_two() -> None:
    def hung(seconds: float) -> Served:
        return Served(0.5, [(100.0 + seconds * i / 11, f"/p{i}") for i in range(12)])

    assert judged(hung(9.5), *[Served(0.5, [])] * 5)[0].episodes == 1
    assert judged(hung(10.5), *[Served(0.5, [])] * 5)[0].episodes == 2


def test_where_failing_lasts_both_counts_have_a_say_so_each_counts_twice() -> None:
    """A page that fails all the time on one of four: 60 moments of 5 s, but eight looks and twice two counts."""
    told = judged(Served(2, [(i * 2.0, "/a") for i in range(30)]), *[Served(2, [])] * 3, seconds=60)

    episodes = 1 + int(58 / 5)
    assert told[0].p_adjusted == pytest.approx(4 * 8 * (150 / 510) ** episodes, rel=0.2)


def test_errors_that_are_many_but_no_larger_than_the_peers_are_not_told_as_moments() -> None:
    """Beyond chance and at one moment, but less than 2 % of many requests: there is nothing to acquit of."""
    hung = [(100.0 + i, f"/p{i}") for i in range(9)]

    assert judged(Served(4, hung), *[Served(4, [])] * 5)[0].episodes == 0
