"""What all failures have in common is said first, and done first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from herodyno.diagnosis.report.report import Diagnosis
from tests.diagnosis.reading import judged, request, stamp
from tests.real_parts import CASES, need_shared_data

TRACES: dict[str, tuple[str, ...]] = {
    "KeyError: 'bmatrix'": (
        "Traceback (most recent call last):", '  File "/app/stream.py", line 12, in stream', "KeyError: 'bmatrix'",
    ),
    "TypeError: x is not a function": ("TypeError: x is not a function", "    at handle (/app/index.js:3:7)"),
    "NoMethodError: undefined method 'id' for nil": (
        "app/models/order.rb:12:in `total': undefined method 'id' for nil (NoMethodError)",
        "    from app/controllers/orders.rb:3:in `create'",
    ),
}  # fmt: skip


def log(failing: Callable[[int], str], *, dynos: int, every: int, requests: int = 400) -> str:
    """Good requests by several clients to several pages, and at some of the times what fails."""
    lines = []
    for i in range(requests):
        dyno = f"web.{1 + i % dynos}"
        lines.append(
            failing(i) if i % every == 0 else request(3.0 * i, dyno, path=f"/p{i % 7}", client=f"192.0.2.{i % 40}")
        )
    return "".join(lines)


def raising(trace: tuple[str, ...], dynos: int, **words: Any) -> Callable[[int], str]:
    def lines(i: int) -> str:
        dyno, at = f"web.{1 + i % dynos}", 3.0 * i
        printed = "".join(f"{stamp(at + n / 1000)} app[{dyno}]: {text}\n" for n, text in enumerate(trace))
        return printed + request(at + 0.3, dyno, status=500, client=f"192.0.2.{i % 40}", **words)

    return lines


def first_action(answer: Diagnosis) -> str:
    return " ".join([*answer.actions[0].argv, answer.actions[0].text])


@pytest.mark.parametrize("dynos", [1, 4])
@pytest.mark.parametrize("exception", TRACES)
def test_one_exception_on_one_path_is_the_sentence_and_the_first_action(exception: str, dynos: int) -> None:
    failing = raising(TRACES[exception], dynos, path="/api/stream")
    answer = judged(log(failing, dynos=dynos, every=13))

    kind = exception.partition(":")[0]
    assert answer.verdict.summary.startswith(f"31 of 31 failures (500) follow {kind} on GET /api/stream; ") or (
        answer.verdict.summary.startswith(f"31 of 31 failures (500) follow {kind} on /api/stream; ")
    )
    assert first_action(answer).endswith(f"/api/stream: {exception}")
    assert not any("what all dynos share" in action.text for action in answer.actions)
    assert not any(action.argv[:2] == ("herodyno", "scale") for action in answer.actions)


def test_one_path_without_an_exception_is_told_with_the_requests_that_it_serves() -> None:
    def failing(i: int) -> str:
        return request(
            3.0 * i,
            f"web.{1 + i % 4}",
            code="H12",
            status=503,
            service=30000,
            path="/report",
            client=f"192.0.2.{i % 40}",
        )

    answer = judged(log(failing, dynos=4, every=13))

    assert answer.verdict.kind == "whole_app"
    assert answer.verdict.summary.startswith("31 of 31 failures (H12) are on /report; ")
    assert first_action(answer) == "look at /report: it has 31 of 31 failures, and 0 of 369 other requests"


def test_failures_that_have_nothing_in_common_are_told_as_before() -> None:
    def failing(i: int) -> str:
        return request(
            3.0 * i,
            f"web.{1 + i % 4}",
            code="H12",
            status=503,
            service=30000,
            path=f"/p{i % 7}",
            client=f"192.0.2.{i % 40}",
        )

    answer = judged(log(failing, dynos=4, every=13))

    assert "failures" not in answer.verdict.summary
    assert "what all dynos share" in first_action(answer)


def test_the_exceptions_before_each_h18_of_a_real_thread_are_told_first() -> None:
    need_shared_data()
    answer = judged((CASES / "44-exceptiongroup-h18.log").read_text(encoding="utf-8"))

    assert answer.verdict.summary.startswith("10 of 10 failures (H18) follow KeyError on POST /api/stream; ")
    assert "cannot be told apart" not in answer.verdict.summary
    assert first_action(answer) == "look at POST /api/stream: KeyError: \"'bmatrix'\""
