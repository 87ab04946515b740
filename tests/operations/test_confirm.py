"""What must be confirmed is asked, given by name, or refused; never assumed."""

from __future__ import annotations

import pytest

from herodyno.errors import Refused, UsageError
from herodyno.operations.confirm import confirm


def nobody(question: str) -> str:
    raise AssertionError(f"asked: {question}")


def test_without_a_reason_nobody_is_asked() -> None:
    confirm("example-app", [], given=None, ask=nobody)


def test_the_apps_name_given_is_enough() -> None:
    confirm("example-app", ["web goes to 0"], given="example-app", ask=nobody)


@pytest.mark.parametrize("reasons", [[], ["web goes to 0"]])
def test_another_apps_name_is_refused_even_where_none_was_needed(reasons: list[str]) -> None:
    with pytest.raises(UsageError, match="'other-app', but the app is example-app"):
        confirm("example-app", reasons, given="other-app", ask=nobody)


def test_where_nobody_can_be_asked_it_says_what_to_add() -> None:
    with pytest.raises(UsageError, match="web goes to 0") as refusal:
        confirm("example-app", ["web goes to 0"], given=None, ask=None)
    assert refusal.value.next_step.endswith("--confirm example-app")


@pytest.mark.parametrize("answer", ["", "y", "yes", "Example-app", "other-app"])
def test_only_the_apps_own_name_is_a_yes(answer: str) -> None:
    with pytest.raises(Refused, match="not confirmed"):
        confirm("example-app", ["web goes to 0"], given=None, ask=lambda question: answer)


def test_the_question_says_on_which_app_and_what_happens() -> None:
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return " example-app "

    confirm("example-app", ["web goes to 0", "protected"], given=None, ask=answer)
    assert asked == ["On example-app: web goes to 0; protected. Type the app's name to go on:"]
