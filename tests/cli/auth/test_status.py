"""auth status: which token, from where, whether it works, and what every other source holds; never a token."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from herodyno.heroku.login import keychain
from herodyno.heroku.login.authorizations import Authorization
from tests.cli.schemas import valid
from tests.conftest import Invoke
from tests.heroku.backends import Kept
from tests.heroku.official_cli_login import login_json, program
from tests.real_parts import only_where

SECRETS = ("HRKU-of-environment", "HRKU-of-keyring", "HRKU-of-cli", "HRKU-of-netrc")
pytestmark = only_where(sys.platform not in ("darwin", "win32"), "the sources here are those of Linux")


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """An environment in which every source holds a token."""
    monkeypatch.setattr(keychain, "SAFE", {f"tests.heroku.backends.{name}": name for name in ("Kept", "Locked")})
    Kept.store.clear()
    Kept.store["herodyno", "api.heroku.com"] = SECRETS[1]
    environ = {**os.environ, **program(tmp_path, "secret-tool", f"echo {SECRETS[2]}")}
    login_json(tmp_path, {"account": "me@example.com"})
    (tmp_path / ".netrc").write_text(f"machine api.heroku.com login x password {SECRETS[3]}")
    (tmp_path / ".netrc").chmod(0o600)
    yield environ | {
        "HEROKU_API_KEY": SECRETS[0],
        "PYTHON_KEYRING_BACKEND": "tests.heroku.backends.Kept",
        "XDG_DATA_HOME": str(tmp_path),
        "HOME": str(tmp_path),
    }
    Kept.store.clear()


def test_every_source_is_listed_and_no_token_is_shown(invoke: Invoke, sources: dict[str, str], tmp_path: Path) -> None:
    stdout, stderr, code = invoke("auth status", environ=sources)
    assert (stderr, code) == ("", 0)
    assert stdout.splitlines()[:2] == [
        "logged in as ana@example.com at api.heroku.com",
        "token from HEROKU_API_KEY: works, no end known",
    ]
    assert [row.split("  ")[0] for row in stdout.splitlines()[3:]] == [
        "SOURCE",
        "HEROKU_API_KEY",
        "herodyno's keyring entry (Kept)",
        "Heroku CLI's keychain entry (Secret Service, me@example.com)",
        str(tmp_path / ".netrc"),
    ]
    assert stdout.count("another token") == 3
    assert not any(secret in stdout for secret in SECRETS)


def test_the_document_says_the_same(invoke: Invoke, sources: dict[str, str]) -> None:
    stdout, _, code = invoke("auth status --json", environ=sources)
    document = valid(stdout)
    assert code == 0
    assert (document["works"], document["account"], document["source"]) == (True, "ana@example.com", "HEROKU_API_KEY")
    assert [source["in_use"] for source in document["sources"]] == [True, False, False, False]
    assert not any(secret in stdout for secret in SECRETS)


def test_two_sources_with_one_token_are_called_the_same(invoke: Invoke, sources: dict[str, str]) -> None:
    Kept.store["herodyno", "api.heroku.com"] = SECRETS[0]
    assert "the same token" in invoke("auth status", environ=sources).stdout


def test_the_end_of_a_token_is_shown(invoke: Invoke, sources: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    told = Authorization(scope=("read", "write"), seconds_left=2 * 86_400)
    monkeypatch.setattr("herodyno.cli.auth.status.authorization_of", lambda *_: told)
    assert (
        "works, scope read, write, ends 2026-11-25T02:06 UTC\n" in invoke("auth status --utc", environ=sources).stdout
    )
    soon = Authorization(scope=("global",), seconds_left=590)
    monkeypatch.setattr("herodyno.cli.auth.status.authorization_of", lambda *_: soon)
    shown = invoke("auth status --utc", environ=sources).stdout
    assert "works, scope global, ends 2026-11-23T02:16 UTC, in 9 min 50 s\n" in shown


def test_a_token_heroku_refuses_is_exit_4_and_the_sources_are_listed_all_the_same(
    invoke: Invoke, sources: dict[str, str]
) -> None:
    stdout, stderr, code = invoke("auth status", environ=sources | {"HEROKU_API_KEY": "invalid"})
    assert code == 4
    assert stdout.startswith("the token from HEROKU_API_KEY does not work at api.heroku.com\n")
    assert "another token" in stdout
    assert "does not take" in stderr


def test_without_any_token_it_lists_why_each_source_has_none(
    invoke: Invoke, sources: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / ".netrc").chmod(0o644)
    (tmp_path / "heroku" / "login.json").unlink()
    environ = sources | {"HEROKU_API_KEY": "", "PYTHON_KEYRING_BACKEND": "tests.heroku.backends.Locked"}
    stdout, stderr, code = invoke("auth status", environ=environ)
    assert code == 4
    assert "nothing: empty, and treated as unset" in stdout
    assert "not usable: Locked is locked" in stdout
    assert "nothing: the Heroku CLI has no login there" in stdout
    assert f"open to others (mode 0644); it was not used (chmod 600 {tmp_path / '.netrc'})" in stdout
    assert "no Heroku token for api.heroku.com" in stderr
    assert valid(invoke("auth status --json", environ=environ).stdout)["works"] is False


def test_a_null_backend_is_named(invoke: Invoke, sources: dict[str, str]) -> None:
    environ = sources | {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    assert "keyring.backends.null.Keyring, which is refused" in invoke("auth status", environ=environ).stdout


def test_everything_works_without_a_keyring_through_the_environment(invoke: Invoke, sources: dict[str, str]) -> None:
    environ = sources | {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "HEROKU_APP": "example-app"}
    assert invoke("ps", environ=environ).code == 0


def test_the_status_command_is_offline_safe(tmp_path: Path) -> None:
    environ = {**os.environ, "HEROKU_HOST": "http://127.0.0.1:1", "HEROKU_API_KEY": SECRETS[0], "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "herodyno", "auth", "status"], env=environ, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 6
    assert done.stdout.startswith("the token from HEROKU_API_KEY could not be tried at 127.0.0.1:1\n")
    assert SECRETS[0] not in done.stdout + done.stderr
