"""Our keyring entry: known backends only, a probe before use, three seconds at most (E1 to E6)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from herodyno.errors import NotAuthenticated
from herodyno.heroku.login import keychain
from herodyno.heroku.login.keychain import Keychain, KeyringSilent, NoKeyring
from tests.heroku.backends import Kept, Silent

SECRET = "HRKU-keychain-secret"
HOST = "api.heroku.com"


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The test backends are on the list, and empty."""
    names = ("Kept", "Forgetful", "Silent", "Locked", "Leaky")
    safe = {f"tests.heroku.backends.{name}": name for name in names}
    monkeypatch.setattr(keychain, "SAFE", keychain.SAFE | safe)
    Kept.store.clear()
    Silent.end.clear()
    yield
    Silent.end.set()
    Kept.store.clear()


def chain(backend: str, **wishes: float) -> Keychain:
    return Keychain({"PYTHON_KEYRING_BACKEND": f"tests.heroku.backends.{backend}"}, **wishes)


def test_what_is_written_is_read_and_removed_under_our_service_and_the_host() -> None:
    ours = chain("Kept")
    assert ours.write(HOST, SECRET) == "Kept"
    assert Kept.store == {("herodyno", HOST): SECRET}
    assert ours.read(HOST) == SECRET
    assert ours.read("127.0.0.1:8971") == ""
    assert ours.delete(HOST) is True
    assert ours.delete(HOST) is False
    assert ours.read(HOST) == ""


def test_a_probe_writes_reads_and_leaves_nothing_behind() -> None:
    assert chain("Kept").probe() == "Kept"
    assert Kept.store == {}


def test_e1_a_keyring_that_never_answers_costs_its_limit_and_no_more() -> None:
    began = time.monotonic()
    with pytest.raises(KeyringSilent, match=r"did not answer within 0\.2 s") as silent:
        chain("Silent", seconds=0.2).read(HOST)
    assert time.monotonic() - began < 1
    assert "unlock it and try again" in silent.value.next_step
    assert keychain.SECONDS == 3.0


def test_e2_no_keyring_on_a_machine_without_d_bus_names_the_other_ways() -> None:
    with pytest.raises(NoKeyring) as none:
        Keychain({}, platform="linux").probe()
    assert none.value.exit_code == 4
    for way in ("HEROKU_API_KEY", "~/.netrc", "Heroku CLI"):
        assert way in none.value.next_step


def test_e2_a_d_bus_address_with_nothing_behind_it_is_no_keyring_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"unix:path={tmp_path}/none"
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    with pytest.raises(NoKeyring, match="Secret Service: "):
        Keychain({"DBUS_SESSION_BUS_ADDRESS": address}, platform="linux").probe()


def test_e3_a_backend_that_keeps_nothing_is_found_out_by_reading_back() -> None:
    with pytest.raises(NotAuthenticated, match="Forgetful did not keep what was stored"):
        chain("Forgetful").probe()


@pytest.mark.parametrize("name", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", "no.such.Thing"])
def test_e3_null_failing_and_unknown_backends_are_refused_by_name_and_never_imported(name: str) -> None:
    before = set(sys.modules)
    with pytest.raises(NoKeyring, match=f"PYTHON_KEYRING_BACKEND names {name}, which is refused"):
        Keychain({"PYTHON_KEYRING_BACKEND": name}).probe()
    assert name.rpartition(".")[0] not in set(sys.modules) - before


PLAIN = "keyrings.alt.file.PlaintextKeyring"


def test_e4_a_plain_text_backend_is_refused_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keychain, "PLAIN", {"tests.heroku.backends.Kept": "plain-text file"})
    monkeypatch.setattr(keychain, "SAFE", {})
    environ = {"PYTHON_KEYRING_BACKEND": "tests.heroku.backends.Kept"}
    with pytest.raises(NoKeyring, match="stores the token readable in a file: refused") as refused:
        Keychain(environ).probe()
    assert "--insecure-storage" in refused.value.next_step
    assert Keychain(environ, plain=True).write(HOST, SECRET) == "plain-text file"
    assert Keychain(environ).read(HOST) == SECRET, "what was stored on purpose is found without the flag"


def test_e4_a_plain_text_backend_that_is_merely_installed_is_not_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keychain, "PLAIN", {"tests.heroku.backends.Kept": "plain-text file"})
    with pytest.raises(NoKeyring):
        Keychain({}, platform="linux").write(HOST, SECRET)
    assert Kept.store == {}


def test_e4_the_real_plain_text_backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(NoKeyring):
        Keychain({"PYTHON_KEYRING_BACKEND": PLAIN}).probe()
    assert Keychain({}, plain=True, platform="linux").write(HOST, SECRET) == "plain-text file of keyrings.alt"
    assert Keychain({}, platform="linux").read(HOST) == SECRET


def test_e5_a_locked_keyring_whose_dialog_was_closed_says_so() -> None:
    with pytest.raises(NotAuthenticated, match="Locked is locked, and was not unlocked") as locked:
        chain("Locked").read(HOST)
    assert locked.value.exit_code == 4


EVIL = "import pathlib, os; pathlib.Path(os.environ['WITNESS']).touch()"


def test_e6_a_config_file_that_names_a_module_is_not_consulted(tmp_path: Path) -> None:
    (tmp_path / "evil.py").write_text(EVIL)
    for folder in (tmp_path / "python_keyring", tmp_path / "data" / "python_keyring"):
        folder.mkdir(parents=True)
        text = f"[backend]\ndefault-keyring=evil.Keyring\nkeyring-path={tmp_path}\n"
        (folder / "keyringrc.cfg").write_text(text)
    witness = tmp_path / "witness"
    environ = {
        **os.environ,
        "WITNESS": str(witness),
        "XDG_CONFIG_HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/none",
    }
    environ.pop("PYTHON_KEYRING_BACKEND", None)

    def runs(code: str) -> bool:
        subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, timeout=30)
        return witness.exists()

    ours = "import os; from herodyno.heroku.login.keychain import Keychain; Keychain(os.environ).read('x')"
    assert not runs(ours)
    assert runs("import keyring; keyring.get_keyring()"), "the file would have worked"


def test_a_backend_that_quotes_the_token_in_its_complaint_is_scrubbed() -> None:
    with pytest.raises(NotAuthenticated, match="Leaky failed: OSError: cannot store …") as failed:
        chain("Leaky").write(HOST, SECRET)
    assert SECRET not in "".join(traceback.format_exception(failed.value))


def test_each_system_tries_its_own_backends() -> None:
    bus = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/none"}
    assert Keychain(bus, platform="darwin")._candidates(plain=False) == ["keyring.backends.macOS.Keyring"]
    assert Keychain(bus, platform="win32")._candidates(plain=False) == ["keyring.backends.Windows.WinVaultKeyring"]
    assert Keychain(bus, platform="linux")._candidates(plain=False)[0] == "keyring.backends.SecretService.Keyring"
