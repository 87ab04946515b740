"""Whether errors go on: over only beyond chance, and after more quiet than they ever left."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.diagnosis.counting.errors.bursts import Spans
from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.statistics.onset import onset
from herodyno.diagnosis.statistics.tense import NEVER_FAILED, Tense, after_its_end, longest_pause, tense


def told(rates: list[tuple[float, float]], *, per_second: float = 3.0, seed: int = 1) -> Tense:
    """The tense at the end of stretches of (seconds, error rate)."""
    random, grid, episodes, now = Random(seed), Grid(), Spans(), 0.0
    for seconds, rate in rates:
        until = now + seconds
        while (now := now + random.expovariate(per_second)) < until:
            failed = random.random() < rate
            grid.add(now, error=failed, service_ms=20)
            if failed:
                episodes.add(now)
        now = until
    began = onset(grid)
    return tense(grid, [episodes], now, began.seconds if began else float("-inf"))


def test_an_outage_that_ended_ten_minutes_ago_is_over_and_its_end_is_told() -> None:
    found = told([(300, 0.0), (300, 0.2), (600, 0.0)])

    assert found.ongoing is False
    assert found.ended_at is not None
    assert 570 <= found.ended_at <= 600
    assert found.since[0] == 0
    assert found.expected > 200


def test_the_odd_error_of_a_healthy_app_does_not_make_an_outage_go_on() -> None:
    assert all(told([(300, 0.001), (300, 0.2), (900, 0.002)], seed=seed).ongoing is False for seed in range(20))


def test_an_odd_error_long_before_makes_no_pause() -> None:
    """It lies ten minutes before the outage. The quiet since is shorter than twice that."""
    assert told([(10, 0.05), (590, 0.0), (200, 0.3), (400, 0.0)]).ongoing is False


def test_failing_until_the_end_goes_on() -> None:
    found = [told([(300, 0.0), (600, rate)], seed=seed) for rate in (0.02, 0.1, 0.6) for seed in range(30)]

    assert not [each for each in found if each.ongoing is False]
    assert sum(each.ongoing is True for each in found) >= 75


def test_what_comes_in_spells_is_not_over_between_two() -> None:
    spell = [(60, 0.3), (240, 0.0)]

    assert told([*spell, *spell, *spell]).ongoing is None
    assert told([*spell, *spell, *spell, (300, 0.0)]).ongoing is False


def test_a_few_clean_requests_after_a_low_rate_cannot_tell() -> None:
    assert told([(600, 0.02), (90, 0.0)]).ongoing is None


def test_half_the_rate_is_not_over() -> None:
    assert told([(600, 0.4), (600, 0.2)]).ongoing is True


def test_stragglers_of_what_is_over_are_before_its_end() -> None:
    """The outage ends at 300 s; two of its requests end 12 and 25 s later, in a new cell."""
    grid, episodes = Grid(), Spans()
    for i in range(1800):
        failed = (i < 900 and i % 4 == 0) or i in (936, 975)
        grid.add(i / 3, error=failed, service_ms=20)
        if failed:
            episodes.add(i / 3)

    found = tense(grid, [episodes], 600.0)

    assert (found.ongoing, found.ended_at, found.since) == (False, 325.0, (0, 810))


def test_without_an_error_nothing_failed() -> None:
    assert told([(600, 0.0)]) == NEVER_FAILED
    assert NEVER_FAILED.expected == 0


def test_a_dyno_that_ended_does_not_go_on() -> None:
    over = Tense(False, 9.0, 9.0, (8, 40), (0, 90))

    assert [after_its_end(Tense(goes_on, 9.0)) for goes_on in (True, None)] == [Tense(False, 9.0, 9.0)] * 2
    assert after_its_end(over) == over
    assert after_its_end(NEVER_FAILED) == NEVER_FAILED


@pytest.mark.parametrize(("newest", "ongoing"), [(540.0, True), (539.0, None)])
def test_an_error_of_the_last_minute_goes_on(newest: float, ongoing: bool | None) -> None:
    grid = Grid()
    grid.add(newest, error=True, service_ms=20)

    assert tense(grid, [Spans(spans=[(newest, newest)])], 600.0).ongoing is ongoing


@pytest.mark.parametrize("late", [1.0, 120.0, 9e7])
def test_a_log_whose_last_line_is_from_before_its_errors_has_a_tense(late: float) -> None:
    grid, episodes = Grid(), Spans()
    for at in range(120):
        grid.add(9e7 + at, error=True, service_ms=20)
        episodes.add(9e7 + at)

    assert tense(grid, [episodes], 9e7 + 120 - late).ongoing is True


@given(st.lists(st.tuples(st.integers(0, 1200), st.booleans()), max_size=80))
def test_any_requests_have_a_tense_whose_counts_add_up(requests: list[tuple[int, bool]]) -> None:
    grid, episodes = Grid(), Spans()
    for at, failed in requests:
        grid.add(float(at), error=failed, service_ms=20)
        if failed:
            episodes.add(float(at))

    found = tense(grid, [episodes], 1200.0)

    assert found.before[0] + found.since[0] in (0, sum(failed for _, failed in requests))
    assert (found.ended_at is not None) == (found.ongoing is False)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), min_size=1, max_size=12))
def test_the_longest_pause_is_that_between_the_last_end_so_far_and_the_next_error(rows: list[tuple[int, int]]) -> None:
    times = sorted((float(at), float(at + lasted)) for at, lasted in rows)
    longest, place, newest = 0.0, 0, times[0][1]
    for number, (first, last) in enumerate(times):
        if first - newest > longest:
            longest, place = first - newest, number
        newest = max(newest, last)
    assert longest_pause(times) == (longest, place)
