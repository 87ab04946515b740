"""The state file is whole or a new one, of one app, and never replaces a file that is no state."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from herodyno.cli.diagnose.alerts import state_file
from herodyno.cli.diagnose.alerts.state_file import StateFile
from herodyno.errors import NotFound, Refused, UsageError
from herodyno.operations.alerts import AlertState, Reading

NOW = datetime(2026, 11, 23, 2, 12, 40, 500, tzinfo=UTC)
BAD = Reading(kind="one_dyno", severity="critical", ongoing=True, dynos=(("web.2", "f9270f4e"),))
STATE = AlertState(candidate=BAD, candidate_at=NOW, pending="0123456789ab", tries=2).delivered(BAD, NOW).tried("a", NOW)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    file = StateFile(tmp_path / "s.json", "example-app at api.heroku.com")
    file.prepare(makes_folder=False)
    assert file.read() is None
    file.write(STATE)
    assert file.read() == STATE
    assert (tmp_path / "s.json").stat().st_mode & 0o777 == 0o600


def test_an_empty_file_is_a_new_state(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_bytes(b"\n")
    assert StateFile(tmp_path / "s.json", "x").read() is None


@pytest.mark.parametrize("text", ["{}", "[]", "null", '{"name": "a package"}', "{", "\xff", "[" * 100_000])
def test_a_file_that_is_no_state_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "package.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(Refused, match="is no state of alerts"):
        StateFile(path, "x").prepare(makes_folder=False)
    assert path.read_text(encoding="latin-1") == text


def test_a_damaged_value_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    StateFile(path, "x").write(STATE)
    whole = path.read_text()
    for old, new in (("critical", "grave"), ('"tries": 1', '"tries": "1"'), ("2026-", "26-"), ("+", "")):
        if old in whole:
            path.write_text(whole.replace(old, new))
            with pytest.raises(Refused):
                StateFile(path, "x").read()


def test_the_state_of_another_app_is_refused(tmp_path: Path) -> None:
    StateFile(tmp_path / "s.json", "other-app at api.heroku.com").write(STATE)
    with pytest.raises(Refused, match="is the state of other-app at"):
        StateFile(tmp_path / "s.json", "example-app at api.heroku.com").read()


def test_a_name_that_cannot_be_is_refused_before_any_look(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        StateFile(tmp_path / "state.lock", "x").prepare(makes_folder=False)
    with pytest.raises(NotFound):
        StateFile(tmp_path / "none" / "s.json", "x").prepare(makes_folder=False)
    assert not (tmp_path / "none").exists()


def test_a_folder_of_others_keeps_its_rights(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    StateFile(tmp_path / "s.json", "x").prepare(makes_folder=False)
    assert tmp_path.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("makes_folder", [False, True])
def test_a_folder_that_cannot_be_written_is_told_by_the_name_that_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, makes_folder: bool
) -> None:
    def read_only(path: Path, flags: int) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(state_file, "open_file", read_only)
    with pytest.raises(Refused) as refused:
        StateFile(tmp_path / "s.json", "x").prepare(makes_folder=makes_folder)
    assert refused.value.message == (
        f"the state {tmp_path}/s.json cannot be used: Read-only file system; no alert was sent"
    )
    assert "--state FILE.json" in refused.value.next_step


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="this system has no /proc")
def test_a_lock_that_cannot_be_made_is_no_missing_file() -> None:
    with pytest.raises(Refused, match=r"the state /proc/x\.json cannot be used: .*; no alert was sent"):
        StateFile(Path("/proc/x.json"), "x").prepare(makes_folder=False)
