"""State files are their owner's alone, whatever umask and what lay there before; no link and no pipe is opened."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from herodyno.operations.state_files import locked, make_folder, open_file, read_file, replace_file


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_new_folders_and_files_are_their_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "herodyno"
    make_folder(folder)
    replace_file(folder / "a.json", b"1")
    with locked(folder / "a.lock", waits=True):
        pass
    assert {mode(folder.parent), mode(folder)} == {0o700}
    assert {mode(folder / "a.json"), mode(folder / "a.lock")} == {0o600}


def test_what_was_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o777)
    (folder / "old").write_bytes(b"old")
    (folder / "old").chmod(0o666)
    make_folder(folder)
    assert read_file(folder / "old") == b"old"
    assert (mode(folder), mode(folder / "old")) == (0o700, 0o600)


def test_a_pipe_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for flags in (os.O_RDONLY, os.O_RDWR, os.O_WRONLY):
        with pytest.raises(OSError):
            open_file(tmp_path / "pipe", flags)


def test_a_link_is_refused_whether_or_not_it_leads_anywhere(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"precious")
    for target in ("target", "nowhere"):
        link = tmp_path / f"to-{target}"
        link.symlink_to(tmp_path / target)
        with pytest.raises(OSError, match="a link, which is not followed"):
            open_file(link, os.O_WRONLY | os.O_CREAT)
        replace_file(link, b"new")  # the link goes, its target stays
        assert read_file(link) == b"new"
    assert (tmp_path / "target").read_bytes() == b"precious"
    assert not (tmp_path / "nowhere").exists()


def test_a_file_in_the_folders_place_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"a file")
    (tmp_path / "state").chmod(0o644)
    with pytest.raises(NotADirectoryError):
        make_folder(tmp_path / "state")
    assert mode(tmp_path / "state") == 0o644


def test_what_a_full_disk_did_not_take_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    replace_file(tmp_path / "a.json", b"1")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=re.escape(str(tmp_path / "a.json"))):
        replace_file(tmp_path / "a.json", b"2")
    assert read_file(tmp_path / "a.json") == b"1"
