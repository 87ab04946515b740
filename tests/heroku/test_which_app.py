"""Which app: the order, the conflicts named, and names checked before anything is sent (A7, A8, A10 to A13)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from herodyno.errors import UsageError
from herodyno.heroku.which_app import AppChoice, which_app

ONE = b"remote.heroku.url\nhttps://git.heroku.com/example-app.git\0"
TWO = ONE + b"remote.staging.url\nhttps://git.heroku.com/example-staging.git\0"
SAME = ONE + b"remote.production.url\ngit@heroku.com:example-app.git\0"


def git(config: bytes) -> Callable[[], bytes]:
    return lambda: config


def never() -> bytes:
    raise AssertionError("git was asked without need")


def refused(flag: str | None, remote: str | None, environ: dict[str, str], config: bytes = b"") -> str:
    with pytest.raises(UsageError) as error:
        which_app(flag, remote, environ, git_config=git(config))
    assert error.value.exit_code == 2
    return f"{error.value.message} | {error.value.next_step}"


def test_29_the_flag_wins_then_the_variable_and_git_is_not_asked() -> None:
    assert which_app("example-app", None, {"HEROKU_APP": "other-app"}, git_config=never) == AppChoice(
        "example-app", "-a"
    )
    assert which_app(None, None, {"HEROKU_APP": "other-app"}, git_config=never) == AppChoice("other-app", "HEROKU_APP")


def test_a_remote_names_its_app_and_says_so() -> None:
    choice = which_app(None, "staging", {}, git_config=git(TWO))
    assert choice == AppChoice("example-staging", "git remote staging")


def test_one_heroku_remote_is_enough_and_several_of_one_app_too() -> None:
    assert which_app(None, None, {}, git_config=git(ONE)) == AppChoice("example-app", "git remote heroku")
    assert which_app(None, None, {}, git_config=git(SAME)).name == "example-app"


def test_several_apps_are_listed_and_none_is_guessed() -> None:
    text = refused(None, None, {}, TWO)
    assert "-r heroku is example-app" in text
    assert "-r staging is example-staging" in text


def test_git_config_heroku_remote_decides_between_several() -> None:
    choice = which_app(None, None, {}, git_config=git(TWO + b"heroku.remote\nstaging\0"))
    assert choice == AppChoice("example-staging", "git remote staging, from git config heroku.remote")


def test_a_remote_that_is_not_there_is_named_with_those_that_are() -> None:
    assert "-r names 'prod'" in refused(None, "prod", {}, TWO)
    assert "heroku (example-app), staging (example-staging)" in refused(None, "prod", {}, TWO)
    assert "git config heroku.remote names 'gone'" in refused(None, None, {}, TWO + b"heroku.remote\ngone\0")
    assert "there are: none" in refused(None, "heroku", {})


def test_a_flag_with_a_remote_is_an_error_that_names_both() -> None:
    text = refused("example-app", "staging", {}, TWO)
    assert "-a example-app" in text
    assert "-r staging" in text


def test_a_remote_against_a_differing_variable_is_an_error_that_names_both() -> None:
    text = refused(None, "staging", {"HEROKU_APP": "example-app"}, TWO)
    assert "-r staging means example-staging" in text
    assert "HEROKU_APP says 'example-app'" in text


def test_a_remote_that_agrees_with_the_variable_is_none() -> None:
    assert which_app(None, "staging", {"HEROKU_APP": "example-staging"}, git_config=git(TWO)).name == "example-staging"


def test_a11_no_app_anywhere_lists_the_four_ways() -> None:
    text = refused(None, None, {})
    for way in ("-a APP", "-r REMOTE", "HEROKU_APP=APP", "git config heroku.remote"):
        assert way in text


def test_a10_an_empty_name_says_where_it_comes_from() -> None:
    assert "the app is empty; it comes from HEROKU_APP" in refused(None, None, {"HEROKU_APP": ""})
    assert "the app is empty; it comes from -a" in refused("", None, {})


@pytest.mark.parametrize(
    "name",
    ["../account", "demo/dynos/web.1?x=", "dé mo", "demo\r\nx: y", "demo\n", "Demo", "ab", "1abc", "a" * 31, "demo-",
     ".", "%2e%2e"],
    ids=["A7", "A8", "A12", "A13", "A13 trailing", "capital", "short", "digit", "long", "hyphen", "dot", "escape"],
)  # fmt: skip
def test_a7_a8_a12_a13_what_cannot_be_a_name_is_refused_and_shown_escaped(name: str) -> None:
    for text in (refused(name, None, {}), refused(None, None, {"HEROKU_APP": name})):
        assert "cannot be an app's name; nothing was sent" in text
        assert "\n" not in text
        assert "\r" not in text


def test_a_name_in_a_git_remote_is_checked_too() -> None:
    text = refused(None, None, {}, b"remote.heroku.url\nhttps://git.heroku.com/../account.git\0")
    assert "git remote heroku" in text


def test_an_apps_id_is_taken() -> None:
    app_id = "01234567-89ab-cdef-0123-456789abcdef"
    assert which_app(app_id, None, {}, git_config=never).name == app_id
