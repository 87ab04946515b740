"""Many apps side by side: the order is kept, a failure is an answer, a fault of all ends it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from herodyno.errors import (
    BadReply,
    HerodynoError,
    NotAuthenticated,
    NotFound,
    RateLimited,
    TwoFactorNeeded,
    Unreachable,
)
from herodyno.heroku.api.call_budget import CallBudget
from herodyno.heroku.api.side_by_side import APPS_AT_ONCE, LOST_WITHOUT_ANSWER, side_by_side

WAITS: list[float] = []


def answers(items: list[int], work: Callable[[int], Any], *, calls_each: int = 4) -> list[Any]:
    """The value for each item, or the error's class."""
    free = CallBudget(lambda: 4500, now=lambda: 0.0, sleep=WAITS.append, note=lambda text: None)
    found = list(side_by_side(items, work, calls_each=calls_each, budget=free))
    assert [item for item, _ in found] == items
    return [answer.value if answer.error is None else type(answer.error) for _, answer in found]


def failing(errors: dict[int, HerodynoError]) -> Callable[[int], int]:
    def work(item: int) -> int:
        if item in errors:
            raise errors[item]
        return item * 10

    return work


def test_a_failure_is_the_answer_of_its_own_item_and_the_order_is_kept() -> None:
    expected: list[Any] = [item * 10 for item in range(30)]
    expected[7], expected[29] = NotFound, BadReply
    assert answers(list(range(30)), failing({7: NotFound("x"), 29: BadReply("x")})) == expected


def test_no_more_apps_are_asked_at_once_than_are_allowed() -> None:
    running, most, lock = 0, 0, threading.Lock()
    together = threading.Barrier(APPS_AT_ONCE, timeout=10)

    def work(item: int) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        together.wait()
        with lock:
            running -= 1

    answers(list(range(2 * APPS_AT_ONCE)), work)
    assert most == APPS_AT_ONCE


def test_a_refused_token_ends_it_at_once() -> None:
    with pytest.raises(NotAuthenticated):
        answers(list(range(5)), failing({3: NotAuthenticated("x")}))


def test_a_network_that_is_down_is_one_error_and_an_app_out_of_reach_is_its_own() -> None:
    every = {item: Unreachable("x") for item in range(9)}
    with pytest.raises(Unreachable):
        answers(list(range(9)), failing(dict(every)))
    assert answers([0, 1], failing(dict(every))) == [Unreachable] * (LOST_WITHOUT_ANSWER - 1)
    assert answers([0, 1, 2], failing({item: BadReply("x") for item in range(3)})) == [BadReply] * 3


def test_any_other_exception_is_no_answer() -> None:
    with pytest.raises(ZeroDivisionError):
        answers([1], lambda item: item // 0)


def test_after_a_429_the_app_is_asked_again() -> None:
    refusals = [RateLimited("x", seconds=5.0), RateLimited("x", seconds=5.0)]

    def work(item: int) -> int:
        if refusals:
            raise refusals.pop()
        return item

    WAITS.clear()
    assert answers([1], work) == [1]
    assert WAITS[:1] == [5.0]
    assert answers([1], failing({1: RateLimited("x", seconds=5.0)})) == [RateLimited]


def test_a_second_factor_is_asked_for_in_the_callers_thread() -> None:
    def work(item: int) -> int:
        if threading.current_thread() is not threading.main_thread():
            raise TwoFactorNeeded("x")
        return item

    assert answers([1, 2], work) == [1, 2]
