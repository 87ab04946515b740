"""A mistyped line is answered in plain words, with the help of the command it was meant for."""

from __future__ import annotations

import pytest

from tests.conftest import Invoke


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("logs -n abc", "--num or -n takes a whole number, not 'abc'"),
        ("restart --max-per-hour abc", "--max-per-hour takes a whole number from 1, not 'abc'"),
        ("restart --max-per-hour 0", "--max-per-hour takes a whole number from 1, not 0"),
        ("sandbox serve --port 70000", "--port takes a whole number from 0 to 65535, not 70000"),
        ("restart --order foo", "invalid value for '--order': 'foo' is not one of 'worst', 'oldest', 'name'"),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(invoke: Invoke, line: str, told: str) -> None:
    stdout, stderr, code = invoke(line)
    assert (stdout, code) == ("", 2)
    assert stderr.splitlines()[0] == f"herodyno: {told}"


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("scale -a", "scale"),
        ("restart --on-error", "restart"),
        ("auth login --browser", "auth login"),
        ("demo x", "demo"),
    ],
)
def test_the_help_it_points_to_is_that_of_the_command(invoke: Invoke, line: str, command: str) -> None:
    _, stderr, code = invoke(line)
    assert code == 2
    assert f"herodyno {command} --help" in stderr
