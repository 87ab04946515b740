"""Frames of a journal become lines of a day: each once, however often it is done and wherever it is killed."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from herodyno.archive import compaction
from herodyno.archive.compaction import Compacted
from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.journal import REMEMBERED_SECONDS, Journal
from herodyno.archive.records import Frame
from herodyno.errors import Refused
from tests.archive.archived import messages, put, rows
from tests.archive.frames import frame
from tests.diagnosis.reading import NOON, stamp

SOON = NOON + timedelta(minutes=5)


def compact_journal(folder: ArchiveFolder, journal: Journal, *, now: datetime) -> Compacted:
    """Compact a journal in which nothing is damaged."""
    return compaction.compact_journal(folder, journal, now=now, damage=lambda path, lost: pytest.fail(f"{path} {lost}"))


def journal_of(root: Path, *groups: list[Frame]) -> Journal:
    """A journal with a sealed file for each group."""
    journal = Journal(root / "journal")
    for group in groups:
        journal.append(group)
        journal.seal()
    journal.close()
    return journal


def test_a_repeated_frame_counts_once_and_equal_lines_of_two_frames_twice(tmp_path: Path) -> None:
    journal = journal_of(tmp_path, [frame(1, "tick", "tick"), frame(2, "tick")], [frame(1, "tick", "tick")])
    done = compact_journal(ArchiveFolder(tmp_path), journal, now=SOON)
    assert (done.given, done.added) == (5, 3)
    assert messages(tmp_path) == ["tick"] * 3
    assert {(row["origin"], row["drain_token"], row["facility"], row["severity"]) for row in rows(tmp_path)} == {
        ("logplex", "d.1", 23, 6)
    }


def test_what_is_compacted_again_adds_nothing_and_a_later_frame_with_the_same_text_does(tmp_path: Path) -> None:
    folder = ArchiveFolder(tmp_path)
    journal = journal_of(tmp_path, [frame(1, "tick")])
    assert [compact_journal(folder, journal, now=SOON).added for _ in range(2)] == [1, 0]
    journal = journal_of(tmp_path, [frame(2, "tick")])
    assert compact_journal(folder, journal, now=SOON).added == 1
    for path in journal.sealed()[:1]:  # the first frame is known from the archive alone now
        path.unlink()
    assert compact_journal(folder, journal, now=SOON).added == 0


def test_lines_and_the_names_of_their_folders_are_on_the_disk_before_the_journal_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("only Linux tells the name of a descriptor")
    root = tmp_path.resolve()
    journal = journal_of(root, [frame(1, "tick")])
    synced: list[str] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink().relative_to(root)))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    compact_journal(ArchiveFolder(root), journal, now=SOON)
    day = "day=2026-03-02"
    assert synced[-1].startswith("journal/")
    assert synced[:-1] == [
        "events", ".", f"events/{day}/000001.parquet.tmp", f"events/{day}",
        "incarnations", ".", f"incarnations/{day}/dynos.parquet.tmp", f"incarnations/{day}",
    ]  # fmt: skip


def test_an_import_of_what_was_received_adds_nothing(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    compact_journal(ArchiveFolder(root), journal_of(root, [frame(1, "one", "two")]), now=SOON)
    assert put(root, f"{stamp(0)} app[web.1]: one\n{stamp(0)} app[web.1]: two\n").added == 0
    assert {row["origin"] for row in rows(root)} == {"logplex"}


def test_a_journal_is_removed_only_after_a_receiver_may_forget_its_frames(tmp_path: Path) -> None:
    journal = journal_of(tmp_path, [frame(1, "one")])
    compact_journal(ArchiveFolder(tmp_path), journal, now=SOON)
    assert len(journal.sealed()) == 1
    compact_journal(ArchiveFolder(tmp_path), journal, now=SOON + timedelta(seconds=REMEMBERED_SECONDS))
    assert journal.sealed() == []
    assert messages(tmp_path) == ["one"]


def test_a_frame_without_any_time_has_that_of_its_arrival(tmp_path: Path) -> None:
    broken = Frame(round(NOON.timestamp() * 1e6), "example-app", "d.1", "0" * 32, b"what is this\n")
    compact_journal(ArchiveFolder(tmp_path), journal_of(tmp_path, [broken]), now=SOON)
    (row,) = rows(tmp_path)
    assert (row["kind"], row["message"]) == ("undated", "what is this")
    assert datetime.fromtimestamp(row["ts_us"] / 1e6, UTC) == NOON


def test_a_compaction_that_breaks_off_at_any_write_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = journal_of(tmp_path, [frame(1, "a"), frame(2, "b", at=12 * 3600), frame(3, "c", at=36 * 3600)])
    whole, later = compaction.write, NOON + timedelta(days=9)
    is_done = False
    for most in range(12):
        done = 0

        def breaks(*given: object, most: int = most) -> int:
            nonlocal done
            if done == most:
                raise KeyboardInterrupt
            done += 1
            # Whatever is given goes on to the function that this one stands for.
            return whole(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(compaction, "write", breaks)
        try:
            compact_journal(ArchiveFolder(tmp_path), journal, now=later)
        except KeyboardInterrupt:
            assert len(journal.waiting()) == 1
        else:
            is_done = True
            break
    assert is_done
    assert most > 3
    monkeypatch.setattr(compaction, "write", whole)
    compact_journal(ArchiveFolder(tmp_path), journal, now=later)
    assert messages(tmp_path) == ["a", "b", "c"]
    assert journal.sealed() == []


def test_a_damaged_journal_gives_what_can_be_read_and_stays(tmp_path: Path) -> None:
    journal = journal_of(tmp_path, [frame(1, "one"), frame(2, "two"), frame(3, "three")])
    (path,) = journal.sealed()
    data = path.read_bytes()
    at = data.index(b"two")
    path.write_bytes(data[:at] + b"TWO" + data[at + 3 :])
    told: list[tuple[Path, int]] = []
    later = NOON + timedelta(days=9)
    compaction.compact_journal(
        ArchiveFolder(tmp_path), journal, now=later, damage=lambda path, lost: told.append((path, lost))
    )
    assert messages(tmp_path) == ["one", "three"]
    assert [each for each, lost in told if lost > 0] == [path]
    assert journal.sealed() == [path]


def test_a_full_disk_says_what_to_type(tmp_path: Path) -> None:
    folder = ArchiveFolder(tmp_path / "archive")
    with pytest.raises(Refused, match="is full; what the archive held is there") as refused, folder.writing():
        raise OSError(28, "No space left on device")
    assert refused.value.next_step.startswith(f"herodyno archive prune --archive {tmp_path / 'archive'} --keep 7d")
    with pytest.raises(PermissionError), ArchiveFolder(tmp_path / "archive").writing():
        raise PermissionError(13, "Permission denied")
