"""What starts quickly stays so: each command loads only what it needs, seen from outside in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from herodyno.cli.app import COMMANDS

HEAVY = {"httpx", "httpcore", "rich", "keyring", "asyncio", "ssl", "pydantic", "herodyno.sandbox", "herodyno.heroku"}
LOCAL = [["--version"], ["-V"], ["version"], [], ["--help"], ["ps", "--help"], ["help", "ps"], ["help", "exit-codes"],
         ["explain", "H12"], ["explain", "--json"], ["diagnose", "--help"], ["pss"]]  # fmt: skip

WATCH = """
import runpy, sys
argv, sys.argv[1:] = sys.argv[1:], sys.argv[1:]
try:
    runpy.run_module("herodyno", run_name="__main__", alter_sys=False)
except SystemExit:
    pass
sys.stdout.flush()
print(*sorted(sys.modules), file=sys.stderr)
"""


def loaded(*argv: str, environ: dict[str, str] | None = None) -> set[str]:
    """Every module that running this command line has loaded."""
    done = subprocess.run([sys.executable, "-c", WATCH, *argv], capture_output=True, text=True, timeout=60, env=environ)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("argv", LOCAL, ids=" ".join)
def test_72_a_local_answer_loads_nothing_heavy(argv: list[str]) -> None:
    modules = loaded(*argv)
    assert not HEAVY & modules
    if argv != ["pss"] and argv[:1] not in (["--version"], ["-V"], ["version"]):
        assert "typer" in modules  # the watch sees what is loaded


def test_the_version_does_not_even_load_typer() -> None:
    assert not {"typer", "herodyno.cli.app"} & loaded("--version")


def test_an_offline_diagnosis_loads_no_client(tmp_path: object) -> None:
    assert not (HEAVY - {"herodyno.heroku"}) & loaded("diagnose", "--from-file", "/dev/null")


@pytest.fixture(scope="module")
def served() -> Iterator[dict[str, str]]:
    """The environment of a client of a simulated Heroku in this process."""
    from herodyno.sandbox.scenarios import scenario
    from herodyno.sandbox.server import Server

    with Server(scenario("one-bad-dyno"), speed=0.0) as server:
        yield server.environment


# What each command may load of the other commands' modules.
ONLINE = {
    "ps --json": {"ps"},
    "ps": {"ps"},
    "sizes --json": {"sizes"},
    "scale --json": {"scale"},
    "scale web=4 --dry-run": {"scale"},
    "restart web.1 --dry-run": {"restart"},
    "stop web.1 --dry-run": {"stop"},
    "wait --json": {"wait"},
    "run list --json": {"run_list"},
    "logs -n 10": {"logs"},
    "diagnose --json": {"diagnose"},
}


@pytest.mark.parametrize("line", ONLINE)
def test_a_command_in_a_pipe_loads_its_own_module_and_no_luxury(
    served: dict[str, str], tmp_path: Path, line: str
) -> None:
    modules = loaded(*line.split(), environ={**served, "HOME": str(tmp_path)})
    assert "httpx" in modules  # it did ask
    luxury = {"rich", "keyring", "asyncio", "pydantic", "platformdirs", "click", "herodyno.sandbox"}
    assert not luxury & modules
    commands = {entry.module for entries in COMMANDS.values() for entry in entries}
    assert commands & modules <= {f"herodyno.cli.{name}" for name in ONLINE[line]}


def test_httpx_comes_without_its_own_command_line_where_click_is_installed(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("")
    code = "import sys, herodyno.heroku.connections; print('httpx' in sys.modules, 'click' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env={"PYTHONPATH": str(tmp_path)}
    )
    assert done.stdout == "True False\n"


def test_completion_show_does_not_even_load_typer() -> None:
    assert not {"typer", "pathlib", "herodyno.cli.app"} & loaded("completion", "show", "bash")
