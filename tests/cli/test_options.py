"""The flags of every command mean the same wherever they stand."""

import pytest

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
    assert told[2].stderr.count("Request-Id") == 3
    assert TOKEN not in told[2].stderr


def test_the_app_is_named_by_flag_or_variable_and_a_contradiction_is_refused(invoke: Invoke) -> None:
    environ = {"HEROKU_API_KEY": TOKEN, "HEROKU_APP": "example-app"}
    assert invoke("ps --utc", environ=environ).stdout == invoke("ps --utc -a example-app").stdout
    assert invoke("ps -a example-app -r heroku").code == 2
