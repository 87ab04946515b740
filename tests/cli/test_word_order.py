"""The app may be named before the command, and help be asked for behind it."""

from __future__ import annotations

import pytest

from herodyno.cli.word_order import in_usual_order

NAMES = ("ps", "run", "run list", "auth")


@pytest.mark.parametrize(
    ("line", "usual"),
    [
        ("-a x ps web", "ps -a x web"),
        ("--json --app=x -r y ps --utc", "--json ps --app=x -r y --utc"),
        ("-a x run list", "run list -a x"),
        ("-a x run ls -a", "run -a x ls -a"),
        ("--color never -a x ps", "--color never ps -a x"),
        ("ps help", "help ps"),
        ("auth help login", "help auth login"),
        ("run help", "run help"),
        ("nonsense help", "nonsense help"),
        ("-a x", "-a x"),
        ("-a", "-a"),
        ("", ""),
    ],
)
def test_words_are_put_where_the_tree_looks_for_them(line: str, usual: str) -> None:
    assert " ".join(in_usual_order(line.split(), NAMES)) == usual
