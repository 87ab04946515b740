"""The Heroku CLI's own keychain entry, asked as that CLI asks it: login.json first, no shell, a limit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from herodyno.heroku.login import official_cli
from herodyno.heroku.login.keychain import KeyringSilent
from herodyno.heroku.login.official_cli import keychain_accounts, keychain_token, login_account
from tests.heroku.official_cli_login import ME, login_json, program
from tests.real_parts import only_where

SECRET = "HRKU-cli-secret"


def test_the_account_stands_in_login_json_of_the_data_folder(tmp_path: Path) -> None:
    login_json(tmp_path, {"account": ME})
    assert login_account({"XDG_DATA_HOME": str(tmp_path)}) == ME
    home = tmp_path / "home"
    login_json(home / ".local" / "share", {"account": ME})
    assert login_account({"HOME": str(home)}, "linux") == ME
    assert login_account({"HOME": str(home)}, "darwin") == ME
    assert login_account({"LOCALAPPDATA": str(tmp_path)}, "win32") == ME


def test_the_clis_switch_for_netrc_only_is_honoured(tmp_path: Path) -> None:
    login_json(tmp_path, {"account": ME})
    assert login_account({"XDG_DATA_HOME": str(tmp_path), "HEROKU_NETRC_WRITE": "true"}) == ""


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"account": 1}', '{"account": "a\\nb"}', '{"account": "--version"}']
)
def test_a_login_json_that_cannot_be_one_is_no_login(tmp_path: Path, content: str) -> None:
    login_json(tmp_path, content)
    assert login_account({"XDG_DATA_HOME": str(tmp_path)}) == ""


def test_linux_is_asked_by_the_attributes_of_the_cli(tmp_path: Path) -> None:
    environ = program(tmp_path, "secret-tool", f"echo {SECRET}")
    assert keychain_token(ME, environ, platform="linux") == SECRET
    assert (tmp_path / "asked").read_text().split() == ["lookup", "service", "heroku-cli", "account", ME]


def test_macos_is_asked_through_the_program_the_item_trusts(tmp_path: Path) -> None:
    environ = program(tmp_path, "security", f"echo {SECRET}")
    assert keychain_token(ME, environ, platform="darwin") == SECRET
    assert (tmp_path / "asked").read_text().split() == ["find-generic-password", "-a", ME, "-s", "heroku-cli", "-w"]


def test_windows_gets_the_words_as_variables_and_not_as_code(tmp_path: Path) -> None:
    asked: dict[str, Any] = {}

    def run(argv: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        asked.update(options, argv=argv)
        return subprocess.CompletedProcess(argv, 0, stdout=f"{SECRET}\r\n", stderr="")

    account = 'x"; Remove-Item C:\\ #@example.com'
    environ = program(tmp_path, "powershell", "")
    assert keychain_token(account, environ, platform="win32", run=run) == SECRET
    assert account not in " ".join(asked["argv"])
    assert asked["env"]["HERODYNO_ACCOUNT"] == account
    assert asked["env"]["HERODYNO_SERVICE"] == "heroku-cli"


def test_an_address_with_quotes_reaches_no_shell(tmp_path: Path) -> None:
    environ = program(tmp_path, "secret-tool", "exit 1")
    account = f'a"$(touch {tmp_path}/pwned)"@example.com'
    assert keychain_token(account, environ, platform="linux") == ""
    assert account in (tmp_path / "asked").read_text()
    assert not (tmp_path / "pwned").exists()


def test_nothing_stored_and_no_program_are_no_token(tmp_path: Path) -> None:
    assert keychain_token(ME, program(tmp_path, "secret-tool", "exit 1"), platform="linux") == ""
    assert keychain_token(ME, {"PATH": str(tmp_path / "empty")}, platform="linux") == ""


@only_where(sys.platform != "win32", "a shell script stands for the program")
def test_e1_a_keychain_that_does_not_answer_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(official_cli, "SECONDS", 0.2)
    with pytest.raises(KeyringSilent, match=r"within 0\.2 s"):
        keychain_token(ME, program(tmp_path, "secret-tool", "exec sleep 30"), platform="linux")


DUMP = """keychain: "/Users/me/Library/Keychains/login.keychain-db"
class: "genp"
attributes:
    0x00000007 <blob>="Heroku CLI"
    "acct"<blob>="me@example.com"
    "svce"<blob>="heroku-cli"
keychain: "/Users/me/Library/Keychains/login.keychain-db"
class: "genp"
attributes:
    "acct"<blob>="somebody@example.com"
    "svce"<blob>="another program"
keychain: "/Users/me/Library/Keychains/login.keychain-db"
attributes:
    "acct"<blob>="-w"
    "svce"<blob>="heroku-cli"
"""


@pytest.mark.parametrize(
    ("platform", "name", "stdout", "stderr"),
    [
        ("linux", "secret-tool", f"[/1]\nsecret = {SECRET}\nattribute.account = {ME}\n", ""),
        ("linux", "secret-tool", f"[/1]\nsecret = {SECRET}\n", f"attribute.account = {ME}\nattribute.account = {ME}\n"),
        ("darwin", "security", DUMP, ""),
        ("win32", "powershell", f"{ME}\r\n-w\r\n\r\n", ""),
    ],
)
def test_the_accounts_of_the_keychain_are_listed_without_their_tokens(
    tmp_path: Path, platform: str, name: str, stdout: str, stderr: str
) -> None:
    def run(argv: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(argv, 0, stdout=stdout, stderr=stderr)

    assert keychain_accounts(program(tmp_path, name, ""), platform=platform, run=run) == [ME]


def test_a_keychain_that_fails_or_is_silent_lists_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        keychain_accounts(program(tmp_path, "secret-tool", "echo attribute.account = a; exit 1"), platform="linux")
        == []
    )
    assert keychain_accounts({"PATH": str(tmp_path / "empty")}, platform="linux") == []
    monkeypatch.setattr(official_cli, "SECONDS", 0.1)
    assert keychain_accounts(program(tmp_path, "secret-tool", "exec sleep 30"), platform="linux") == []
