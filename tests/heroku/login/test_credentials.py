"""Which token wins, what each source holds, and that no token is ever shown (E7 to E9)."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from herodyno.errors import NotAuthenticated
from herodyno.heroku.login import credentials, keychain
from herodyno.heroku.login.credentials import Credential, CredentialSource, credential_sources, find_token
from herodyno.heroku.login.keychain import KeyringSilent
from tests.heroku.backends import Kept
from tests.heroku.official_cli_login import ME, login_json, program
from tests.real_parts import only_where

HOST = "api.heroku.com"
pytestmark = only_where(sys.platform not in ("darwin", "win32"), "the sources here are those of Linux")


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """An environment in which all four sources hold a token of their own."""
    monkeypatch.setattr(
        keychain, "SAFE", {f"tests.heroku.backends.{name}": name for name in ("Kept", "Silent", "Locked")}
    )
    Kept.store.clear()
    Kept.store["herodyno", HOST] = "of-keyring"
    environ = program(tmp_path, "secret-tool", "echo of-cli")
    login_json(tmp_path, {"account": ME})
    (tmp_path / ".netrc").write_text(f"machine {HOST} login {ME} password of-netrc")
    (tmp_path / ".netrc").chmod(0o600)
    yield {
        **environ,
        "HEROKU_API_KEY": "of-environment",
        "PYTHON_KEYRING_BACKEND": "tests.heroku.backends.Kept",
        "XDG_DATA_HOME": str(tmp_path),
        "HOME": str(tmp_path),
    }
    Kept.store.clear()


def test_the_order_is_environment_keyring_heroku_cli_netrc(sources: dict[str, str], tmp_path: Path) -> None:
    assert find_token(sources, HOST) == Credential("of-environment", "HEROKU_API_KEY")
    del sources["HEROKU_API_KEY"]
    assert find_token(sources, HOST) == Credential("of-keyring", "herodyno's keyring entry (Kept)")
    Kept.store.clear()
    assert find_token(sources, HOST) == Credential("of-cli", f"Heroku CLI's keychain entry (Secret Service, {ME})", ME)
    (tmp_path / "heroku" / "login.json").unlink()
    assert find_token(sources, HOST) == Credential("of-netrc", str(tmp_path / ".netrc"), ME)
    (tmp_path / ".netrc").unlink()
    with pytest.raises(NotAuthenticated, match=r"no Heroku token for api\.heroku\.com") as none:
        find_token(sources, HOST)
    for way in ("auth login", "HEROKU_API_KEY", "--token-stdin", "~/.netrc"):
        assert way in none.value.next_step


def test_without_a_keyring_no_login_is_proposed_that_could_not_be_kept() -> None:
    with pytest.raises(NotAuthenticated, match="no Heroku token") as none:
        find_token({"HOME": "/none", "XDG_DATA_HOME": "/none", "PYTHON_KEYRING_BACKEND": "no.such"}, HOST)
    assert "--token-stdin" not in none.value.next_step
    assert "log in with" not in none.value.next_step
    for way in ("HEROKU_API_KEY", "~/.netrc"):
        assert way in none.value.next_step


def test_with_a_token_in_the_environment_nothing_else_is_asked(
    sources: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "_keyring", lambda *_: pytest.fail("the keyring was asked"))
    assert find_token(sources, HOST).source == "HEROKU_API_KEY"


def test_the_keychain_of_the_heroku_cli_is_asked_once_and_for_herokus_hosts_only(
    sources: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "secret-tool").write_text(f"#!/bin/sh\necho once >> {tmp_path}/times\necho of-cli\n")
    assert [finding.token for finding in credential_sources(sources, HOST)][2] == "of-cli"
    assert (tmp_path / "times").read_text() == "once\n"
    third = list(credential_sources(sources, "127.0.0.1:8971"))[2]
    assert (third.token, third.detail) == ("", "never used for 127.0.0.1:8971")
    assert (tmp_path / "times").read_text() == "once\n"


def test_e9_an_empty_key_is_unset_with_a_note(sources: dict[str, str]) -> None:
    notes: list[str] = []
    found = find_token(sources | {"HEROKU_API_KEY": " \n"}, HOST, note=notes.append)
    assert found.token == "of-keyring"
    assert notes == ["HEROKU_API_KEY is empty, and treated as unset"]


@pytest.mark.parametrize("end", ["\n", "\r\n", " ", "\t"])
def test_e7_white_space_around_a_token_is_taken_off(sources: dict[str, str], end: str) -> None:
    assert find_token(sources | {"HEROKU_API_KEY": f" abc{end}"}, HOST).token == "abc"


@pytest.mark.parametrize(
    "bad", ["HRKU-se cret", "HRKU-se\ncret", "HRKU-se\rcret: x", "HRKU-se\x00cret", "HRKU-sé-cret"]
)
def test_e7_e8_a_token_that_no_header_can_carry_is_refused_and_not_shown(sources: dict[str, str], bad: str) -> None:
    with pytest.raises(NotAuthenticated, match="HEROKU_API_KEY") as refused:
        find_token(sources | {"HEROKU_API_KEY": bad}, HOST)
    assert refused.value.exit_code == 4
    assert "HRKU" not in "".join(traceback.format_exception(refused.value)) + refused.value.next_step


def test_e1_after_a_silent_keyring_the_same_bus_is_not_asked_again(
    sources: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(_self: object, _host: str) -> str:
        raise KeyringSilent("the keyring did not answer within 3 s")

    monkeypatch.setattr(keychain.Keychain, "read", silent)
    del sources["HEROKU_API_KEY"]
    notes: list[str] = []
    assert find_token(sources, HOST, note=notes.append).token == "of-netrc"
    assert notes == ["herodyno's keyring entry: the keyring did not answer within 3 s"]


def test_a_variable_of_nearly_that_name_is_pointed_out() -> None:
    with pytest.raises(NotAuthenticated, match="HEROKU_API_TOKEN is set, and is not read") as missed:
        find_token({"HEROKU_API_TOKEN": "HRKU-x", "HOME": "/none"}, HOST)
    assert "HEROKU_API_KEY" in missed.value.next_step


def test_e5_a_locked_keyring_with_nothing_else_is_exit_4_and_says_unlock(
    sources: dict[str, str], tmp_path: Path
) -> None:
    sources |= {
        "HEROKU_API_KEY": "",
        "PYTHON_KEYRING_BACKEND": "tests.heroku.backends.Locked",
        "HEROKU_NETRC_WRITE": "true",
    }
    (tmp_path / ".netrc").unlink()
    with pytest.raises(NotAuthenticated, match="locked, and was not unlocked") as locked:
        find_token(sources, HOST)
    assert locked.value.exit_code == 4
    assert "unlock it" in locked.value.next_step


def test_e11_a_netrc_that_had_to_be_refused_is_the_reason_given(sources: dict[str, str], tmp_path: Path) -> None:
    Kept.store.clear()
    (tmp_path / ".netrc").chmod(0o644)
    (tmp_path / "heroku" / "login.json").unlink()
    with pytest.raises(NotAuthenticated, match="open to others") as refused:
        find_token(sources | {"HEROKU_API_KEY": ""}, HOST)
    assert refused.value.next_step == f"chmod 600 {tmp_path / '.netrc'}"


def test_no_repr_shows_a_token() -> None:
    assert "HRKU" not in repr(Credential("HRKU-x", "netrc")) + repr(CredentialSource("netrc", "HRKU-x"))


def test_finding_a_token_in_the_environment_loads_neither_keyring_nor_httpx() -> None:
    import subprocess

    code = (
        "import sys; from herodyno.heroku.login.credentials import find_token;"
        "find_token({'HEROKU_API_KEY': 'x'}, 'api.heroku.com');"
        "sys.exit(', '.join({'keyring', 'httpx', 'ssl', 'rich', 'asyncio'} & set(sys.modules)) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
