"""Each flag of a command stands once; the flags of every command mean the same wherever they stand."""

import ast
import inspect
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_type_hints

import pytest
import typer

from herodyno.cli import options as shared
from herodyno.cli.app import COMMANDS
from herodyno.cli.options import App, argument, switch, with_flags
from tests.conftest import TOKEN, Invoke


@pytest.mark.parametrize("line", ["--color sometimes explain", "explain --color sometimes"])
def test_a_wish_for_colour_that_is_none_is_refused(line: str, invoke: Invoke) -> None:
    stdout, stderr, code = invoke(line)
    assert (stdout, code) == ("", 2)
    assert "auto, always or never" in stderr


@pytest.mark.parametrize("line", ["--no-color explain H12", "explain H12 --no-color", "explain H12 --color never"])
def test_no_colour_may_be_wished_in_each_way(line: str, invoke: Invoke) -> None:
    assert "\x1b" not in invoke(line, terminal=True).stdout
    assert "\x1b" in invoke("explain H12", terminal=True).stdout


def test_utc_wins_over_the_local_zone(invoke: Invoke, local_time: None) -> None:
    assert "CREATED (CET)" in invoke("ps -a example-app").stdout
    assert "CREATED (UTC)" in invoke("ps -a example-app --utc").stdout


def test_quiet_and_verbose_speak_of_the_talk_only(invoke: Invoke) -> None:
    told = [invoke(f"ps -a example-app {flag}") for flag in ("-q", "", "-v")]
    assert len({one.stdout for one in told}) == 1
    assert told[2].stderr.count("Request-Id") == 4
    assert TOKEN not in told[2].stderr


def test_the_app_is_named_by_flag_or_variable_and_a_contradiction_is_refused(invoke: Invoke) -> None:
    environ = {"HEROKU_API_KEY": TOKEN, "HEROKU_APP": "example-app"}
    assert invoke("ps --utc", environ=environ).stdout == invoke("ps --utc -a example-app").stdout
    assert invoke("ps -a example-app -r heroku").code == 2


NEEDED = {"archive", "files", "url", "drain"}  # what has no usual value: a place, files, an address, what is removed


def functions() -> list[Any]:
    """Every command function of the tree."""
    found: list[Any] = []
    for entry in (entry for entries in COMMANDS.values() for entry in entries):
        module = import_module(entry.module)
        below = getattr(module, "COMMANDS", None)
        found += below.values() if below else [getattr(module, entry.name.replace(" ", "_"))]
    return found


@pytest.mark.parametrize("command", functions(), ids=lambda command: command.__qualname__)
def test_a_command_takes_its_context_and_its_options_and_no_flag_beside_them(command: Callable[..., None]) -> None:
    hints = get_type_hints(command)
    assert list(inspect.signature(command).parameters) == ["ctx", "options"][: len(hints) - 1]
    if options := hints.get("options"):
        assert set(options._fields) - set(options._field_defaults) <= NEEDED, "each flag has its default beside it"


def test_flags_are_declared_in_options_classes_and_shared_names_only() -> None:
    """No function of cli has a flag in its signature."""
    paths = sorted(Path(shared.__file__).parent.rglob("*.py"))
    assert len(paths) > 100
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            arguments = function.args
            for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                assert "Annotated" not in ast.dump(each), f"{path}: {function.name}({each.arg})"


def test_typer_reads_the_fields_and_the_command_gets_one_value() -> None:
    class Options(NamedTuple):
        words: Annotated[list[str] | None, argument("[WORD]...")] = None
        app: App = None
        loud: Annotated[bool, switch("--loud", help="say it aloud")] = False

    got: list[Options] = []

    def command(ctx: typer.Context, options: Options) -> None:
        got.append(options)

    parameters = inspect.signature(with_flags(command)).parameters
    assert list(parameters) == ["ctx", "words", "app", "loud"]
    assert parameters["app"].annotation == App
    with_flags(command)(None, words=["a"], app=None, loud=True)
    assert got == [Options(words=["a"], loud=True)]


def test_a_command_without_options_is_left_as_it_is() -> None:
    def command(ctx: typer.Context) -> None:
        raise AssertionError

    assert with_flags(command) is command
