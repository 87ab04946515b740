"""A line of a traceback tells the same as text and as bytes, and whether it is remembered or not."""

from __future__ import annotations

import pytest

from herodyno.logs.parsing import trace_lines
from herodyno.logs.parsing.exceptions import ExceptionName, role_of
from herodyno.logs.parsing.stack_frames import Place
from herodyno.logs.parsing.trace_lines import TraceLine, told_by, told_by_bytes

FRAME = '  File "/app/shop/cart.py", line 41, in total'
LINES = {
    "Traceback (most recent call last):": TraceLine("", "head", None, None, None, False, False, False),
    FRAME: TraceLine("", "frame", None, None, Place("shop/cart.py in total", True), False, False, True),
    "KeyError: 'a'": TraceLine("", "named", ExceptionName("KeyError", "'a'"), None, None, False, False, False),
    "requests.Timeout: slow": TraceLine(
        "", "plain", None, ExceptionName("requests.Timeout", "slow"), None, False, False, False
    ),
    "    return sum(rows)": TraceLine("", "plain", None, None, None, False, False, False),
    " \t": TraceLine("", "plain", None, None, None, True, False, False),
    "During handling of the above exception, another exception occurred:": TraceLine(
        "", "detail", None, None, None, False, True, False
    ),
}


@pytest.mark.parametrize("text", LINES)
def test_a_line_tells_its_role_its_exception_and_its_place(text: str) -> None:
    assert told_by(text) == LINES[text]._replace(text=text)


@pytest.mark.parametrize("text", [*LINES, "caf\xe9 \u2028", "x" * 5_000, f"KeyError: {'é' * 5_000}", "#4 " * 700])
def test_bytes_tell_what_their_text_tells(text: str) -> None:
    line = text.encode()
    assert told_by_bytes(line) == told_by_bytes(line + b"\r") == told_by(text)
    assert told_by(text).role == role_of(text)


def test_bytes_that_are_no_text_are_read_as_any_line_is() -> None:
    assert told_by_bytes(b"KeyError: caf\xe9").text == "KeyError: caf\ufffd"


def test_only_short_lines_are_remembered_and_not_many(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def noted(text: str) -> str:
        asked.append(text)
        return role_of(text)

    monkeypatch.setattr(trace_lines, "role_of", noted)
    for line in ("a line that no other test has", "x" * 1_001):
        told_by(line)
        told_by(line)
    assert [len(text) for text in asked] == [29, 1_001, 1_001]
    for at in range(2_000):
        told_by(f"a line with the number {at}")
    asked.clear()
    told_by("a line that no other test has")
    assert len(asked) == 1
