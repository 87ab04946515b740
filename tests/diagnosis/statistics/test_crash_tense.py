"""A dyno that crashed goes on crashing until it has been up longer than it ever was before a crash."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.statistics.crash_tense import crash_tense
from herodyno.diagnosis.statistics.tense import NEVER_FAILED, Tense
from herodyno.diagnosis.timeline.incarnations import Incarnation


def lives(*spans: tuple[float | None, float | None, bool]) -> list[Incarnation]:
    """The incarnations of web.1: (start, end, crashed)."""
    found = []
    for number, (start, end, crashed) in enumerate(spans):
        each = Incarnation("web.1", number, start)
        each.end, each.crashed = end, crashed
        found.append(each)
    return found


def test_a_dyno_that_never_crashed_has_no_tense() -> None:
    assert crash_tense(lives((None, 50.0, False), (50.0, None, False)), 0.0, 900.0, is_down=False) == NEVER_FAILED


def test_a_dyno_that_is_down_goes_on_crashing() -> None:
    assert crash_tense(lives((10.0, 50.0, True)), 0.0, 5000.0, is_down=True) == Tense(True, 50.0)


@pytest.mark.parametrize(
    ("now", "ongoing"),
    [(60.0, None), (299.0, None), (451.0, False)],
)
def test_one_crash_is_over_when_the_dyno_has_been_up_for_as_long_as_before(now: float, ongoing: bool | None) -> None:
    told = crash_tense(lives((-350.0, 50.0, True), (51.0, None, False)), 0.0, now, is_down=False)
    assert told == Tense(ongoing, 50.0, 51.0 if ongoing is False else None)


@pytest.mark.parametrize(("now", "ongoing"), [(340.0, None), (351.0, False)])
def test_a_life_whose_beginning_is_not_seen_counts_as_five_minutes(now: float, ongoing: bool | None) -> None:
    told = crash_tense(lives((None, 50.0, True), (51.0, None, False)), 0.0, now, is_down=False)
    assert told.ongoing is ongoing


@pytest.mark.parametrize(("up", "ongoing"), [(20.0, True), (119.0, True), (121.0, False)])
def test_a_loop_of_short_lives_is_over_after_two_minutes_whatever_came_before_it(
    up: float, ongoing: bool | None
) -> None:
    loop = lives(
        (None, 3600.0, True),
        (3601.0, 3621.0, True),
        (3622.0, 3642.0, True),
        (3643.0, 3663.0, True),
        (3664.0, None, False),
    )
    told = crash_tense(loop, 0.0, 3664.0 + up, is_down=False)
    assert told == Tense(ongoing, 3663.0, 3664.0 if ongoing is False else None)


def test_a_dyno_that_lives_for_minutes_before_each_crash_goes_on_until_it_lives_longer() -> None:
    loop = lives((0.0, 600.0, True), (601.0, 1200.0, True), (1201.0, 1800.0, True), (1801.0, None, False))
    assert crash_tense(loop, 0.0, 2390.0, is_down=False).ongoing is True
    assert crash_tense(loop, 0.0, 2410.0, is_down=False).ongoing is False


def test_a_dyno_that_was_scaled_away_or_stopped_after_its_crash_goes_on_no_more() -> None:
    assert crash_tense(lives((0.0, 60.0, True)), 0.0, 70.0, is_down=False) == Tense(False, 60.0, 60.0)
    stopped = lives((0.0, 60.0, True), (61.0, 70.0, False))
    assert crash_tense(stopped, 0.0, 80.0, is_down=False) == Tense(False, 60.0, 61.0)
