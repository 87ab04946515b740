"""Calls for many apps slow down before the account has none left, and go on after a 429."""

from __future__ import annotations

import threading

import pytest

from herodyno.heroku.api.call_budget import KEPT_CALLS, CallBudget


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


def budget(clock: Clock, left: int | None, notes: list[str]) -> CallBudget:
    return CallBudget(lambda: left, now=clock.now, sleep=clock.sleep, note=notes.append)


def test_with_calls_left_nothing_waits() -> None:
    for left in (None, 4500, KEPT_CALLS + 4):
        clock, notes = Clock(), list[str]()
        budget(clock, left, notes).take(4)
        assert (clock.at, notes) == (0.0, [])


def test_calls_on_their_way_count_as_spent() -> None:
    clock, notes = Clock(), list[str]()
    shared = budget(clock, KEPT_CALLS + 8, notes)
    shared.take(4)
    shared.take(4)
    assert not notes
    shared.take(4)
    assert len(notes) == 1
    for _ in range(3):
        shared.give_back(4)
    shared.take(4)
    assert len(notes) == 1


def test_near_the_end_calls_go_out_as_fast_as_they_come_back() -> None:
    clock, notes = Clock(), list[str]()
    shared = budget(clock, 40, notes)
    for _ in range(76):
        shared.take(1)
        shared.give_back(1)
    assert clock.at == pytest.approx(60.0)
    assert notes == ["40 API calls left: going on as they come back, 75 a minute"]


def test_after_a_429_nothing_goes_out_for_as_long_as_heroku_says() -> None:
    clock, notes = Clock(), list[str]()
    shared = budget(clock, 4500, notes)
    shared.after_refusal(30.0)
    shared.after_refusal(30.0)
    shared.take(4)
    assert clock.at == 30.0
    assert notes == ["the account's API calls are used up: going on in 30 s"]
    shared.after_refusal(None)
    shared.take(4)
    assert clock.at == 90.0


def test_until_a_reply_says_what_is_left_one_app_is_asked() -> None:
    shared = budget(Clock(), None, [])
    shared.take(6)
    others = [threading.Thread(target=shared.take, args=(6,), daemon=True) for _ in range(2)]
    for other in others:
        other.start()
        other.join(0.02)
        assert other.is_alive()
    shared.give_back(6)
    for other in others:
        other.join(10.0)
        assert not other.is_alive()
