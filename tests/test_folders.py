"""Each kind of file stands in this user's own folder for its kind, on each system."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest
from platformdirs.macos import MacOS
from platformdirs.unix import Unix
from platformdirs.windows import Windows

from herodyno.folders import cache_folder, config_folder, state_folder, xdg_config_home, xdg_data_home


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """The home is /h, and no XDG variable is set."""
    for kind in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.delenv(f"XDG_{kind}_HOME", raising=False)
    monkeypatch.setenv("HOME", "/h")


def folders(monkeypatch: pytest.MonkeyPatch, system: type) -> list[str]:
    monkeypatch.setattr(platformdirs, "PlatformDirs", system)
    return [str(config_folder()), str(state_folder()), str(cache_folder())]


def test_on_linux_the_folders_follow_xdg(monkeypatch: pytest.MonkeyPatch) -> None:
    assert folders(monkeypatch, Unix) == ["/h/.config/herodyno", "/h/.local/state/herodyno", "/h/.cache/herodyno"]
    for kind in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", f"/{kind.lower()}")
    assert folders(monkeypatch, Unix) == ["/config/herodyno", "/state/herodyno", "/cache/herodyno"]


def test_on_macos_they_stand_in_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    support = "/h/Library/Application Support/herodyno"
    assert folders(monkeypatch, MacOS) == [support, support, "/h/Library/Caches/herodyno"]


def test_on_windows_they_stand_in_the_users_appdata(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"CSIDL_APPDATA": r"C:\U\Roaming", "CSIDL_LOCAL_APPDATA": r"C:\U\Local"}
    monkeypatch.setattr("platformdirs.windows.get_win_folder", known.__getitem__)
    assert [folder.replace("/", "\\") for folder in folders(monkeypatch, Windows)] == [
        r"C:\U\Roaming\herodyno", r"C:\U\Local\herodyno", r"C:\U\Local\herodyno\Cache"
    ]  # fmt: skip


@pytest.mark.parametrize("system", [Unix, MacOS])
def test_the_shells_look_in_the_xdg_folders_on_macos_too(monkeypatch: pytest.MonkeyPatch, system: type) -> None:
    monkeypatch.setattr(platformdirs, "PlatformDirs", system)
    assert (xdg_data_home(), xdg_config_home()) == (Path("/h/.local/share"), Path("/h/.config"))
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/config")
    assert (xdg_data_home(), xdg_config_home()) == (Path("/data"), Path("/config"))
