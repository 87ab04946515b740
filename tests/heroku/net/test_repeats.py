"""Which try may be followed by another, and after how long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.heroku.net.repeats import Budget, Lost, pause, retry_after


@given(st.integers(1, 10), st.floats(0, 1))
def test_a_pause_lies_between_half_a_second_and_eight(tries: int, chance: float) -> None:
    assert 0.5 <= pause(tries, chance) <= 8
    assert pause(tries, 0) == 0.5
    assert pause(tries, 1) == min(8, 2**tries)


def test_b7_b14_the_pauses_of_three_tries_end_within_ten_seconds() -> None:
    assert pause(1, 1) + pause(2, 1) <= 10


@pytest.mark.parametrize("text", ["", "-1", "1.5", "soon", "１", "Wed, 21 Oct 2026 07:28:00 GMT", "9" * 400, "1e3"])
def test_b5_a_retry_after_that_is_no_whole_number_is_none(text: str) -> None:
    assert retry_after({"retry-after": text}) is None


@pytest.mark.parametrize(
    ("unsent", "passing", "is_read", "again"),
    [
        (False, True, True, True),  # a read that was cut off
        (False, True, False, False),  # a write that was cut off: it may have happened
        (True, True, False, True),  # a write that never left
        (True, False, False, False),  # an untrusted certificate stays untrusted
        (False, False, True, False),  # what is no HTTP stays no HTTP
    ],
)
def test_a_loss_is_followed_by_another_try_only_if_that_is_safe_and_may_help(
    unsent: bool, passing: bool, is_read: bool, again: bool
) -> None:
    budget = Budget(30, began_at=0, is_read=is_read)
    wait = budget.after_loss(Lost("x", unsent=unsent, passing=passing), at=0, chance=0.5)
    assert (wait is not None) is again


@pytest.mark.parametrize(
    ("status", "is_read", "again"),
    [(200, True, False), (404, True, False), (429, True, True), (429, False, True), (501, True, False)]
    + [(status, is_read, is_read) for status in (500, 502, 503, 504) for is_read in (True, False)],
)
def test_a_reply_is_followed_by_another_try_only_if_it_may_change(status: int, is_read: bool, again: bool) -> None:
    budget = Budget(30, began_at=0, is_read=is_read)
    assert (budget.after_reply(status, {}, at=0, chance=0) is not None) is again


def test_there_are_three_tries_and_no_fourth() -> None:
    budget = Budget(30, began_at=0, is_read=True)
    waits = [budget.after_reply(503, {}, at=0, chance=0) for _ in range(3)]
    assert waits == [0.5, 0.5, None]
