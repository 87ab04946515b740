"""bash, zsh and fish complete commands, flags and names in a pseudo-terminal, without Python or the network."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from herodyno.completion.scripts import SCRIPTS
from herodyno.completion.seen import FILE, Group, remember
from tests.completion.shells import Shell, of_this_machine

SCRIPT_FOLDER = Path(__file__).parent.parent.parent / "completions"
SEEN = {
    Group("app", "-", "-"): ["example-app", "another-app"],
    Group("dyno", "-", "example-app"): ["web.1", "web.2", "worker.1", "run.4711"],
    Group("type", "-", "example-app"): ["web", "worker"],
    Group("size", "-", "example-app"): ["basic", "standard-2x", "performance-m"],
    Group("release", "-", "example-app"): ["v42", "v31"],
    Group("dyno", "-", "another-app"): ["clock.1"],
    Group("type", "-", "another-app"): ["clock"],
    Group("app", "http://127.0.0.1:5111", "-"): ["sandbox-app"],
}
TYPED = {
    "sca": "scale",
    "auth logi": "auth login",
    "run li": "run list",
    "ps --rem": "ps --remote",
    "--no-i": "--no-input",
    "ps -a exam": "ps -a example-app",
    "ps --app=exam": "ps --app=example-app",
    "restart -a example-app run": "restart -a example-app run.4711",
    "restart -a another-app clock.": "restart -a another-app clock.1",
    "scale -a example-app web=3:sta": "scale -a example-app web=3:standard-2x",
    "scale -a example-app web=perf": "scale -a example-app web=performance-m",
    "scale -a example-app we": "scale -a example-app web=",
    "run -a example-app --size bas": "run -a example-app --size basic",
    "wait -a example-app --release v4": "wait -a example-app --release v42",
    "wait -a example-app wo": "wait -a example-app worker",
    "explain H7": "explain H70",
    "demo --scenario cra": "demo --scenario crash-loop",
    "help exit": "help exit-codes",
    "ps --color nev": "ps --color never",
    "--color never sca": "--color never scale",
    "ps -a sandbox": "ps -a sandbox",
}

pytestmark = pytest.mark.real


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A home with a cache, and a PATH on which starting Python or herodyno leaves a trace."""
    for name in ("python", "python3", "herodyno"):
        trap = tmp_path / "bin" / name
        trap.parent.mkdir(exist_ok=True)
        trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/STARTED\n")
        trap.chmod(0o755)
    remember(tmp_path / "cache" / "herodyno" / FILE, SEEN)
    path = f"{tmp_path}/bin:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}


@pytest.fixture(params=SCRIPTS)
def name(request: pytest.FixtureRequest) -> str:
    of_this_machine(request.param)
    return str(request.param)


@pytest.fixture
def shell(name: str, environ: dict[str, str], tmp_path: Path) -> Iterator[Shell]:
    with Shell(name, SCRIPT_FOLDER / SCRIPTS[name], environ, tmp_path) as shell:
        yield shell


def test_11_tab_completes_commands_flags_and_names_without_python(shell: Shell, tmp_path: Path) -> None:
    assert {typed: shell.words(typed) for typed in TYPED} == TYPED
    assert not (tmp_path / "STARTED").exists()


def test_several_names_are_listed(shell: Shell) -> None:
    shown = shell.offers("ps -a example-app web.", "web.2")
    assert "web.1" in shown
    assert "clock" not in shown


def test_the_app_may_come_from_the_environment_or_a_git_remote(
    name: str, environ: dict[str, str], tmp_path: Path
) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True, capture_output=True)

    git("init", "-q")
    git("remote", "add", "heroku", "https://git.heroku.com/another-app.git")
    git("remote", "add", "staging", "git@heroku.com:example-app.git")
    script = SCRIPT_FOLDER / SCRIPTS[name]
    with Shell(name, script, environ, tmp_path) as shell:
        assert shell.words("restart clock.") == "restart clock.1"
        assert shell.words("restart run") == "restart run"
        assert shell.words("restart -r sta") == "restart -r staging"
        assert shell.words("restart -r staging run") == "restart -r staging run.4711"
    with Shell(name, script, environ | {"HEROKU_APP": "example-app"}, tmp_path) as shell:
        assert shell.words("restart run") == "restart run.4711"


def test_names_belong_to_the_host_they_were_seen_on(name: str, environ: dict[str, str], tmp_path: Path) -> None:
    host = {"HEROKU_HOST": "http://127.0.0.1:5111"}
    with Shell(name, SCRIPT_FOLDER / SCRIPTS[name], environ | host, tmp_path) as shell:
        assert shell.words("ps -a sand") == "ps -a sandbox-app"
        assert shell.words("ps -a exam") == "ps -a exam"


def test_a_planted_name_is_neither_run_nor_shown(name: str, environ: dict[str, str], tmp_path: Path) -> None:
    hostile = [
        "$(touch${IFS}PWNED)",
        "`touch${IFS}PWNED`",
        "x;touch PWNED",
        "x\x1b]0;title\x07",
        "*",
        "'x",
        '"x',
        "x|y",
    ]
    file = tmp_path / "cache" / "herodyno" / FILE
    file.write_text("".join(f"app - - {name}\n" for name in [*hostile, "good-app"]))
    with Shell(name, SCRIPT_FOLDER / SCRIPTS[name], environ, tmp_path) as shell:
        assert shell.words("ps -a ") == "ps -a good-app"
        assert shell.words("ps --app=") == "ps --app=good-app"
    assert not (tmp_path / "PWNED").exists()


def test_without_a_cache_commands_and_flags_still_complete(name: str, environ: dict[str, str], tmp_path: Path) -> None:
    elsewhere = environ | {"XDG_CACHE_HOME": str(tmp_path / "none")}
    with Shell(name, SCRIPT_FOLDER / SCRIPTS[name], elsewhere, tmp_path) as shell:
        assert shell.words("sca") == "scale"
        assert shell.words("ps -a exam") == "ps -a exam"
