"""Messages are few and true: two looks alike, a cooldown, nothing out of too little data, nothing said twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herodyno.operations.alerts import APART, AlertState, On, Reading, changed, step

NOW = datetime(2026, 11, 23, 2, 12, 40, tzinfo=UTC)
CALM = Reading(kind="nothing_found", severity="info")
BAD = Reading(kind="one_dyno", severity="critical", ongoing=True, dynos=(("web.2", "f9270f4e"),))
WORSE = replace(BAD, kind="some_dynos", dynos=(("web.2", "f9270f4e"), ("web.3", "3099fdf5")))
OVER = replace(BAD, severity="warning", ongoing=False)
TOO_LITTLE = Reading(kind="not_enough_data", severity="info")
OTHER_CALM = Reading(kind="memory", severity="info", ongoing=False)

Look = Reading | tuple[Reading, bool]


def told(
    looks: Iterable[Look], *, on: On = "change", cooldown: int = 0, every: float = 60, state: AlertState | None = None
) -> list[Reading]:
    """What is spoken of over looks at equal distances, each message delivered. (reading, False) is a look in part."""
    state, spoken, at = state or AlertState(), [], NOW
    for look in looks:
        reading, is_whole = look if isinstance(look, tuple) else (look, True)
        state, is_due = step(state, reading, at, on=on, cooldown=timedelta(seconds=cooldown), is_whole=is_whole)
        if is_due:
            spoken.append(reading)
            state = state.delivered(reading, at)
        at += timedelta(seconds=every)
    return spoken


@pytest.mark.parametrize(
    ("looks", "spoken"),
    [
        ([CALM] * 5, []),
        ([BAD], []),
        ([BAD, BAD, BAD], [BAD]),
        ([CALM, BAD, CALM, BAD, CALM, BAD], []),
        ([CALM, BAD, BAD, CALM, BAD, CALM, CALM], [BAD, CALM]),
        ([CALM, BAD, BAD, WORSE, WORSE, OVER, OVER], [BAD, WORSE, OVER]),
        ([CALM, OTHER_CALM, OTHER_CALM, CALM, CALM], []),
    ],
)
def test_two_looks_alike_speak_once(looks: list[Look], spoken: list[Reading]) -> None:
    assert told(looks) == spoken


def test_what_is_critical_in_ever_other_words_is_told_as_critical() -> None:
    assert told([CALM, BAD, WORSE, BAD, WORSE, BAD, WORSE]) == [WORSE]
    assert told([CALM, BAD, WORSE, BAD, WORSE], on="critical") == [WORSE]


@pytest.mark.parametrize("looks", [[CALM, BAD, TOO_LITTLE, BAD], [CALM, TOO_LITTLE, BAD, TOO_LITTLE, BAD]])
def test_too_little_data_is_neither_calm_nor_a_change(looks: list[Look]) -> None:
    assert told(looks) == [BAD]
    assert told([*looks, *[TOO_LITTLE] * 9]) == [BAD]
    assert told([*looks, *[TOO_LITTLE] * 9, BAD, BAD]) == [BAD]


def test_a_look_without_the_api_or_the_log_shows_only_what_is_worse() -> None:
    assert told([BAD, BAD, (CALM, False), (CALM, False), (OVER, False), (OVER, False), (WORSE, False)]) == [BAD]
    assert told([CALM, (BAD, False), (BAD, False)]) == [BAD]
    assert told([(CALM, False), BAD, BAD]) == [BAD]


def test_critical_says_nothing_of_the_end_and_again_of_the_next() -> None:
    looks = [CALM, BAD, BAD, OVER, OVER, CALM, CALM, BAD, BAD]
    assert told(looks, on="critical") == [BAD, BAD]
    assert told(looks, on="critical", cooldown=3600) == [BAD]


def test_what_happens_in_the_cooldown_is_told_after_it_if_it_still_is_so() -> None:
    calm_again = [BAD, BAD, *[CALM] * 20]
    assert told(calm_again, cooldown=600) == [BAD, CALM]
    assert told([BAD, BAD, CALM, CALM, *[BAD] * 20], cooldown=600) == [BAD]


OTHER = replace(BAD, dynos=(("web.4", "52a8d1f0"),))


@pytest.mark.parametrize(
    ("looks", "spoken"),
    [
        ([WORSE, WORSE, *[BAD, WORSE] * 20], [BAD, WORSE]),
        ([WORSE, WORSE, BAD, *[WORSE, BAD] * 9, *[WORSE] * 9], [BAD, WORSE]),
        ([WORSE, WORSE, *[BAD] * 9, WORSE, BAD, BAD], [BAD]),
        ([WORSE, TOO_LITTLE, WORSE, BAD, (OVER, False), *[WORSE, BAD] * 3, WORSE], [BAD, WORSE]),
        ([WORSE, OTHER, *[BAD, WORSE] * 9], [BAD, WORSE]),
    ],
)
def test_verdicts_as_grave_by_turns_are_told_once_the_cooldown_is_over(
    looks: list[Look], spoken: list[Reading]
) -> None:
    assert told([BAD, BAD, *looks], cooldown=600) == spoken


def test_a_message_that_failed_is_tried_again_when_the_verdict_turns_back_for_one_look() -> None:
    state = AlertState().delivered(BAD, NOW - timedelta(hours=1))
    tries = []
    for minute, reading in enumerate([WORSE, WORSE, BAD, WORSE, BAD, BAD, WORSE]):
        at = NOW + timedelta(minutes=minute)
        state, is_due = step(state, reading, at, on="change", cooldown=timedelta(minutes=10))
        if is_due:
            state = state.tried(str(minute), at)
            tries.append((minute, state.pending))
    assert tries == [(1, "1"), (3, "1")]


def test_the_graver_is_told_in_the_cooldown_too() -> None:
    assert told([OVER, OVER, BAD, BAD], cooldown=600) == [OVER, BAD]


def test_two_processes_at_one_minute_are_one_look() -> None:
    at_once = AlertState()
    for seconds in (0, 1, 2):
        at = NOW + timedelta(seconds=seconds)
        at_once, is_due = step(at_once, BAD, at, on="change", cooldown=timedelta())
        assert not is_due
    assert step(at_once, BAD, NOW + APART, on="change", cooldown=timedelta())[1]


def test_a_late_look_of_another_process_changes_nothing_and_a_clock_set_back_hinders_nothing() -> None:
    state = AlertState().delivered(BAD, NOW)
    late = NOW - timedelta(seconds=30)
    assert step(state, CALM, late, on="change", cooldown=timedelta()) == (state, False)
    ran_ahead = AlertState().delivered(BAD, NOW + timedelta(days=3650))
    assert told([CALM, CALM], state=ran_ahead) == [CALM]
    assert told([CALM] * 12, state=ran_ahead, cooldown=300) == [CALM]


def test_a_message_keeps_its_id_until_it_is_delivered_or_no_longer_true() -> None:
    state, _ = step(AlertState(), BAD, NOW, on="change", cooldown=timedelta())
    at = NOW + timedelta(minutes=1)
    state = step(state, BAD, at, on="change", cooldown=timedelta())[0].tried("first", at)
    again, is_due = step(state, WORSE, at + timedelta(minutes=1), on="change", cooldown=timedelta())
    assert is_due
    again = again.tried("second", at + timedelta(minutes=1))
    assert (again.pending, again.tries) == ("first", 2)
    calm, is_due = step(again, CALM, at + timedelta(minutes=2), on="change", cooldown=timedelta())
    assert (calm.pending, calm.tries, is_due) == ("", 0, False)


def test_what_cannot_be_delivered_is_tried_quickly_then_slowly_and_never_given_up() -> None:
    state, tries = AlertState(), []
    for minute in range(45):
        at = NOW + timedelta(minutes=minute)
        state, is_due = step(state, BAD, at, on="change", cooldown=timedelta(hours=1))
        if is_due:
            tries.append(minute)
            state = state.tried("id", at)
    assert tries == [1, 2, 3, 13, 23, 33, 43]


def test_what_changed_is_named() -> None:
    assert changed(BAD, WORSE) == ("class", "dynos")
    assert changed(BAD, OVER) == ("severity", "ongoing")
    assert changed(None, BAD) == ("severity", "class", "ongoing", "dynos")


READINGS = st.sampled_from([CALM, BAD, WORSE, OVER, TOO_LITTLE, OTHER_CALM])
LOOKS: Any = st.lists(READINGS | st.tuples(READINGS, st.booleans()), max_size=40)


@settings(max_examples=40)
@given(LOOKS, st.sampled_from(["change", "critical"]))
def test_nothing_is_said_twice_in_a_row_and_no_end_of_what_was_not_told(looks: list[Look], on: On) -> None:
    spoken = told(looks, on=on)
    assert TOO_LITTLE not in spoken
    if on == "critical":
        assert {each.severity for each in spoken} <= {"critical"}
    else:
        assert all(before != after for before, after in pairwise(spoken))


@settings(max_examples=40)
@given(LOOKS)
def test_a_cooldown_lets_at_most_two_graver_messages_pass(looks: list[Look]) -> None:
    assert len(told(looks, cooldown=3600 * 24)) <= 3
