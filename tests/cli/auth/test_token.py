"""auth token --for --scope, and what a login or a token of less power can do: less, and what it says then."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from herodyno.cli.auth import accounts
from herodyno.cli.auth.accounts import made_tokens
from herodyno.folders import state_folder
from herodyno.heroku.net.repeats import Lost
from herodyno.sandbox.api.state import State
from herodyno.sandbox.world.world import World
from tests.cli.at_terminal import end, person
from tests.cli.auth.conftest import Auth, files_with, replace_by_a_file
from tests.cli.schemas import valid
from tests.conftest import Invoke
from tests.heroku.backends import Kept

GLOBAL = "HRKU-a-global-token"
REFUSAL = "The scope of this OAuth authorization does not allow access to this resource."


@pytest.fixture
def logged_in(auth: Auth) -> Auth:
    auth("login --token-stdin", stdin=GLOBAL.encode())
    return auth


def test_a_new_token_is_on_stdout_and_nowhere_else(logged_in: Auth, state: State, tmp_path: Path) -> None:
    stdout, stderr, code = logged_in("token --for 30m --scope read --utc --verbose --debug", HERODYNO_DEBUG="1")
    (made,) = state.authorizations
    assert (stdout, code) == (f"{made.token}\n", 0)
    assert (made.scope, made.expires_in) == (("read",), 1800)
    assert "a new token, scope read, ends 2026-11-23T02:36 UTC; revoked by: herodyno auth logout" in stderr
    assert made.token not in stderr
    assert files_with(made.token, tmp_path) == []
    assert made.token not in Kept.store.values()
    assert made.description.startswith("herodyno token from ")


@pytest.mark.parametrize(
    ("flags", "scope", "seconds"),
    [
        ("--for 2d", ("read",), 2 * 86_400),
        ("--scope write", ("read", "write"), 3600),
        ("--scope write-protected --for 30d", ("read-protected", "write-protected"), 30 * 86_400),
        ("--scope identity,read", ("identity", "read"), 3600),
        ("--scope global --for 1s", ("global",), 1),
    ],
)
def test_the_least_scope_and_an_hour_are_usual(
    logged_in: Auth, state: State, world: World, flags: str, scope: tuple[str, ...], seconds: int
) -> None:
    document = valid(logged_in(f"token --json {flags}")[0])
    (made,) = state.authorizations
    assert (document["token"], tuple(document["scope"]), made.expires_in) == (made.token, scope, seconds)
    assert made_tokens("api.heroku.com")[0].ends_at == world.now + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("token --scope all", "--scope 'all' is no scope of Heroku's"),
        ("token --scope ''", "--scope '' is no scope"),
        ("token --for ''", "--for '' is not a duration"),
        ("login --scope ''", "--scope '' is no scope"),
        ("token --scope read,", "--scope '' is no scope"),
        ("token --for 31d", "a token lives 1s to 30d, Heroku's longest"),
        ("token --for 0s", "a token lives 1s to 30d"),
        ("token --for 60", "no unit"),
        ("token --for soon", "is not a duration"),
        ("login --scope all", "--scope 'all' is no scope of Heroku's"),
        ("login --scope read --token-stdin", "one on stdin has its scope already"),
    ],
)
def test_what_heroku_does_not_have_is_refused_before_anything_is_sent(
    logged_in: Auth, state: State, world: World, line: str, words: str
) -> None:
    before = state.remaining(world.now)
    stdout, stderr, code = logged_in(line, stdin=b"x")
    assert (stdout, code) == ("", 2)
    assert words in stderr
    assert (state.remaining(world.now), state.authorizations) == (before, [])


def test_no_token_makes_one_of_more_power_and_one_line_says_why(auth: Auth, state: State) -> None:
    auth("login --token-stdin", stdin=GLOBAL.encode())
    lesser = auth("token --scope write --quiet")[0].strip()
    stdout, stderr, code = auth("token --scope global", HEROKU_API_KEY=lesser)
    assert (stdout, code) == ("", 1)
    assert REFUSAL in stderr
    assert "only a token of scope global makes another: unset HEROKU_API_KEY, then herodyno auth login\n" in stderr
    assert lesser not in stderr
    assert len(state.authorizations) == 1


WRITES = ["scale web=5", "restart web.1", "stop web.1", "rollback --confirm example-app", "run --detach -- ls"]


@pytest.mark.parametrize("line", [*WRITES, "logs -n 5", "diagnose"])
def test_a_refusal_for_the_scope_says_herokus_words_and_what_to_type(
    auth: Auth, invoke: Invoke, world: World, line: str
) -> None:
    auth("login --token-stdin", stdin=GLOBAL.encode())
    environ = {**os.environ, "HEROKU_APP": "example-app", "HEROKU_API_KEY": auth("token --for 1h --quiet")[0].strip()}
    before = sorted(world.app("example-app").dynos)
    _, stderr, code = invoke(line, environ=environ)
    assert code == 1
    assert f"{REFUSAL} (403, forbidden, Request-Id " in stderr
    assert (
        "needs a token of scope write or more: unset HEROKU_API_KEY, then herodyno auth login --scope write\n" in stderr
    )
    assert environ["HEROKU_API_KEY"] not in stderr
    assert sorted(world.app("example-app").dynos) == before
    assert invoke("ps", environ=environ).code == 0, "it reads"


def test_a_token_ends_by_itself(logged_in: Auth, world: World) -> None:
    token = logged_in("token --for 1m --quiet")[0].strip()
    assert logged_in("ps -a example-app", HEROKU_API_KEY=token)[2] == 0
    world.tick(60)
    _, stderr, code = logged_in("ps -a example-app", HEROKU_API_KEY=token)
    assert code == 4
    assert "Heroku does not take the token from HEROKU_API_KEY: Invalid credentials provided." in stderr


def test_logout_revokes_the_tokens_that_were_made_and_have_not_ended(
    logged_in: Auth, state: State, world: World
) -> None:
    logged_in("token --for 1m")
    logged_in("token --for 1h")
    world.tick(90)
    logged_in("token --for 1h --scope write")
    document = valid(logged_in("logout --json")[0])
    assert document["tokens_revoked"] == 2
    assert [each.seconds_left(world.now) for each in state.authorizations] == [0]
    assert made_tokens("api.heroku.com") == []


def test_what_was_made_without_a_keyring_is_revoked_without_one(auth: Auth, state: State) -> None:
    nowhere = {"backend": "keyring.backends.fail.Keyring", "HEROKU_API_KEY": GLOBAL}
    assert auth("logout", **nowhere)[2] == 4
    assert auth("token --for 1h", **nowhere)[2] == 0
    assert auth("logout", **nowhere)[0] == "there was no login of herodyno's; 1 token of auth token revoked\n"
    assert state.authorizations == []


def test_a_token_that_may_have_been_made_is_no_silence(
    logged_in: Auth, monkeypatch: pytest.MonkeyPatch, state: State
) -> None:
    def lost(*_: object, **__: object) -> None:
        raise Lost("the connection was closed before a reply came")

    monkeypatch.setattr("herodyno.heroku.net.one_try.one_try", lost)
    stdout, stderr, code = logged_in("token --for 1h")
    assert (stdout, code) == ("", 6)
    assert "so it may have happened or not (POST https://api.heroku.com/oauth/authorizations)" in stderr
    assert "dashboard" in stderr


def test_a_lesser_login_tells_its_scope_and_end_though_heroku_does_not(auth: Auth, state: State, world: World) -> None:
    lesser = auth("token --for 10m --scope read --quiet", HEROKU_API_KEY=GLOBAL)[0].strip()
    stdout, _, code = auth("login --token-stdin", stdin=lesser.encode())
    assert (stdout, code) == ("logged in with a token whose scope does not show its account; the token is in Kept\n", 0)
    shown = auth("status")[0]
    assert "logged in by a token whose scope does not show its account, at api.heroku.com\n" in shown
    assert valid(auth("status --json")[0])["account"] is None


def test_a_lesser_login_cannot_revoke_itself_and_a_stronger_token_beside_it_does(
    tmp_path: Path, auth: Auth, state: State
) -> None:
    lesser = auth("token --for 10m --scope read --quiet", HEROKU_API_KEY=GLOBAL)[0].strip()
    auth("login --token-stdin", stdin=lesser.encode())
    stdout, stderr, code = auth("logout")
    assert (stdout, code) == ("removed\n", 1)
    assert f"removed here, but not revoked: {REFUSAL}" in stderr
    assert "1 token of auth token could not be revoked; the last ends 2026-11-23T02:16 UTC, in 10 min\n" in stderr
    assert "dashboard" in stderr
    stdout, _, code = auth("logout", HEROKU_API_KEY=GLOBAL)
    assert (stdout, code) == ("there was no login of herodyno's; 1 token of auth token revoked\n", 0)
    assert state.authorizations == []


@pytest.mark.slow
@pytest.mark.parametrize("way", ["--interactive", ""])
def test_a_lesser_login_leaves_no_stronger_token_behind(tmp_path: Path, way: str) -> None:
    with person(tmp_path) as someone:
        child = someone.types(
            "auth", "login", "--insecure-storage", "--scope", "write", *way.split(), environ={"BROWSER": "true"}
        )
        if way:
            child.expect("e-mail")
            child.sendline("me@example.com")
            child.expect("Password: ")
            child.sendline("pw")
        else:
            child.expect("Press Enter")
            child.sendline("")
        shown, code = end(child)
        assert code == 0, shown
        assert "logged in as ana@example.com, scope read, write; the token is in" in shown
        (authorization,) = someone.server.state.authorizations
        assert authorization.scope == ("read", "write")
        assert list(someone.stored().values()) == [authorization.token]
        shown, code = end(someone.types("auth", "status"))
        assert code == 0
        assert "logged in as ana@example.com at" in shown
        assert "works, scope read, write, ends 20" in shown


def test_a_token_whose_id_cannot_be_kept_says_that_logout_does_not_revoke_it(logged_in: Auth, state: State) -> None:
    replace_by_a_file(state_folder())
    for line in ("token --for 1h", "token --for 1h --json"):
        stdout, stderr, code = logged_in(line)
        assert (code, bool(stdout)) == (0, True)
        assert "id could not be kept: it cannot be revoked from here; ends 2026-11-23T03:06 UTC" in stderr
        assert "revoked by" not in stderr
    assert len(state.authorizations) == 2


def test_an_older_token_that_is_forgotten_is_told(logged_in: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "_MOST_TOKENS", 1)
    assert "older" not in logged_in("token --for 1h")[1]
    stderr = logged_in("token --for 2h")[1]
    assert "too many live: 1 older token cannot be revoked from here; the last ends 2026-11-23T03:06 UTC\n" in stderr
    assert "revoked by: herodyno auth logout" in stderr
