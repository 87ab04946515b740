"""Selections by source, time, text and request. A line without a head goes with the line before."""

from datetime import timedelta

import pytest

from herodyno.logs.query.filters import Condition, condition, pattern
from herodyno.logs.query.selecting import Lifetime, Selection, Selector
from tests.logs.log_lines import START, line, request

LINES = [
    ("app[web.1]: one", 0),
    ("app[web.2]: two", 1),
    ("app[worker.1]: three", 2),
    ("heroku[web.1]: Restarting", 3),
    (request(dyno="web.2", request="id-7"), 4),
    ("app[web-848cd4f64d-pvpr2]: fir", 5),
    ("app[api]: Deploy by user x", 6),
]


def chosen(selection: Selection) -> list[int]:
    selector = Selector(selection)
    return [number for number, (text, at) in enumerate(LINES) if selector.wants(line(text, at))]


def conditions(*words: str) -> tuple[Condition, ...]:
    return tuple(found for word in words if (found := condition(word)))


@pytest.mark.parametrize(
    ("selection", "numbers"),
    [
        (Selection(), [0, 1, 2, 3, 4, 5, 6]),
        (Selection(targets=("web.1",)), [0, 3]),
        (Selection(targets=("web",)), [0, 1, 3, 4, 5]),
        (Selection(targets=("web.2",)), [1, 4]),
        (Selection(targets=("web.2",), speaker_alone=True), [1]),
        (Selection(targets=("web",), speaker_alone=True), [0, 1, 3, 5]),
        (Selection(targets=("app", "web.2")), [1]),
        (Selection(targets=("heroku", "web.2")), [4]),
        (Selection(targets=("heroku[web.2]",)), []),
        (Selection(targets=("router",), without=("web.2",)), []),
        (Selection(targets=("router",), without=("web.2",), speaker_alone=True), [4]),
        (Selection(targets=("web", "worker.1")), [0, 1, 2, 3, 4, 5]),
        (Selection(targets=("app", "web.1")), [0]),
        (Selection(targets=("heroku",)), [3, 4]),
        (Selection(targets=("app[web.1]",)), [0]),
        (Selection(targets=("router",)), [4]),
        (Selection(without=("web", "router")), [2, 6]),
        (Selection(targets=("web",), without=("web.2", "heroku")), [0, 5]),
        (Selection(grep=(pattern("t[wh]", flag=""),)), [1, 2, 4]),
        (Selection(grep=(pattern("one", flag=""), pattern("two", flag=""))), [0, 1]),
        (Selection(without_text=(pattern("o", flag=""),)), [2, 3, 5]),
        (Selection(since=START + timedelta(seconds=5)), [5, 6]),
        (Selection(until=START + timedelta(seconds=1)), [0, 1]),
        (Selection(request_id="id-7"), [4]),
        (Selection(conditions=conditions("dyno=web.2")), [1, 4]),
        (Selection(lifetimes=(Lifetime(dyno="web.1", since=START + timedelta(seconds=2), until=None),)), [3]),
        (Selection(lifetimes=(Lifetime(dyno="web.2", since=START + timedelta(seconds=4), until=None),)), [4]),
        (Selection(lifetimes=(Lifetime(dyno="web.2", since=None, until=START + timedelta(seconds=3)),)), [1]),
        (Selection(targets=("worker.1",), lifetimes=(Lifetime(dyno="web.1", since=None, until=START),)), [0, 2]),
    ],
)
def test_a_selection_chooses(selection: Selection, numbers: list[int]) -> None:
    assert chosen(selection) == numbers


def test_a_line_without_a_head_goes_with_the_line_before_it_but_must_be_found_by_itself() -> None:
    selector = Selector(Selection(targets=("web.1",), grep=(pattern("x", flag=""),)))
    texts = ["app[web.1]: x", "  x continues", "  continues", "app[web.2]: x", "  x of another"]
    assert [selector.wants(line(text)) for text in texts] == [True, True, False, False, False]


def test_a_line_without_a_head_goes_with_a_line_before_it_that_does_not_hold_the_request_id() -> None:
    selector = Selector(Selection(targets=("web.1",), request_id="id-7"))
    texts = ["app[web.1]: id-7", "app[web.2]: x", "  id-7", "app[web.1]: x", "  id-7"]
    assert [selector.wants(line(text)) for text in texts] == [True, False, False, False, True]


@pytest.mark.parametrize(
    ("selection", "needle"),
    [
        (Selection(request_id="id-7"), "id-7"),
        (Selection(grep=(pattern("boom", flag=""),)), "boom"),
        (Selection(grep=(pattern("(?i)boom", flag=""),)), ""),
        (Selection(grep=(pattern("a", flag=""), pattern("b", flag=""))), ""),
        (Selection(targets=("web.1",), request_id="id-7"), ""),
        (Selection(conditions=conditions("code=H12")), "H12"),
        (Selection(conditions=conditions("code=H12,H13")), ""),
        (Selection(conditions=conditions("time=2026-11-23")), ""),
        (Selection(conditions=conditions("code!=H12")), ""),
        (Selection(conditions=conditions("code=H12", "status>1")), "status"),
    ],
)
def test_a_needle_is_what_every_wanted_line_holds(selection: Selection, needle: str) -> None:
    assert selection.needle == needle


@pytest.mark.parametrize(
    "text",
    [
        "app[worker.1]: dyno=web.2",
        "app[router]: at=info dyno=web.2",
        request(dyno="web.1", path="/?dyno=web.2"),
        request(dyno="web.1", path='/?a" dyno=web.2 b="'),
        request(dyno="", code="H10"),
    ],
)
def test_only_the_router_says_of_whom_it_speaks(text: str) -> None:
    assert not Selector(Selection(targets=("web.2",))).wants(line(text))
