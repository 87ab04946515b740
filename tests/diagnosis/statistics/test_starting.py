"""What fails only while it starts is no outlier, and what goes on failing is one."""

from __future__ import annotations

from herodyno.diagnosis.statistics.starting import failed_while_starting, others_at_that_age
from tests.diagnosis.served import Served, judged, subjects


def starts(at: float, *, until: float, start: float | None = None) -> Served:
    """A dyno that begins at a time and fails every second request until another."""
    times = [at + 1 + 2 * i for i in range(int((until - at) / 2))]
    return Served(1, [(seconds, f"/p{i % 9}") for i, seconds in enumerate(times)], start=at if start is None else start)


WELL = Served(1, [])


def test_errors_of_the_first_minutes_that_are_over_accuse_nobody() -> None:
    told = judged(starts(300, until=700), WELL, WELL, WELL, seconds=1500)

    assert (told[0].standing, told[0].while_starting) == ("suspect", True)
    assert told[0].reason == "it failed while it started, and not since"


def test_errors_that_go_on_after_ten_minutes_accuse() -> None:
    told = judged(starts(300, until=1450), WELL, WELL, WELL, seconds=1500)

    assert (told[0].standing, told[0].while_starting) == ("outlier", False)


def test_errors_of_a_dyno_that_began_before_the_window_are_not_those_of_starting() -> None:
    told = judged(starts(0, until=250, start=-4000.0), WELL, WELL, WELL, seconds=1500)

    assert told[0].standing == "outlier"


def test_a_dyno_that_still_starts_is_accused_unless_others_failed_at_that_age() -> None:
    young, other = starts(1000, until=1330), starts(200, until=520)

    alone, beside_one = judged(young, WELL, WELL, WELL, seconds=1340), judged(young, other, WELL, WELL, seconds=1340)

    assert alone[0].standing == "outlier"
    assert [each.while_starting for each in beside_one] == [True, False, False, False]
    assert beside_one[0].reason == "it is starting, and others failed at that age only"


def test_what_others_did_at_that_age_is_told() -> None:
    everyone = subjects(starts(300, until=550), starts(400, until=640), starts(500, until=500), WELL, seconds=1500)

    same, not_the_same = others_at_that_age(everyone[0], everyone)

    assert [each.incarnation.dyno for each in same] == ["web.2"]
    assert [each.incarnation.dyno for each in not_the_same] == ["web.3"]
    assert [failed_while_starting(each) for each in everyone] == [True, True, False, False]
