"""A file is written whole or not at all, for its owner only, and takes no one else's place."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import pytest

from herodyno.cli.diagnose import new_file
from herodyno.cli.diagnose.new_file import check_free, write_new
from herodyno.errors import NotFound, Refused


def fill(file: IO[bytes]) -> None:
    file.write(b"new")


def test_the_file_is_its_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_new(path, fill)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o600)


def test_a_name_that_is_taken_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    for may_replace in (None, lambda _: False):
        with pytest.raises(Refused, match="already"):
            check_free(path, may_replace)
        with pytest.raises(Refused, match="already"):
            write_new(path, fill, may_replace)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_of_ours_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    check_free(path, lambda _: True)
    write_new(path, fill, lambda _: True)
    assert path.read_bytes() == b"new"


def test_a_link_is_never_followed_and_never_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    with pytest.raises(Refused, match="already"):
        write_new(link, fill, lambda _: True)
    assert (target.read_text(), link.is_symlink()) == ("old", True)


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def breaks(file: IO[bytes]) -> None:
        file.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(Refused, match="No space left"):
        write_new(tmp_path / "a", breaks)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as missing:
        check_free(tmp_path / "b" / "a")
    assert missing.value.next_step == f"mkdir -p {tmp_path / 'b'}"


def test_a_file_of_ours_that_another_process_wrote_meanwhile_is_replaced_and_a_foreign_one_is_not(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a"

    def late(file: IO[bytes]) -> None:
        path.write_text("of another")
        file.write(b"new")

    write_new(path, late, lambda _: True)
    assert path.read_bytes() == b"new"
    path.unlink()
    with pytest.raises(Refused, match="already"):
        write_new(path, late)
    assert path.read_text() == "of another"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_process_left_is_in_nobodys_way_in_a_container_where_the_next_has_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    put = new_file._put_in_place

    def seen(temporary: Path, path: Path) -> None:
        written.append(temporary)
        put(temporary, path)

    monkeypatch.setattr(new_file, "_put_in_place", seen)
    for _ in range(2):
        write_new(tmp_path / "a", fill)
        (tmp_path / "a").unlink()
    assert len(set(written)) == 2
