"""A wait is said once it is long, once for calls side by side, and taken back when it is over."""

from __future__ import annotations

import threading

from herodyno.render.in_place.patience import Patience


class Watched:
    def __init__(self, *, after: float) -> None:
        self.seen: list[str] = []
        self.shown = threading.Event()
        self.patience = Patience(self._show, lambda: self.seen.append("erased"), after=after)

    def _show(self) -> bool:
        self.seen.append("shown")
        self.shown.set()
        return True


def test_a_long_wait_is_shown_and_taken_back() -> None:
    watched = Watched(after=0.0)
    for _ in range(2):
        watched.shown.clear()
        with watched.patience:
            assert watched.shown.wait(10)
    assert watched.seen == ["shown", "erased"] * 2


def test_a_short_one_leaves_no_trace() -> None:
    watched = Watched(after=60.0)
    with watched.patience:
        pass
    assert watched.seen == []


def test_calls_side_by_side_are_one_wait() -> None:
    watched = Watched(after=0.0)
    with watched.patience:
        assert watched.shown.wait(10)
        with watched.patience:
            pass
        assert watched.seen == ["shown"]
    assert watched.seen == ["shown", "erased"]


def test_it_is_said_later_where_another_line_stood_first() -> None:
    answers, shown = iter([False, False, True]), threading.Event()

    def show() -> bool:
        answer = next(answers)
        if answer:
            shown.set()
        return answer

    with Patience(show, lambda: None, after=0.0):
        assert shown.wait(10)


def test_what_was_not_shown_is_not_taken_back() -> None:
    asked = threading.Event()

    def refuse() -> bool:
        asked.set()
        return False

    erased: list[int] = []
    with Patience(refuse, lambda: erased.append(1), after=0.0):
        assert asked.wait(10)
    assert erased == []
