"""Against real keyrings: a Secret Service on a private D-Bus session, and buses that hang (E1, E5)."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from herodyno.errors import NotAuthenticated
from herodyno.heroku.login.credentials import find_token
from herodyno.heroku.login.keychain import Keychain, KeyringSilent, NoKeyring, entry_name
from herodyno.heroku.login.official_cli import keychain_accounts
from herodyno.sandbox.doors.server import Server
from herodyno.sandbox.incidents.scenarios import scenario
from tests.heroku.buses import secret_service, silent_bus
from tests.heroku.official_cli_login import ME, login_json
from tests.real_parts import only_where

HOST = "api.heroku.com"
SECRET = "HRKU-real-secret"
pytestmark = [
    only_where(sys.platform == "linux", "the Secret Service is Linux's keyring"),
    # keyring leaves its connection open when a collection is locked or a bus falls silent.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(autouse=True)
def _nothing_left_for_other_tests() -> Iterator[None]:
    """The connections keyring leaves open are collected here, where their warning is expected."""
    yield
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(timeout=5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """One Secret Service for this module's tests; each test uses entries of its own."""
    with secret_service(tmp_path_factory.mktemp("service")) as environ:
        yield environ


@pytest.fixture
def environ(service: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The service's environment, for this process too: the D-Bus library looks there."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", service["DBUS_SESSION_BUS_ADDRESS"])
    return dict(service)


def secret_tool(environ: dict[str, str], *words: str, secret: str = "") -> str:
    done = subprocess.run(
        ["secret-tool", *words], env=environ, input=secret, capture_output=True, text=True, timeout=20
    )
    return done.stdout


@pytest.mark.real
def test_a_token_is_written_read_found_and_removed(environ: dict[str, str]) -> None:
    keychain = Keychain(environ)
    assert keychain.probe() == "Secret Service"
    assert keychain.write(HOST, SECRET) == "Secret Service"
    assert secret_tool(environ, "lookup", "service", "herodyno", "username", HOST) == SECRET
    found = find_token(environ, HOST)
    assert (found.token, found.source) == (SECRET, "herodyno's keyring entry (Secret Service)")
    assert keychain.delete(HOST)
    assert secret_tool(environ, "lookup", "service", "herodyno", "username", HOST) == ""


@pytest.mark.real
def test_a_probe_leaves_nothing_behind(environ: dict[str, str]) -> None:
    Keychain(environ).probe()
    assert secret_tool(environ, "search", "--all", "service", "herodyno") == ""


@pytest.mark.real
def test_what_the_heroku_cli_stores_is_found_by_its_own_attributes(environ: dict[str, str], tmp_path: Path) -> None:
    # Word for word what the Heroku CLI runs on Linux.
    secret_tool(environ, "store", "--label=Heroku CLI", "service", "heroku-cli", "account", ME, secret=SECRET)
    login_json(tmp_path, {"account": ME})
    environ["XDG_DATA_HOME"] = str(tmp_path)
    found = find_token(environ, HOST)
    assert (found.token, found.source) == (SECRET, f"Heroku CLI's keychain entry (Secret Service, {ME})")


@pytest.mark.real
def test_login_logout_and_commands_with_a_real_keyring(environ: dict[str, str]) -> None:
    world = scenario("healthy", seed=1, start=datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    with Server(world) as server:
        surroundings = {**environ, "HEROKU_HOST": server.url}

        def herodyno(*words: str, stdin: str = "") -> tuple[str, str, int]:
            argv = [sys.executable, "-m", "herodyno", *words]
            done = subprocess.run(argv, env=surroundings, input=stdin, capture_output=True, text=True, timeout=30)
            return done.stdout, done.stderr, done.returncode

        told = herodyno("auth", "login", "--token-stdin", stdin="SANDBOX-token\n")
        assert told == ("logged in as ana@example.com; the token is in Secret Service\n", "", 0)
        assert herodyno("ps", "-a", "example-app")[2] == 0
        assert "herodyno's keyring entry (Secret Service)" in herodyno("auth", "status")[0]
        assert herodyno("auth", "logout")[2] == 0
        assert herodyno("ps", "-a", "example-app")[2] == 4


@pytest.mark.real
def test_a_real_keyring_holds_two_accounts_and_each_is_chosen_by_its_name(
    environ: dict[str, str], tmp_path: Path
) -> None:
    ana, bob, host = "ana@example.com", "bob@example.com", "api.heroku.com"
    # Word for word what the Heroku CLI runs on Linux, for two logins one after the other.
    for account in (ana, bob):
        words = ("store", "--label=Heroku CLI", "service", "heroku-cli", "account", account)
        secret_tool(environ, *words, secret=f"HRKU-cli-{account}")
    login_json(tmp_path, {"account": bob})
    environ["XDG_DATA_HOME"] = str(tmp_path)
    assert {ana, bob} <= set(keychain_accounts(environ)) <= {ana, bob, ME}
    assert find_token(environ, host).account == bob
    assert find_token(environ, host, account=ana).token == f"HRKU-cli-{ana}"
    keychain = Keychain(environ)
    keychain.write(entry_name(host), "HRKU-ours-bob")
    keychain.write(entry_name(host, ana), "HRKU-ours-ana")
    for account in (ana, bob):
        found = find_token(environ, host, account=account, usual=lambda: bob)
        assert (found.token, found.account) == (f"HRKU-ours-{account[:3]}", account)
    assert keychain.delete(entry_name(host, ana))
    assert keychain.read(entry_name(host)) == "HRKU-ours-bob"
    assert keychain.delete(entry_name(host))


@pytest.mark.real
def test_e5_a_locked_keyring_that_nobody_unlocks_is_left_within_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with secret_service(tmp_path) as environ:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", environ["DBUS_SESSION_BUS_ADDRESS"])
        # A dialog would ask to unlock it, and nobody is there to answer or close it.
        lock = "import secretstorage as s; s.get_default_collection(s.dbus_init()).lock()"
        subprocess.run([sys.executable, "-c", lock], env=environ, check=True, timeout=20)
        began = time.monotonic()
        with pytest.raises(NotAuthenticated) as refused:
            Keychain(environ, seconds=1.0).read(HOST)
        assert time.monotonic() - began < 2.5
    assert refused.value.exit_code == 4
    assert "unlock" in refused.value.next_step


def test_e1_a_bus_that_authenticates_and_then_is_silent_costs_three_seconds_not_ninety(tmp_path: Path) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine api.heroku.com login a password HRKU-of-netrc")
    netrc.chmod(0o600)
    login_json(tmp_path, {"account": ME})
    with silent_bus(tmp_path) as address:
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "XDG_DATA_HOME": str(tmp_path),
            "DBUS_SESSION_BUS_ADDRESS": address,
        }
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "herodyno", "auth", "token"], env=environ, capture_output=True, text=True, timeout=60
        )
        seconds = time.monotonic() - began
    assert done.stdout == "HRKU-of-netrc\n", "the next source is asked"
    assert "the keyring did not answer within 3 s" in done.stderr
    assert 3.0 <= seconds < 6.0


@pytest.mark.parametrize("authenticates", [True, False])
def test_e1_no_silence_of_a_bus_outlasts_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authenticates: bool
) -> None:
    with silent_bus(tmp_path, authenticates=authenticates) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        keychain = Keychain({"DBUS_SESSION_BUS_ADDRESS": address}, seconds=0.2)
        for ask in (keychain.probe, lambda: keychain.read(HOST)):
            began = time.monotonic()
            with pytest.raises((KeyringSilent, NoKeyring)):
                ask()
            assert time.monotonic() - began < 1.0
