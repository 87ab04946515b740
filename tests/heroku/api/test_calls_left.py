"""The calls left, by replies to requests that ran one after the other and side by side."""

from __future__ import annotations

from itertools import permutations

from herodyno.heroku.api.calls_left import CallsLeft


def test_replies_side_by_side_give_the_least_in_whatever_order_they_come() -> None:
    for order in permutations((4497, 4496, 4495)):
        left = CallsLeft()
        for each in order:
            left.told(each, sent_after=0)
        assert left.now == 4495


def test_a_later_request_says_that_the_bucket_has_filled_again() -> None:
    left = CallsLeft()
    left.told(10, sent_after=0)
    left.told(85, sent_after=left.replies)
    assert left.now == 85


def test_requests_that_always_overlap_show_a_bucket_that_fills() -> None:
    left, sent_after = CallsLeft(), 0
    for each in range(10, 2000, 5):
        before, sent_after = sent_after, left.replies
        left.told(each, sent_after=before)
        assert left.now is not None
        assert left.now >= each - 10
