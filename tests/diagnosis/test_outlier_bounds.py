"""Where each of the rules begins: one step short of it nobody is accused."""

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
    """Four dynos, all errors and one code: eight looks."""
    told = judged(Served(0.38, apart(6)), *[Served(0.4, [])] * 3)

    assert told[0].p_adjusted == pytest.approx(8 / 4**6, rel=0.3)
    assert told[0].standing == "outlier"


def test_more_kinds_of_errors_are_more_looks() -> None:
    one, three = (
        judged(Served(0.38, apart(6, 5.0, 295.0, *codes)), *[Served(0.4, [])] * 3)[0].p_adjusted
        for codes in (("H12",), ("H12", "H13", "H18"))
    )

    assert one is not None
    assert three == pytest.approx(2 * one)


@pytest.mark.parametrize(("end", "confidence"), [(80.0, "medium"), (149.0, "high")])
def test_half_of_the_parts_of_the_window_are_enough_to_be_sustained(end: float, confidence: str) -> None:
    told = judged(Served(0.6, apart(14, 1.0, end)), *[Served(0.6, [])] * 5)

    assert (told[0].standing, told[0].confidence) == ("outlier", confidence)
    assert told[0].sustained == (2 if confidence == "medium" else 3, 6)


def test_the_last_moment_of_the_window_belongs_to_its_last_part() -> None:
    assert judged(Served(0.4, [(299.9, "/a")]), *[Served(0.4, [])] * 3)[0].sustained == (1, 6)


def test_more_than_half_of_the_dynos_are_never_told_as_some() -> None:
    bad = Served(0.6, apart(30))

    assert [each.standing for each in judged(bad, bad, bad, Served(0.6, []))].count("outlier") == 0
    assert [each.standing for each in judged(bad, bad, Served(0.6, []), Served(0.6, []))].count("outlier") == 2


@pytest.mark.parametrize(("end", "accused"), [(118.0, False), (295.0, True)])
def test_the_first_two_minutes_of_a_life_are_left_out(end: float, accused: bool) -> None:
    bad = Served(1, [(60 + i * (end - 60) / 24, f"/p{i}") for i in range(25)], start=0.0)

    told = judged(bad, *[Served(1, [])] * 5)

    assert (told[0].standing == "outlier") is accused


def test_a_hang_of_ten_seconds_is_one_moment_and_of_more_is_two() -> None:
    def hung(seconds: float) -> Served:
        return Served(0.5, [(100.0 + seconds * i / 11, f"/p{i}") for i in range(12)])

    assert judged(hung(9.5), *[Served(0.5, [])] * 5)[0].moments == 1
    assert judged(hung(10.5), *[Served(0.5, [])] * 5)[0].moments == 2


def test_where_failing_lasts_moments_are_short() -> None:
    """A page that fails all the time on one of four, for a minute: 36 moments at most, each by itself one of four."""
    told = judged(Served(2, [(i * 2.0, "/a") for i in range(30)]), *[Served(2, [])] * 3, seconds=60)

    assert 25 <= told[0].moments <= 30
    assert told[0].standing == "outlier"


def test_errors_that_are_many_but_no_larger_than_the_peers_are_not_apart() -> None:
    """Beyond chance line by line, but less than three times the rate."""
    bad = [(20.0 + i * 7, f"/p{i}") for i in range(40)]
    rest = [(23.0 + i * 14, f"/p{i}") for i in range(20)]

    told = judged(Served(1, bad), *[Served(1, rest)] * 5)

    assert told[0].evenness.uneven
    assert not told[0].evenness.apart
