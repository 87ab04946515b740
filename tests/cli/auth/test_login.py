"""A login by browser with --scope: the lesser token is kept, and nothing that was made is left alive in silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from herodyno.cli.auth import login
from herodyno.cli.auth.accounts import kept_logins
from herodyno.cli.session import Session
from herodyno.folders import state_folder
from herodyno.heroku.login.authorizations import Authorization, authorize, bearer
from herodyno.heroku.login.keychain import NoKeyring
from herodyno.heroku.net import one_try
from herodyno.heroku.net.repeats import Lost
from herodyno.sandbox.api.state import State
from tests.cli.auth.conftest import Auth, replace_by_a_file
from tests.heroku.backends import Kept

HOST = "api.heroku.com"
NOT_REVOKED = "could not be revoked (ends 2026-12-23T02:06 UTC); in the dashboard: Account settings, Applications\n"
Lose = Callable[[str], None]


@pytest.fixture(autouse=True)
def ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who logs in, by whichever way."""

    def made(session: Session, *scope: str) -> Authorization:
        return authorize(
            session.login_calls, session.api_url, bearer("the-browser"), description="d",
            expires_in=timedelta(days=30), scope=scope,
        )  # fmt: skip

    monkeypatch.setattr(login, "by_browser", lambda session, *_: made(session, "global"))
    monkeypatch.setattr(login, "by_password", lambda session, _, __, scope: made(session, *scope))


@pytest.fixture
def lose(monkeypatch: pytest.MonkeyPatch) -> Lose:
    """From the browser's login on, requests of a method are lost."""
    lost: list[str] = []
    sends = one_try.one_try

    def sent(client: Any, request: Any, **how: Any) -> Any:
        if request.method in lost and "the-browser" not in request.headers.get("Authorization", ""):
            raise Lost("the connection was closed")
        return sends(client, request, **how)

    monkeypatch.setattr(one_try, "one_try", sent)
    return lost.append


def tokens(state: State) -> list[tuple[str, ...]]:
    """The scopes of what is alive."""
    return [each.scope for each in state.authorizations if each.token not in state.revoked]


def test_the_lesser_token_is_kept_and_the_login_of_the_browser_ends(auth: Auth, state: State) -> None:
    stdout, stderr, code = auth("login --scope read")
    assert (stdout, stderr, code) == ("logged in as ana@example.com, scope read; the token is in Kept\n", "", 0)
    assert tokens(state) == [("read",)]


def test_it_is_kept_though_the_login_of_the_browser_cannot_be_revoked(auth: Auth, state: State, lose: Lose) -> None:
    lose("DELETE")
    stdout, stderr, code = auth("login --scope read --utc")
    assert ("scope read; the token is in Kept" in stdout, code) == (True, 0)
    assert f"the browser's login {NOT_REVOKED}" in stderr
    (lesser,) = Kept.store.values()
    assert [each.scope for each in state.authorizations if each.token == lesser] == [("read",)]
    assert kept_logins()[HOST].authorization


def test_the_error_of_the_lesser_token_is_the_one_that_is_told(auth: Auth, state: State, lose: Lose) -> None:
    lose("POST")
    lose("DELETE")
    _, stderr, code = auth("login --scope read --utc")
    assert code == 6
    assert "it may have happened or not (POST https://api.heroku.com/oauth/authorizations)" in stderr
    assert f"a token that was made {NOT_REVOKED}" in stderr


@pytest.fixture
def not_kept(monkeypatch: pytest.MonkeyPatch, state: State) -> list[list[tuple[str, ...]]]:
    """What is alive when the keyring fails."""
    seen: list[list[tuple[str, ...]]] = []

    def keep(*_: object) -> str:
        seen.append(tokens(state))
        raise NoKeyring("the keyring is locked")

    monkeypatch.setattr(login, "keep", keep)
    return seen


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("login --scope read", [("global",), ("read",)]),
        ("login", [("global",)]),
        ("login --interactive", [("global",)]),
    ],
)
def test_what_cannot_be_kept_is_revoked(
    auth: Auth, state: State, not_kept: list[list[tuple[str, ...]]], line: str, made: list[tuple[str, ...]]
) -> None:
    _, stderr, code = auth(line)
    assert (code, not_kept, tokens(state)) == (4, [made], [])
    assert "could not be revoked" not in stderr


@pytest.mark.usefixtures("not_kept")
def test_what_cannot_be_kept_and_not_revoke_itself_is_told(auth: Auth, state: State) -> None:
    _, stderr, code = auth("login --interactive --scope read --utc")
    assert code == 4
    assert f"a token that was made {NOT_REVOKED}" in stderr
    assert tokens(state) == [("read",)]


def test_a_lesser_login_whose_id_cannot_be_kept_says_so(auth: Auth) -> None:
    replace_by_a_file(state_folder())
    _, stderr, code = auth("login --scope read --utc")
    assert code == 0
    assert (
        "the id of this login could not be kept: auth logout cannot revoke it; it ends 2026-12-23T02:06 UTC" in stderr
    )
