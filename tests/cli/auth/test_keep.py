"""A new login of an account ends the one before it, where herodyno made that, and never itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from herodyno.cli.auth.accounts import KeptLogin, keep_login, kept_logins
from herodyno.cli.auth.keep import keep
from herodyno.cli.session import Session
from herodyno.heroku.login.authorizations import Authorization, authorize, bearer
from herodyno.heroku.login.keychain import Keychain, entry_name
from herodyno.sandbox.api.state import State
from tests.cli.auth.conftest import Auth
from tests.heroku.backends import Kept

HOST = "api.heroku.com"
BACKEND = {"PYTHON_KEYRING_BACKEND": "tests.heroku.backends.Kept"}
Make = Callable[..., Session]


def made_in(session: Session, *scope: str) -> Authorization:
    """A login that herodyno made."""
    return authorize(
        session.login_calls, session.api_url, bearer("any"), description="d", expires_in=timedelta(hours=1), scope=scope
    )


@pytest.mark.parametrize(
    ("before", "after", "is_ended"),
    [
        (("global",), ("global",), True),
        (("global",), ("read",), True),
        (("read",), ("global",), True),
        (("read",), ("read", "write"), False),
    ],
)
def test_the_login_before_is_revoked_by_itself_or_by_the_new_one(
    auth: Auth, make_session: Make, state: State, capsys: pytest.CaptureFixture[str],
    before: tuple[str, ...], after: tuple[str, ...], is_ended: bool,
) -> None:  # fmt: skip
    session = make_session(BACKEND)
    keychain = Keychain(BACKEND)
    old = made_in(session, *before)
    keep(session, keychain, old)
    new = made_in(session, *after)
    keep(session, keychain, new)
    assert (old.token in state.revoked) is is_ended
    assert new.token not in state.revoked
    assert Kept.store == {("herodyno", HOST): new.token}
    assert kept_logins()[HOST].authorization == new.id
    told = capsys.readouterr().err
    assert ("the login before could not be revoked (ends " in told) is not is_ended
    assert old.token not in told


def test_the_same_token_typed_in_again_stays_alive_and_known(auth: Auth, make_session: Make, state: State) -> None:
    session = make_session(BACKEND)
    made = made_in(session, "global")
    keep(session, Keychain(BACKEND), made)
    assert auth("login --token-stdin", stdin=made.token.encode())[2] == 0
    assert state.revoked == set()
    assert kept_logins()[HOST].authorization == made.id
    assert auth("logout")[0] == "removed and revoked\n"
    assert made.token in state.revoked


def test_a_token_that_herodyno_did_not_make_is_replaced_and_not_revoked(auth: Auth, state: State) -> None:
    first = auth("token --for 1h --scope global --quiet", HEROKU_API_KEY="any")[0].strip()
    auth("login --token-stdin", stdin=first.encode())
    auth("login --token-stdin", stdin=b"another-token")
    assert state.revoked == set()


def test_the_login_of_another_account_is_never_ended(auth: Auth, make_session: Make, state: State) -> None:
    session = make_session(BACKEND)
    keep_login(HOST, KeptLogin("bob@example.com", ("global",), None, "id-of-bob"))
    Kept.store["herodyno", HOST] = "of-bob"
    keep(session, Keychain(BACKEND), made_in(session, "read"))
    assert state.revoked == set()
    assert Kept.store["herodyno", entry_name(HOST, "bob@example.com")] == "of-bob"
