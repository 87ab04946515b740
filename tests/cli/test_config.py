"""herodyno config: each value and who says so; a flag beats the environment, which beats the file (U29)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.schemas import valid
from tests.conftest import Invoke

Config = Callable[..., dict[str, tuple[object, str]]]


@pytest.fixture
def config_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the file stands; the time zone a test may set is taken back."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("TZ", "")
    path = tmp_path / "config" / "herodyno" / "config.toml"
    path.parent.mkdir(parents=True)
    yield path
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def config(invoke: Invoke, config_file: Path) -> Config:
    """`config("-a x", file='color = "never"', NO_COLOR="1")` -> {key: (value, origin)}."""

    def run(flags: str = "", *, file: str = "", **environ: str) -> dict[str, tuple[object, str]]:
        if file:
            config_file.write_text(file)
        stdout, stderr, code = invoke(f"config --json {flags}", environ={**os.environ, "TZ": "", **environ})
        assert (stderr, code) == ("", 0)
        return {row["key"]: (row["value"], row["origin"]) for row in valid(stdout)["settings"]}

    return run


def test_without_a_file_and_flags_the_defaults_are_shown(config: Config) -> None:
    shown = config(GIT_DIR="/none")
    assert shown == {
        "app": ("", "no app given"),
        "host": ("https://api.heroku.com", "default"),
        "protected": ([], "default"),
        "production": ([], "default"),
        "price_step": ("100", "default"),
        "time_zone": ("local", "default"),
        "log_hosts": ([], "default"),
        "color": ("auto", "default"),
    }


def test_29_a_flag_beats_the_environment_which_beats_the_file(config: Config) -> None:
    file = 'color = "never"\ntime_zone = "Europe/Paris"\nprotected = ["example-app"]'
    assert config(file=file)["color"] == ("never", "config file")
    assert config(FORCE_COLOR="1")["color"] == ("always", "FORCE_COLOR")
    assert config("--color never", FORCE_COLOR="1")["color"] == ("never", "--color")
    assert config()["time_zone"] == ("Europe/Paris", "config file")
    assert config(TZ="Asia/Tokyo")["time_zone"] == ("Asia/Tokyo", "TZ")
    assert config("--utc", TZ="Asia/Tokyo")["time_zone"] == ("UTC", "--utc")
    assert config(file='log_hosts = ["logs.example.com"]')["log_hosts"] == (["logs.example.com"], "config file")
    assert config(file="price_step = 49.5")["price_step"] == ("49.5", "config file")
    config(file=file)
    assert config()["protected"] == (["example-app"], "config file")
    assert config(HEROKU_APP="other-app")["app"] == ("other-app", "HEROKU_APP")
    assert config("-a example-app", HEROKU_APP="other-app")["app"] == ("example-app", "-a")
    assert config(HEROKU_HOST="http://127.0.0.1:5000")["host"] == ("http://127.0.0.1:5000", "HEROKU_HOST")


def test_for_people_it_is_a_table_below_the_files_path(invoke: Invoke, config_file: Path) -> None:
    stdout, _, code = invoke("config -a example-app", environ=dict(os.environ))
    assert code == 0
    lines = stdout.splitlines()
    assert lines[0] == f"{config_file} (no such file: defaults)"
    assert lines[2].split() == ["SETTING", "VALUE", "FROM"]
    assert lines[3].split() == ["app", "example-app", "-a"]


def test_a_conflict_of_flags_is_an_error_here_too(invoke: Invoke) -> None:
    _, stderr, code = invoke("config -a example-app -r staging")
    assert code == 2
    assert "-a example-app and -r staging" in stderr


def test_a_broken_file_stops_commands_but_not_help(invoke: Invoke, config_file: Path) -> None:
    config_file.write_text('protectd = ["example-app"]')
    _, stderr, code = invoke("ps -a example-app")
    assert code == 2
    assert "unknown key 'protectd'" in stderr
    assert "protected, production, price_step, time_zone, color, log_hosts" in stderr
    assert invoke("ps --help").code == 0
    assert invoke("--version").code == 0
    config_file.write_text('production = ["*_prod"]')
    _, stderr, code = invoke("ps -a example-app")
    assert code == 2
    assert "production must be names and patterns of apps" in stderr


def test_the_files_time_zone_and_colours_are_what_other_commands_use(invoke: Invoke, config_file: Path) -> None:
    config_file.write_text('time_zone = "Asia/Tokyo"\ncolor = "always"')
    environ = {**os.environ, "HEROKU_API_KEY": "x"}
    stdout = invoke("ps -a example-app", environ=environ).stdout
    assert "\x1b[" in stdout
    assert "JST" in stdout
    assert "\x1b[" not in invoke("ps -a example-app", environ=environ | {"NO_COLOR": "1"}).stdout
