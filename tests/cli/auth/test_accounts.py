"""Several accounts: a login leaves the others, each command says whose token it takes, --account chooses."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from herodyno.cli.auth.accounts import (
    KeptLogin,
    forget_made_tokens,
    keep_login,
    keep_made_token,
    kept_logins,
    made_tokens,
    usual_account,
)
from herodyno.folders import state_folder
from herodyno.sandbox.api.state import State
from tests.cli.auth.conftest import Auth
from tests.cli.schemas import valid
from tests.heroku.backends import Kept
from tests.heroku.official_cli_login import login_json, program
from tests.real_parts import only_where

HOST = "api.heroku.com"
ANA, BOB = "ana@example.com", "bob@example.com"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PS = "ps -a example-app"


@pytest.fixture
def two(auth: Auth, state: State) -> Auth:
    """Ana logged in, then Bob."""
    assert auth("login --token-stdin", stdin=b"HRKU-of-ana")[2] == 0
    state.account = replace(state.account, email=BOB)
    assert auth("login --token-stdin", stdin=b"HRKU-of-bob")[1] == f"the login of {ANA} stays: --account {ANA}\n"
    return auth


def test_a_login_of_another_account_becomes_the_usual_one_and_leaves_the_other(two: Auth) -> None:
    assert Kept.store == {("herodyno", HOST): "HRKU-of-bob", ("herodyno", f"{HOST}/{ANA}"): "HRKU-of-ana"}
    assert two("token --quiet")[0] == "HRKU-of-bob\n"
    assert two(f"token --quiet --account {ANA}")[0] == "HRKU-of-ana\n"
    assert two(f"token --quiet --account {BOB}", HERODYNO_ACCOUNT=ANA)[0] == "HRKU-of-bob\n", "the flag is nearer"
    assert two("token --quiet", HERODYNO_ACCOUNT=ANA)[0] == "HRKU-of-ana\n"


def test_where_two_accounts_are_each_command_says_for_whom_it_speaks(two: Auth) -> None:
    source = "by the token from herodyno's keyring entry (Kept)\n"
    assert two(PS)[1] == f"as {BOB}, {source}"
    assert two(PS, HERODYNO_ACCOUNT=ANA)[1] == f"as {ANA}, {source}"
    assert two(f"--account {ANA} {PS}")[1] == f"as {ANA}, {source}", "before the command, too"
    assert two(f"{PS} --quiet")[1] == ""
    assert two(f"stop web.2 -a example-app --account {ANA}")[2] == 0
    entry = valid(two("journal --json --last 1")[0])["entries"][0]
    assert entry["account"] == ANA


def test_where_one_account_is_nothing_is_said(auth: Auth) -> None:
    auth("login --token-stdin", stdin=b"HRKU-of-ana")
    assert auth(PS)[1:] == ("", 0)


def test_status_names_the_accounts_and_shows_no_token(two: Auth) -> None:
    shown = two("status")[0]
    ours = "herodyno's keyring entry"
    assert shown.endswith(f"\naccounts: {ANA} ({ours}), {BOB} ({ours}); --account NAME or HERODYNO_ACCOUNT chooses\n")
    document = valid(two(f"status --json --account {ANA}")[0])
    assert [each["account"] for each in document["accounts"]] == [ANA, BOB]
    assert "HRKU" not in shown + json.dumps(document)


def test_a_login_beside_the_usual_one_when_the_account_is_named(two: Auth, state: State) -> None:
    carol = "carol@example.com"
    state.account = replace(state.account, email=carol)
    assert two(f"login --token-stdin --account {carol}", stdin=b"HRKU-of-carol")[2] == 0
    assert usual_account(HOST) == BOB
    assert two(f"token --quiet --account {carol}")[0] == "HRKU-of-carol\n"
    told = two("logout", HERODYNO_ACCOUNT=carol)
    assert told[0] == "removed\n"
    assert told[1].endswith(f"{BOB} is still logged in: --account {BOB}\n{ANA} is still logged in: --account {ANA}\n")
    assert set(kept_logins()) == {HOST, f"{HOST}/{ANA}"}
    assert len(Kept.store) == 2


def test_a_login_of_another_account_than_the_named_one_is_not_kept(two: Auth) -> None:
    before = dict(Kept.store)
    _, stderr, code = two(f"login --token-stdin --account {ANA}", stdin=b"HRKU-of-whom")
    assert code == 2
    assert f"that is a login of {BOB}, not of {ANA}; it was not kept" in stderr
    assert Kept.store == before


def test_ana_again_is_one_login_and_not_two(two: Auth, state: State) -> None:
    state.account = replace(state.account, email=ANA)
    two("login --token-stdin", stdin=b"HRKU-of-ana-again")
    assert Kept.store == {("herodyno", HOST): "HRKU-of-ana-again", ("herodyno", f"{HOST}/{BOB}"): "HRKU-of-bob"}
    assert {name: each.account for name, each in kept_logins().items()} == {HOST: ANA, f"{HOST}/{BOB}": BOB}


@pytest.mark.parametrize(
    ("flags", "environ", "words"),
    [
        ("--account ''", {}, "'--account -' is no account"),
        ("--account 'a b'", {}, "is no account"),
        ("--account=-x", {}, "is no account"),
        ("", {"HERODYNO_ACCOUNT": "a\tb"}, "'HERODYNO_ACCOUNT=a\\tb' is no account"),
        (f"--account {ANA}", {"HEROKU_API_KEY": "key-of-whom"}, "HEROKU_API_KEY is set"),
        ("", {"HERODYNO_ACCOUNT": ANA, "HEROKU_API_KEY": "key-of-whom"}, f"HERODYNO_ACCOUNT={ANA} chooses another"),
    ],
)
def test_what_is_no_account_or_cannot_be_chosen_sends_nothing(
    auth: Auth, state: State, flags: str, environ: dict[str, str], words: str
) -> None:
    _, stderr, code = auth(f"{PS} {flags}", **environ)
    assert code == 2, stderr
    assert words in stderr
    assert state.remaining(NOW) == state.options.rate_limit


def test_an_account_that_is_not_here_is_named_with_what_to_type(two: Auth) -> None:
    _, stderr, code = two(f"{PS} --account nobody@example.com")
    assert code == 4
    assert "no token of the account nobody@example.com for api.heroku.com" in stderr
    assert "herodyno auth login --account nobody@example.com" in stderr


def test_where_the_usual_login_is_gone_those_that_are_left_are_named(two: Auth) -> None:
    assert two("logout")[2] == 0
    for line in (PS, "status", "token"):
        _, stderr, code = two(line)
        assert code == 4
        assert "no Heroku token for api.heroku.com without --account\n" in stderr
        assert f"choose a login: --account {ANA} · or log in with: herodyno auth login\n" in stderr
    assert two(f"{PS} --account {ANA}")[2] == 0
    assert "no token of the account x@example.com" in two("status --account x@example.com")[1]
    stdout, stderr, code = two("logout")
    assert (stdout, code) == ("there was no login of herodyno's that is the usual one\n", 0)
    assert stderr == f"{ANA} is still logged in: --account {ANA}\n"


@pytest.mark.parametrize("environ", [{}, {"HERODYNO_ACCOUNT": ANA}], ids=["flag", "variable"])
def test_a_token_names_the_logout_that_revokes_it(two: Auth, state: State, environ: dict[str, str]) -> None:
    state.account = replace(state.account, email=ANA)
    way = f"revoked by: herodyno auth logout --account {ANA}\n"
    flag = "" if environ else f" --account {ANA}"
    assert way in two(f"token --for 1h{flag}", **environ)[1]
    two("logout")  # of Bob
    stdout, stderr, code = two("logout")
    assert (stdout, code, len(state.authorizations)) == (
        "there was no login of herodyno's that is the usual one\n",
        1,
        1,
    )
    assert "herodyno: 1 token of auth token could not be revoked; the last ends 2026-11-23T03:06 UTC" in stderr
    assert stderr.endswith(f"\n  herodyno auth logout --account {ANA}\n")
    assert two(f"logout --account {ANA}")[::2] == ("removed; 1 token of auth token revoked\n", 0)
    assert state.authorizations == []


def test_the_bare_logout_is_named_only_where_it_is_that_of_the_account(two: Auth, state: State) -> None:
    bare = "revoked by: herodyno auth logout\n"
    assert bare in two("token --for 1h")[1]
    assert bare in two("token --for 1h", HERODYNO_ACCOUNT=BOB)[1]
    of_bob = f"revoked by: herodyno auth logout --account {BOB}\n"
    assert of_bob in two(f"token --for 1h --account {BOB}", HERODYNO_ACCOUNT=ANA)[1], "else it would be Ana's"
    state.account = replace(state.account, email="carol@example.com")
    stderr = two("token --for 1h", HEROKU_API_KEY="key-of-carol")[1]
    assert "after a login of carol@example.com, by: herodyno auth logout --account carol@example.com\n" in stderr


def test_a_token_that_was_revoked_elsewhere_is_none_that_could_not_be(two: Auth, state: State) -> None:
    two("token --for 1h")
    state.authorizations.clear()
    assert two("logout")[::2] == ("removed\n", 0)
    assert made_tokens(HOST) == []


def test_a_login_that_was_revoked_elsewhere_leaves_its_tokens_and_that_is_a_failure(two: Auth, state: State) -> None:
    two("token --for 1h")
    state.revoked.add("HRKU-of-bob")
    stdout, stderr, code = two("logout")
    assert (stdout, code) == ("removed\n", 1)
    assert "1 token of auth token could not be revoked" in stderr
    assert stderr.endswith("\n  revoke it in the dashboard: Account settings, Applications\n")
    assert len(made_tokens(HOST)) == 1


@only_where(sys.platform == "linux", "the keychain is that of Linux")
def test_what_the_heroku_cli_and_a_netrc_hold_are_accounts_too(auth: Auth, tmp_path: Path) -> None:
    listed = f"attribute.service = heroku-cli\nattribute.account = {BOB}\nsecret = HRKU-of-bob\n"
    search = f"printf '%s' '{listed}attribute.account = {ANA}\n' >&2"
    cases = f'case "$1 $5" in search*) {search};; *dan*) exit 1;; *) echo "HRKU-of-$5";; esac'
    tool = program(tmp_path, "secret-tool", cases)
    login_json(tmp_path, {"account": ANA})
    netrc = tmp_path / ".netrc"
    netrc.write_text(
        f"machine {HOST} login dan@example.com password HRKU-of-dan@example.com\nmachine {HOST} login x password y\n"
    )
    netrc.chmod(0o600)
    environ = {**tool, "XDG_DATA_HOME": str(tmp_path), "HOME": str(tmp_path)}
    assert f"as {ANA}, by the token from Heroku CLI's keychain entry" in auth(PS, **environ)[1]
    for account in (ANA, BOB, "dan@example.com"):
        assert auth(f"token --quiet --account {account}", **environ)[0] == f"HRKU-of-{account}\n"
    shown = auth("status", **environ)[0]
    cli = "Heroku CLI's keychain entry"
    assert f"accounts: {ANA} ({cli}), {BOB} ({cli}), dan@example.com ({netrc}); --account NAME" in shown
    assert "HRKU" not in shown


@pytest.mark.parametrize(
    "text", ["", "[", "[1]", '{"api.heroku.com": 3}', "[" * 100_000, '{"api.heroku.com": {"scope": 1, "ends_at": "x"}}']
)
def test_a_broken_file_of_accounts_is_none(text: str) -> None:
    for name in ("accounts.json", "authorizations.json"):
        path = state_folder() / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(text)
        path.chmod(0o600)
    assert (usual_account(HOST), made_tokens(HOST)) == ("", [])
    login = KeptLogin(ANA, ("read",), NOW, "id")
    keep_login(HOST, login)
    keep_made_token(HOST, login, now=NOW - timedelta(hours=1))
    assert (kept_logins()[HOST], made_tokens(HOST)) == (login, [login])
    forget_made_tokens(HOST, ["id"])
    keep_login(HOST, None)
    assert (usual_account(HOST), made_tokens(HOST)) == ("", [])


def test_a_login_that_an_older_herodyno_kept_is_known() -> None:
    path = state_folder() / "accounts.json"
    path.parent.mkdir(parents=True, mode=0o700)
    path.write_text(json.dumps({HOST: ANA}))
    path.chmod(0o600)
    assert usual_account(HOST) == ANA


@pytest.mark.parametrize("word", ["list", "whoami", "switch"])
def test_words_of_other_tools_lead_to_the_status(auth: Auth, word: str) -> None:
    _, stderr, code = auth(word)
    assert code == 2
    assert "herodyno auth status; --account NAME chooses one" in stderr
