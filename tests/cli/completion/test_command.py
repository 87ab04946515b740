"""`herodyno completion`: printed, installed where the shell looks, refreshed on demand."""

from pathlib import Path

import pytest

from herodyno.completion.scripts import SCRIPTS, script
from tests.cli.schemas import valid
from tests.conftest import Invoke


@pytest.mark.parametrize("shell", SCRIPTS)
def test_show_prints_the_script_and_nothing_else(invoke: Invoke, shell: str) -> None:
    assert invoke(f"completion show {shell}") == (script(shell), "", 0)


def test_the_shell_of_the_environment_is_meant_when_none_is_given(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert valid(invoke("completion show --json").stdout)["shell"] == "fish"
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    assert invoke("completion show").code == 2


@pytest.mark.parametrize(
    ("shell", "place"),
    [
        ("bash", "xdg_data_home/bash-completion/completions/herodyno"),
        ("zsh", "xdg_data_home/zsh/site-functions/_herodyno"),
        ("fish", "xdg_config_home/fish/completions/herodyno.fish"),
    ],
)
def test_install_puts_it_where_the_shell_looks_and_says_what_is_left_to_do(
    invoke: Invoke, tmp_path: Path, shell: str, place: str
) -> None:
    told = invoke(f"completion install {shell}")
    assert told.code == 0
    assert (tmp_path / place).read_text() == script(shell)
    assert ("it works in the next shell" in told.stderr) or (f"source {tmp_path / place}" in told.stderr)
    assert valid(invoke(f"completion install {shell} --json").stdout)["path"] == str(tmp_path / place)


def test_install_leaves_a_file_alone_that_is_not_its_own(invoke: Invoke, tmp_path: Path) -> None:
    other = tmp_path / "xdg_config_home/fish/completions/herodyno.fish"
    other.parent.mkdir(parents=True)
    other.write_text("# mine\n")
    told = invoke("completion install fish")
    assert told.code == 1
    assert "not herodyno's own" in told.stderr
    assert other.read_text() == "# mine\n"


def test_refresh_asks_for_the_apps_of_the_account(invoke: Invoke) -> None:
    assert valid(invoke("completion refresh --json").stdout)["apps"] == ["example-app"]
