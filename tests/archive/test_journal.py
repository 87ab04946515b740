"""The journal gives back what it promised after any cut, and takes no bytes of a sender for a record."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from herodyno.archive import journal as journal_module
from herodyno.archive.journal import Journal, JournalDamaged, JournalTaken
from herodyno.archive.records import Frame, records

FRAMES = [
    Frame(1_700_000_000_000_000 + n, "example-app", "d.1", f"{n:032x}", b"%d " % n * (n + 1), messages=n)
    for n in range(5)
]


def everything(folder: Path) -> list[Frame]:
    """The frames of all sealed files."""
    journal = Journal(folder)
    return [frame for path in journal.sealed() for frame in journal.read(path)]


def test_what_was_appended_comes_back_in_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.append(FRAMES[:2])
    journal.append(FRAMES[2:])
    assert journal.sealed() == []
    journal.close()
    assert everything(journal.folder) == FRAMES


def test_a_writer_killed_at_any_byte_leaves_every_frame_that_was_whole_and_no_half_one(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "whole")
    journal.append(FRAMES)
    journal.close()
    data = journal.sealed()[0].read_bytes()
    ends = [end for _, end, _ in records(data)]
    for size in sorted({*range(0, len(data), 11), *(end + by for end in ends for by in (-1, 0, 1)), 8, 9, 27, 28}):
        cut = Journal(tmp_path / str(size))
        cut.folder.mkdir()
        (cut.folder / "20260302T120000.000000Z.open").write_bytes(data[:size])
        cut.take()
        cut.close()
        assert everything(cut.folder) == FRAMES[: sum(end <= size for end in ends)]


def test_a_damaged_record_costs_itself_alone_and_is_told(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append(FRAMES)
    journal.close()
    (path,) = journal.sealed()
    data = bytearray(path.read_bytes())
    (start, end, _), *_ = list(records(bytes(data)))[2:]
    data[end - 1] ^= 1
    path.write_bytes(data)
    told: list[int] = []
    assert list(journal.read(path, damage=told.append)) == [*FRAMES[:2], *FRAMES[3:]]
    assert told == [end - start]
    with pytest.raises(JournalDamaged, match=f"{end - start:,} bytes"):
        list(journal.read(path))


@pytest.mark.parametrize("data", [b"", b"not a journal", b"herodyno.journal/2\n" + bytes(100)])
def test_a_file_of_another_kind_has_no_frames(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.journal"
    path.write_bytes(data)
    assert list(Journal(tmp_path).read(path, damage=lambda lost: None)) == []


def test_a_record_in_a_body_is_text_also_behind_damage(tmp_path: Path) -> None:
    other = Journal(tmp_path / "other")
    other.append([FRAMES[0]._replace(app="forged")])
    other.close()
    journal = Journal(tmp_path / "journal")
    journal.append([FRAMES[0]._replace(body=other.sealed()[0].read_bytes()), FRAMES[1]])
    journal.close()
    (path,) = journal.sealed()
    data = path.read_bytes()
    path.write_bytes(data.replace(b'"example-app"', b'"damaged-app"', 1))
    assert [frame.app for frame in journal.read(path, damage=lambda lost: None)] == ["example-app"]


def test_one_process_writes_and_the_second_is_refused(tmp_path: Path) -> None:
    first = Journal(tmp_path)
    first.take()
    with pytest.raises(JournalTaken, match="another receiver writes"):
        Journal(tmp_path).append(FRAMES)
    first.close()
    Journal(tmp_path).append(FRAMES)


@pytest.mark.parametrize("fault", ["write", "fdatasync"])
def test_after_a_failed_write_nothing_of_it_is_kept_and_the_next_goes_into_a_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    journal = Journal(tmp_path)
    journal.append(FRAMES[:1])
    real: Callable[..., int] = getattr(os, fault)

    def fails(*args: object) -> int:
        if fault == "write":
            # The arguments are those of os.write, which this one stands for.
            real(args[0], bytes(args[1])[:20])  # type: ignore[call-overload]
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, fault, fails)
        with pytest.raises(OSError, match="No space"):
            journal.append(FRAMES[1:3])
    journal.append(FRAMES[3:])
    journal.close()
    assert everything(tmp_path) == [FRAMES[0], *FRAMES[3:]]
    assert len(journal.sealed()) == 2


def test_a_file_that_somebody_removed_promises_nothing_and_the_next_one_does(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.append(FRAMES[:1])
    (removed,) = journal.folder.glob("*.open")
    removed.unlink()
    with pytest.raises(OSError, match="the journal was removed"):
        journal.append(FRAMES[1:2])
    journal.append(FRAMES[2:3])
    shutil.rmtree(journal.folder)
    for _ in range(2):
        with pytest.raises(OSError, match="journal"):
            journal.append(FRAMES[3:])
    journal.close()


def test_the_file_is_on_the_disk_before_its_name_and_the_group_before_the_promise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    folder = tmp_path / "journal"

    def noted(name: str, real: Callable[[int], None]) -> Callable[[int], None]:
        def call(descriptor: int) -> None:
            order.append(f"{name} {Path(f'/proc/self/fd/{descriptor}').readlink().suffix or 'folder'}")
            real(descriptor)

        return call

    if not Path("/proc/self/fd").exists():
        pytest.skip("only Linux tells the name of a descriptor")
    for name in ("fsync", "fdatasync"):
        monkeypatch.setattr(os, name, noted(name, getattr(os, name)))
    journal = Journal(folder)
    journal.take()
    order.clear()
    journal.append(FRAMES)
    journal.append(FRAMES)
    journal.close()
    assert order == ["fsync .open", "fsync folder", "fdatasync .open", "fdatasync .open", "fsync folder"]


def test_only_the_owner_reads_what_was_logged(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.append(FRAMES)
    journal.close()
    assert {path.stat().st_mode & 0o077 for path in (journal.folder, *journal.folder.iterdir())} == {0}


def test_a_large_file_is_sealed_and_another_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "SEAL_BYTES", 100)
    journal = Journal(tmp_path)
    for frame in FRAMES:
        journal.append([frame])
    journal.close()
    assert len(journal.sealed()) == len(FRAMES)
    assert everything(tmp_path) == FRAMES


def test_a_file_that_is_sealed_while_the_newest_are_read_is_read_under_its_new_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path)
    journal.append(FRAMES)
    files = [*tmp_path.glob("*.open")]
    journal.close()
    monkeypatch.setattr(Journal, "sealed", lambda _: files)  # as they were when their names were read
    assert list(Journal(tmp_path).newest(most=2)) == FRAMES
    assert list(Journal(tmp_path).newest(1 << 62)) == []
