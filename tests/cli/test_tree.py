"""Words stand where the tree looks for them; a mistyped line is answered in plain words, with the right help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from herodyno.cli.app import COMMANDS
from herodyno.cli.tree import Tree, in_usual_order, load, with_usual_values
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


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ps --watch", "ps --watch 2s"),
        ("ps --watch web", "ps --watch 2s web"),
        ("ps --watch 5s web", "ps --watch 5s web"),
        ("ps web --watch --json", "ps web --watch 2s --json"),
        ("ps --watch=5s", "ps --watch=5s"),
        ("ps -- --watch", "ps -- --watch"),
        ("ps --sort", "ps --sort"),
        ("demo --archive --json", "demo --archive (nowhere) --json"),
        ("demo --archive kept", "demo --archive kept"),
    ],
)
def test_a_flag_that_may_stand_alone_has_its_usual_value(typed: str, read: str) -> None:
    command, *words = typed.split()
    assert [command, *with_usual_values(command, words)] == read.split()


def commands() -> Iterator[tuple[str, Any]]:
    for entry in (entry for entries in COMMANDS.values() for entry in entries):
        loaded = load(entry)
        if isinstance(loaded, Tree):
            yield from ((f"{entry.name} {name}", loaded.get_command(None, name)) for name in loaded.entries)
        else:
            yield entry.name, loaded


def test_two_apps_for_any_command_of_one_are_refused_before_its_words_are_read(invoke: Invoke) -> None:
    flags = {name: next((each for each in of.params if "--app" in each.opts), None) for name, of in commands()}
    of_one = [name for name, flag in flags.items() if flag and not flag.multiple]
    assert {"run", "run list", "rollback", "top", "archive import", "journal"} <= set(of_one)
    assert "ps" not in of_one
    for name in of_one:
        for given in ("-a example-app --app=other-app", "-aexample-app -a other-app"):
            stdout, stderr, code = invoke(f"{name} {given}")
            assert (stdout, code) == ("", 2)
            assert "works on one app, and -a names 2: example-app, other-app; nothing was sent" in stderr


def test_the_spelling_of_the_heroku_cli_and_a_command_to_run_take_one_app_too(invoke: Invoke) -> None:
    for line in ("run:detached -a other-app -a example-app echo hi", "-a other-app run -a example-app -- echo hi"):
        stdout, stderr, code = invoke(line)
        assert (stdout, code) == ("", 2)
        assert "run works on one app, and -a names 2" in stderr


def test_one_app_named_twice_and_the_words_of_another_program_are_let_through(invoke: Invoke) -> None:
    assert invoke("config -a example-app -a example-app").code == 0
    assert "works on one app" not in invoke("run -a example-app --dry-run -- tar -a x -a y").stderr
    assert "works on one app" not in invoke("run -a example-app --dry-run tar -a x -a y").stderr
