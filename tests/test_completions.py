"""completions/* are what the command tree gives: `pytest --accept` rewrites them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from herodyno.cli.app import COMMANDS
from herodyno.cli.completion.command_table import command_table
from herodyno.cli.help.topics import TOPICS
from herodyno.completion.generate import generated
from herodyno.completion.scripts import SCRIPTS, script
from herodyno.completion.table import KINDS, CommandRow

FOLDER = Path(__file__).parent.parent / "completions"


@pytest.fixture(scope="module")
def commands() -> list[CommandRow]:
    return command_table(COMMANDS, tuple(TOPICS))


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_committed_script_is_fresh(
    shell: str, commands: list[CommandRow], golden: Callable[[Path, str], None]
) -> None:
    golden(FOLDER / SCRIPTS[shell], generated(shell, commands))
    assert script(shell) == generated(shell, commands)


def test_the_table_has_every_command_and_every_word_of_it_a_known_kind(commands: list[CommandRow]) -> None:
    paths = {command.path for command in commands}
    assert {entry.name for entries in COMMANDS.values() for entry in entries} < paths
    assert {f"{command.path} {word}".strip() for command in commands for word in command.below} == paths - {""}
    taken = [each for command in commands for each in (command.takes, *(flag.takes for flag in command.flags)) if each]
    assert {takes.kind for takes in taken} <= set(KINDS)
    assert all(takes.words for takes in taken if takes.kind == "choice")


def test_what_the_issue_names_is_proposed_where_it_belongs(commands: list[CommandRow]) -> None:
    by_path = {command.path: command for command in commands}
    takes = {(path, name): flag.takes.kind for path, it in by_path.items() for flag in it.flags
             for name in flag.names if flag.takes}  # fmt: skip
    assert takes["ps", "--app"] == takes["ps", "-a"] == takes["scale", "--confirm"] == "app"
    assert takes["wait", "--release"] == "release"
    assert takes["run", "--size"] == "size"
    arguments = {path: it.takes.kind for path, it in by_path.items() if it.takes}
    assert (arguments["scale"], arguments["restart"], arguments["run"]) == ("scale", "target", "command")
    assert by_path["explain"].takes is not None
    assert "H12" in by_path["explain"].takes.words
    assert by_path["run"].below == ("list",)
