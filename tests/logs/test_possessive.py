"""Possessive repeats of groups, on every Python."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import herodyno
from herodyno.logs import possessive
from herodyno.logs.possessive import repeated

CASES = [
    ("ab?c", "+", "aca", 2),  # the last try fails behind its "a"
    (r"[^\"\\]|\\.", "*", "word\\", 4),
    ("(?!ab)[a-c]", "+", "caab", 2),
    ("a|b", "{0,2}", "abab", 2),
    (r"\w=(?:\"[^\"]*\"|\d)(?:,\s)?", "+", 'a="x", b=1, c=', 12),
]


@pytest.mark.parametrize("is_wrong", [False, True])
@pytest.mark.parametrize(("group", "times", "text", "end"), CASES)
def test_what_a_try_took_before_it_failed_is_no_part_of_the_match(
    group: str, times: str, text: str, end: int, is_wrong: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_wrong or not possessive._IS_WRONG:  # the written form is right only where Python is
        monkeypatch.setattr(possessive, "_IS_WRONG", is_wrong)
    found = re.match(repeated(group, times), text)
    assert found
    assert found.end() == end


def test_nothing_is_given_back() -> None:
    assert re.match(repeated("a", "+") + "a", "aaa") is None


def test_no_other_pattern_repeats_a_group_so() -> None:
    """The patterns of the commonest lines do: where their group fails, the line is none of theirs."""
    folder = Path(herodyno.__file__).parent
    written = re.compile(r"\)(?:[+*?]|\{[\d,]+\})\+")
    found = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*.py") if written.search(path.read_text("utf-8"))
    }
    assert found <= {"logs/scan/patterns.py", "logs/scan/fast_reject.py"}
