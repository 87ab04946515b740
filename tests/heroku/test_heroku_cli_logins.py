"""What the official Heroku CLI stores is found by herodyno, and herodyno's token serves that CLI."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pexpect
import pytest

from herodyno.heroku.login.credentials import find_token
from herodyno.sandbox.doors.server import Server
from herodyno.sandbox.incidents.scenarios import scenario
from tests.heroku.buses import secret_service
from tests.real_parts import HEROKU_CLI, need_heroku_cli, needed

_cli = needed(need_heroku_cli)
ANA = "ana@example.com"

pytestmark = [
    pytest.mark.real,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # keyring leaves connections open
]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(scenario("healthy", seed=1, start=datetime(2026, 11, 23, 2, 0, tzinfo=UTC))) as running:
        yield running


def surroundings(server: Server, home: Path, **more: str) -> dict[str, str]:
    ours = {key: value for key, value in server.environment.items() if key not in ("HEROKU_API_KEY", "HEROKU_APP")}
    plain = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "TERM": "xterm"}
    return {**plain, **ours, **more}


def heroku_login(environ: dict[str, str]) -> None:
    """`heroku login --interactive`, as a person types it."""
    child: Any = pexpect.spawn(str(HEROKU_CLI), ["login", "--interactive"], env=environ, timeout=60, encoding="utf-8")
    child.expect("Email")
    child.sendline(ANA)
    child.expect("Password")
    child.sendline("correct horse")
    child.expect("Logged in as")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def herodyno(environ: dict[str, str], *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "herodyno", *words]
    return subprocess.run(argv, env=environ, input=stdin, capture_output=True, text=True, timeout=30)


def test_a_login_the_heroku_cli_wrote_to_netrc_is_used_and_its_logout_noticed(server: Server, tmp_path: Path) -> None:
    environ = surroundings(server, tmp_path, HEROKU_NETRC_WRITE="true")
    heroku_login(environ)
    before = (tmp_path / ".netrc").read_bytes()
    status = json.loads(herodyno(environ, "auth", "status", "--json").stdout)
    assert (status["works"], status["account"], status["source"]) == (True, ANA, str(tmp_path / ".netrc"))
    assert status["expires_at"], "the sandbox tells when the CLI's token ends"
    assert herodyno(environ, "ps", "-a", "example-app").returncode == 0
    assert (tmp_path / ".netrc").read_bytes() == before
    subprocess.run([str(HEROKU_CLI), "logout"], env=environ, check=True, capture_output=True, timeout=60)
    assert herodyno(environ, "ps", "-a", "example-app").returncode == 4


def test_a_login_the_heroku_cli_put_into_the_keychain_is_found_for_herokus_own_host_only(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with secret_service(tmp_path / "service") as service:
        environ = surroundings(server, tmp_path) | service
        heroku_login(environ)
        (authorization,) = server.state.authorizations
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", environ["DBUS_SESSION_BUS_ADDRESS"])
        found = find_token(environ, "api.heroku.com")
        assert found.token == authorization.token
        assert found.source == f"Heroku CLI's keychain entry (Secret Service, {ANA})"
        told = herodyno(environ, "auth", "status").stdout
        assert f"never used for {server.url.removeprefix('http://')}" in told


def test_herodynos_token_serves_the_heroku_cli_through_the_environment(server: Server, tmp_path: Path) -> None:
    with secret_service(tmp_path / "service") as service:
        environ = surroundings(server, tmp_path) | service
        login = herodyno(environ, "auth", "login", "--token-stdin", stdin="SANDBOX-token")
        assert login.returncode == 0
        token = herodyno(environ, "auth", "token", "--quiet").stdout.strip()
        whoami = subprocess.run(
            [str(HEROKU_CLI), "whoami"],
            env=environ | {"HEROKU_API_KEY": token},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert whoami.stdout.strip() == ANA
        assert not (tmp_path / ".netrc").exists(), "herodyno writes into no file of the Heroku CLI"


def test_the_heroku_cli_makes_shows_and_revokes_authorizations_and_is_refused_with_a_lesser_one(
    server: Server, tmp_path: Path
) -> None:
    environ = surroundings(server, tmp_path, HEROKU_API_KEY="SANDBOX-global", HEROKU_APP="example-app")

    def heroku(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(HEROKU_CLI), *words], env=environ | more, capture_output=True, text=True, timeout=60)

    made = json.loads(
        heroku("authorizations:create", "-s", "identity,read", "-e", "3600", "-d", "a script", "--json").stdout
    )
    token = made["access_token"]["token"]
    assert (made["scope"], made["access_token"]["expires_in"]) == (["identity", "read"], 3600)
    assert heroku("ps", HEROKU_API_KEY=token).returncode == 0, "it asks for the account, too"
    for words in ("ps:restart", "authorizations"):
        refused = heroku(words, HEROKU_API_KEY=token)
        assert refused.returncode != 0
        said = " ".join((refused.stdout + refused.stderr).replace("›", " ").split())
        assert "The scope of this OAuth authorization does not allow access to this resource." in said
    ours = herodyno(environ, "auth", "token", "--for", "1h", "--scope", "write", "--quiet").stdout.strip()
    assert ours.startswith("HRKU-SANDBOX-")
    listed = json.loads(heroku("authorizations", "--json").stdout)
    assert sorted(each["scope"] for each in listed) == [["identity", "read"], ["read", "write"]]
    assert heroku("authorizations:revoke", made["id"]).returncode == 0
    assert herodyno(environ | {"HEROKU_API_KEY": token}, "ps").returncode == 4
