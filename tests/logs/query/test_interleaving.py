"""Lines of several apps in the order of time: held a moment, never lost, an app's own order kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from herodyno.logs.events import LogLine
from herodyno.logs.query.interleaving import Interleaving, interleaved, last_lines
from herodyno.logs.query.marks import Mark

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def line(second: int | None, text: str = "") -> LogLine:
    at = None if second is None else START + timedelta(seconds=second)
    return LogLine(at, "app", "web.1", text, text, 1)


def test_an_older_line_of_another_app_comes_before_one_that_is_held() -> None:
    whole = Interleaving(1.0)
    whole.add(0, [line(5, "a"), line(9, "b")], 10.0)
    assert whole.ready(10.5) == []
    whole.add(1, [line(4, "c"), line(7, "d"), line(12, "e")], 10.5)
    assert [item.text for item in whole.ready(11.0)] == ["c", "a", "d", "b"]
    assert [item.text for item in whole.ready(11.5)] == ["e"]
    assert whole.rest() == []


def test_a_line_that_comes_too_late_is_shown_all_the_same() -> None:
    whole = Interleaving(1.0)
    whole.add(0, [line(9, "new")], 1.0)
    whole.ready(2.0)
    whole.add(1, [line(3, "late")], 2.0)
    assert [item.text for item in whole.ready(3.0)] == ["late"]


def test_what_has_no_time_goes_with_the_line_before_it() -> None:
    logs = [[line(5, "a"), line(None, "  a goes on")], [line(5, "b"), line(4, "b's own order")]]
    assert [item.text for item in interleaved(logs)] == ["a", "  a goes on", "b", "b's own order"]


@given(st.lists(st.lists(st.one_of(st.none(), st.integers(0, 99)), max_size=20), max_size=5), st.integers(1, 7))
def test_each_item_is_shown_once_and_each_app_keeps_its_order(times: list[list[int | None]], step: int) -> None:
    whole, shown = Interleaving(1.0), []
    logs = [[line(at, f"{place}.{number}") for number, at in enumerate(own)] for place, own in enumerate(times)]
    for now in range(20):
        for place, log in enumerate(logs):
            whole.add(place, log[now * step : (now + 1) * step], float(now))
        shown += whole.ready(float(now))
    shown += whole.rest()
    for place, log in enumerate(logs):
        assert [item for item in shown if item.text.startswith(f"{place}.")] == log
    assert len(shown) == sum(map(len, logs))


def test_the_end_of_a_log_has_so_many_lines_and_the_marks_between_them() -> None:
    items = [line(1, "a"), line(2, "b"), Mark("gap", None, "lost"), line(3, "c")]
    assert last_lines(items, 2) == items[1:]
    assert last_lines(items, 0) == []
    assert last_lines(items, None) == items
