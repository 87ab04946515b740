"""auth login, logout and token: the token goes to the keyring and nowhere else."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from urllib.request import urlopen

import pytest

from herodyno.errors import Unreachable
from tests.cli.at_terminal import end, person
from tests.cli.auth.conftest import Auth, files_with
from tests.cli.schemas import valid
from tests.conftest import Invoke
from tests.heroku.backends import Kept

SECRET = "HRKU-auth-secret"
ENTRY = ("herodyno", "api.heroku.com")


def test_24_a_token_on_stdin_is_checked_stored_and_found_by_the_next_command(auth: Auth, tmp_path: Path) -> None:
    stdout, stderr, code = auth("login --token-stdin", stdin=f" {SECRET}\r\n".encode())
    assert (stdout, stderr, code) == ("logged in as ana@example.com; the token is in Kept\n", "", 0)
    assert Kept.store == {ENTRY: SECRET}
    assert files_with(SECRET, tmp_path) == []
    assert auth("token")[:2] == (f"{SECRET}\n", "from herodyno's keyring entry (Kept)\n")


def test_the_journal_tells_the_account_of_the_login_and_forgets_it_with_the_login(
    auth: Auth, invoke: Invoke, tmp_path: Path
) -> None:
    environ = {**os.environ, "PYTHON_KEYRING_BACKEND": "tests.heroku.backends.Kept"}
    auth("login --token-stdin", stdin=SECRET.encode())
    told = []
    for _ in range(2):
        assert invoke("stop web.2 -a example-app", environ=environ).code == 0
        entry = valid(invoke("journal --json --last 1").stdout)["entries"][0]
        told.append((entry["account"], entry["token_source"]))
        auth("logout --keep-token")
        Kept.store[ENTRY] = SECRET  # not by a login: whose it is, is not known
    source = "herodyno's keyring entry (Kept)"
    assert told == [("ana@example.com", source), (None, source)]
    assert files_with(SECRET, tmp_path) == []


def test_login_and_token_answer_in_json(auth: Auth) -> None:
    login = valid(auth("login --token-stdin --json", stdin=SECRET.encode())[0])
    assert (login["account"], login["store"]) == ("ana@example.com", "Kept")
    assert valid(auth("token --json")[0])["token"] == SECRET
    logout = valid(auth("logout --json")[0])
    assert logout["removed"] is True


@pytest.mark.parametrize("given", [b"invalid", b"", b"HRKU-se cret", b"HRKU-\xff\xfe", b"a\nb"])
def test_a_token_heroku_does_not_take_or_that_cannot_be_one_is_not_stored(auth: Auth, given: bytes) -> None:
    stdout, stderr, code = auth("login --token-stdin", stdin=given)
    assert (stdout, code) == ("", 4)
    assert "HRKU" not in stderr
    assert Kept.store == {}


def test_a_set_key_would_win_over_the_login_and_is_named(auth: Auth) -> None:
    _, stderr, code = auth("login --token-stdin", stdin=SECRET.encode(), HEROKU_API_KEY="x")
    assert code == 2
    assert "HEROKU_API_KEY is set" in stderr


@pytest.mark.parametrize("line", ["login", "login --interactive", "login --no-input", "login -e 60"])
def test_without_a_terminal_a_login_that_asks_is_refused_with_the_other_ways(auth: Auth, line: str) -> None:
    _, stderr, code = auth(line)
    assert code == 4
    assert "HEROKU_API_KEY" in stderr
    assert "--token-stdin" in stderr


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("login -i --token-stdin", "--interactive or --expires-in and --token-stdin"),
        ("login -e 60 --browser firefox", "--interactive or --expires-in and --browser"),
        ("login -e 2592001", "thirty days"),
        ("login -e -5", "1 to 2592000"),
        ("login --token SECRET", "no such option"),
        ("login SECRET", "unexpected extra argument"),
    ],
)
def test_a28_contradictions_and_tokens_as_arguments_are_usage_errors(auth: Auth, line: str, words: str) -> None:
    _, stderr, code = auth(line)
    assert code == 2
    assert words in stderr


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        ("keyring.backends.null.Keyring", "keyring.backends.null.Keyring, which is refused"),
        ("keyring.backends.fail.Keyring", "keyring.backends.fail.Keyring, which is refused"),
        ("keyrings.alt.file.PlaintextKeyring", "--insecure-storage"),
        ("tests.heroku.backends.Forgetful", "did not keep"),
    ],
)
def test_e2_e3_e4_a_store_that_cannot_be_trusted_is_refused_before_anything_is_asked(
    auth: Auth, backend: str, words: str
) -> None:
    stdout, stderr, code = auth("login --token-stdin", stdin=SECRET.encode(), backend=backend)
    assert (stdout, code) == ("", 4)
    assert words in stderr
    assert "HEROKU_API_KEY" in stderr


def test_a_token_that_could_not_be_kept_is_revoked_again(tmp_path: Path) -> None:
    with person(tmp_path) as someone:
        sabotage = tmp_path / "sabotage" / "keyrings" / "alt"
        sabotage.mkdir(parents=True)
        (sabotage.parent / "__init__.py").touch()
        plain = (Path(__file__).parents[1] / "plain_backend" / "keyrings" / "alt" / "file.py").read_text()
        broken = plain.replace("        Path(os", "        assert 'probe' in username, password\n        Path(os", 1)
        (sabotage / "file.py").write_text(broken)
        child = someone.types(
            "auth", "login", "-i", "--insecure-storage", environ={"PYTHONPATH": str(tmp_path / "sabotage")}
        )
        child.expect("e-mail")
        child.sendline("me@example.com")
        child.expect("Password: ")
        child.sendline("correct horse")
        shown, code = end(child)
        assert code == 4
        assert "failed: AssertionError" in shown
        assert "HRKU-SANDBOX" not in shown
        assert someone.server.state.authorizations == []
        assert len(someone.server.state.revoked) == 1


def test_the_interactive_flow_shows_neither_password_nor_code_and_remembers_the_token(tmp_path: Path) -> None:
    with person(tmp_path, two_factor="123456") as someone:
        child = someone.types("auth", "login", "--interactive", "--insecure-storage")
        child.expect(r"Heroku e-mail: ")
        child.sendline("me@example.com")
        child.expect("Password: ")
        child.sendline("correct horse battery")
        child.expect("Two-factor code: ")
        child.sendline("123456")
        shown, code = end(child)
        assert code == 0
        assert "logged in as ana@example.com; the token is in plain-text file of keyrings.alt" in shown
        assert "correct horse" not in shown
        assert "123456" not in shown
        (authorization,) = someone.server.state.authorizations
        host = someone.server.url.removeprefix("http://")
        assert someone.stored() == {f"herodyno/{host}": authorization.token}
        assert authorization.description.startswith("herodyno login from ")
        assert authorization.expires_in == 30 * 24 * 3600
        assert files_with(authorization.token, tmp_path) == [someone.keyring]


def test_the_browser_flow_opens_the_address_and_waits(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {tmp_path}/visited\n')
    browser.chmod(0o755)
    with person(tmp_path) as someone:
        child = someone.types("auth", "login", "--insecure-storage", environ={"BROWSER": str(browser)})
        child.expect("Press Enter")
        child.sendline("")
        shown, code = end(child)
        assert code == 0
        assert "logged in as ana@example.com" in shown
        visited = (tmp_path / "visited").read_text()
        assert visited in shown, "the address is there to be copied as well"
        assert visited.startswith(f"{someone.server.url}/auth/browser/")
        with urlopen(visited) as page:
            assert page.status == 200


def test_a_person_can_leave_before_the_browser_opens(tmp_path: Path) -> None:
    with person(tmp_path) as someone:
        child = someone.types("auth", "login", "--insecure-storage")
        child.expect("Press Enter")
        child.sendline("q")
        assert end(child)[1] == 130
        child = someone.types("auth", "login", "--insecure-storage")
        child.expect("Press Enter")
        child.sendintr()
        assert end(child)[1] == 130
        assert someone.stored() == {}


def test_a_token_can_be_typed_without_echo(tmp_path: Path) -> None:
    with person(tmp_path) as someone:
        child = someone.types("auth", "login", "--token-stdin", "--insecure-storage")
        child.expect("Token: ")
        child.sendline(SECRET)
        shown, code = end(child)
        assert code == 0
        assert SECRET not in shown
        assert SECRET in someone.stored().values()


def test_logout_removes_the_entry_and_revokes_the_token(tmp_path: Path) -> None:
    with person(tmp_path) as someone:
        child = someone.types("auth", "login", "-i", "--insecure-storage")
        child.expect("e-mail")
        child.sendline("me@example.com")
        child.expect("Password: ")
        child.sendline("pw")
        assert end(child)[1] == 0
        shown, code = end(someone.types("auth", "logout"))
        assert (shown.strip(), code) == ("removed and revoked", 0)
        assert someone.stored() == {}
        assert len(someone.server.state.revoked) == 1
        shown, code = end(someone.types("auth", "logout"))
        assert (shown.strip(), code) == ("there was no login of herodyno's", 0)


def test_logout_says_which_token_commands_will_use_now(auth: Auth) -> None:
    Kept.store[ENTRY] = SECRET
    stdout, stderr, code = auth("logout", HEROKU_API_KEY="of-environment")
    assert code == 0
    assert stdout == "removed\n"
    assert stderr == "commands will now use the token from HEROKU_API_KEY\n"
    assert Kept.store == {}


def test_logout_can_leave_the_token_valid(auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    Kept.store[ENTRY] = SECRET
    monkeypatch.setattr("herodyno.cli.auth.logout.revoke", lambda *_: pytest.fail("it was revoked"))
    assert auth("logout --keep-token")[2] == 0
    assert Kept.store == {}


def test_logout_without_a_network_removes_the_entry_and_says_what_is_left_to_do(
    auth: Auth, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> bool:
        raise Unreachable("no address found for api.heroku.com")

    Kept.store[ENTRY] = SECRET
    monkeypatch.setattr("herodyno.cli.auth.logout.revoke", unreachable)
    stdout, stderr, code = auth("logout")
    assert (stdout, code) == ("removed\n", 6)
    assert "not revoked: no address found" in stderr
    assert "dashboard" in stderr
    assert Kept.store == {}


def test_other_programs_files_are_left_as_they_are(auth: Auth, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    netrc = home / ".netrc"
    netrc.write_text("machine api.heroku.com login a password b\n")
    netrc.chmod(0o600)
    before = netrc.stat()
    auth("login --token-stdin", stdin=SECRET.encode(), HOME=str(home))
    auth("logout", HOME=str(home))
    after = netrc.stat()
    assert (after.st_mtime_ns, after.st_size, stat.S_IMODE(after.st_mode)) == (
        before.st_mtime_ns,
        before.st_size,
        0o600,
    )
    assert [path.name for path in home.rglob("*")] == [".netrc"]
