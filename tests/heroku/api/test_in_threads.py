"""Reads run at once; their answers keep the order; one prompt serves all."""

import threading

import pytest

from herodyno.errors import NotFound, TwoFactorNeeded, Unreachable
from herodyno.heroku.api.in_threads import in_threads


def test_they_run_at_the_same_time_and_answer_in_order() -> None:
    meeting = threading.Barrier(3, timeout=5)

    def named(name: str) -> str:
        meeting.wait()
        return name

    assert in_threads(lambda: named("a"), lambda: named("b"), lambda: named("c")) == ("a", "b", "c")


def test_the_first_failure_in_order_is_the_one_told() -> None:
    late = threading.Event()

    def first() -> None:
        late.wait(5)
        raise NotFound("no such app")

    def second() -> None:
        late.set()
        raise Unreachable("cut off")

    with pytest.raises(NotFound):
        in_threads(first, second)


def test_b48_one_prompt_in_the_callers_thread_serves_all() -> None:
    prompts: list[threading.Thread] = []

    def read() -> str:
        if not prompts:
            if threading.current_thread() is not threading.main_thread():
                raise TwoFactorNeeded("a second factor")
            prompts.append(threading.current_thread())
        return "read"

    together = threading.Barrier(2, timeout=5)
    firsts = iter([together.wait, together.wait])

    def together_then_read() -> str:
        next(firsts, lambda: 0)()
        return read()

    assert in_threads(together_then_read, together_then_read) == ("read", "read")
    assert prompts == [threading.main_thread()]
