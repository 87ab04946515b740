"""Exceptions counted many at a time count as one by one, whichever come together."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from herodyno.diagnosis.counting.errors.exceptions import PendingExceptions, Timed
from herodyno.diagnosis.counting.raised import MOST_KINDS
from herodyno.diagnosis.counting.segments import Segment
from herodyno.diagnosis.counting.unassigned import Unassigned
from herodyno.logs.events import AppException, LogLine
from herodyno.units import log_time, time_at
from tests.diagnosis.plain_values import plain

KINDS = ("KeyError", "IOError", "SignalException", "Rack::Timeout::RequestTimeoutException", "npm ERR! code", "", ":")
TEXTS = ("Traceback (most recent call last):", "npm ERR! code 1", "KeyError: 'a'", "   ")
FORMS = ("{} app[web.1]: {}", "2 Mar 12:00:01 app/web.1: {1}")  # the second has no year

raised = st.lists(
    st.tuples(
        st.integers(0, 40_000_000), st.sampled_from(KINDS), st.sampled_from(["", "'a'", "x" * 2_000]),
        st.sampled_from(["", "shop/cart.py in total"]), st.sampled_from(TEXTS), st.sampled_from(FORMS),
    ),
    max_size=30,
)  # fmt: skip


def timed(several: Sequence[tuple[int, str, str, str, str, str]]) -> list[Timed]:
    events = []
    for number, (us, kind, message, place, text, form) in enumerate(several, start=1):
        at = time_at(1_772_452_800_000_000 + us)
        line = LogLine(at, "app", "web.1", text, form.format(log_time(at), text), number)
        events.append((at.timestamp(), AppException(line, "web.1", kind, message, number, place)))
    return events


def counted(several: Sequence[Timed], together: int) -> object:
    """The counts of exceptions of two segments, so many of them counted at a time."""
    unassigned, segments, pending = Unassigned(), (Segment(), Segment()), PendingExceptions()
    for place, (seconds, event) in enumerate(several):
        pending.add(segments[place % 3 == 0], seconds, event)
        if place % together == together - 1:
            pending.count(unassigned, lambda at: at % 10 > 1)
    pending.count(unassigned, lambda at: at % 10 > 1)
    return plain((unassigned, *segments))


@given(raised, st.integers(2, 30))
@example([(0, "KeyError", "", "", "", FORMS[0]), (0, "KeyError", "", "", "", FORMS[0])], 2)
@example([(us, "", "", "", text, FORMS[0]) for us, text in zip((9, 5, 7, 1), TEXTS, strict=True)], 4)
def test_many_at_a_time_count_as_one_by_one(several: list[tuple[int, str, str, str, str, str]], together: int) -> None:
    assert counted(timed(several), together) == counted(timed(several), 1)


def test_of_more_classes_than_are_kept_the_newest_stay_as_one_by_one() -> None:
    several = timed([(at * 77_777 % 40_000_000, f"E{at % 90}Error", "", "", TEXTS[0], FORMS[0]) for at in range(300)])
    assert MOST_KINDS < 90
    assert counted(several, 300) == counted(several, 1)


@pytest.mark.parametrize(("length", "fewest", "most"), [(40, 500, 1_500), (100_000, 2, 10), (256_000, 1, 4)])
def test_what_waits_is_bounded_in_bytes(length: int, fewest: int, most: int) -> None:
    pending, segment = PendingExceptions(), Segment()
    (seconds, event), *_ = timed([(0, "KeyError", "'a'", "", "x" * length, FORMS[0])])
    waiting = 0
    while not pending.is_enough:
        pending.add(segment, seconds, event)
        waiting += 1
    assert fewest <= waiting <= most
    pending.count(Unassigned(), lambda at: True)
    assert (pending.is_enough, segment.incarnation.exceptions.total) == (False, waiting)


def calls_for(several: Sequence[Timed]) -> int:
    """How many functions are called, those of the interpreter too, to count exceptions of one dyno."""
    calls = 0

    def noted(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    segment, pending, unassigned = Segment(), PendingExceptions(), Unassigned()
    gc.disable()  # other tests leave functions that are called by it
    sys.setprofile(noted)
    try:
        for seconds, event in several:
            pending.add(segment, seconds, event)
        pending.count(unassigned, lambda at: True)
    finally:
        sys.setprofile(None)
        gc.enable()
    return calls


@pytest.mark.parametrize("step", [1_000, 6_000_000])
def test_the_same_error_again_takes_few_calls(step: int) -> None:
    """`step`: microseconds between two. No text is masked again, and none is written that is not kept."""

    def log(n: int) -> list[Timed]:
        return timed([(at * step, "KeyError", "'a'", "shop/cart.py in total", TEXTS[0], FORMS[0]) for at in range(n)])

    calls_for(log(1))
    assert calls_for(log(200)) - calls_for(log(100)) <= 100 * 50
