"""What drains bring is added to a day as segments, which become one file once the day is past and quiet."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from herodyno.archive import compaction
from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.history import history
from herodyno.archive.journal import Journal
from herodyno.archive.records import Frame
from herodyno.errors import Refused
from tests.archive.archived import messages, put, rows
from tests.diagnosis.reading import NOON, stamp
from tests.diagnosis.traffic import OLD

DAY = "2026-03-02"


def line(at: float, text: str) -> str:
    return f"<190>1 {stamp(at)} host app web.1 - {text}\n"


def metrics(at: float) -> str:
    return f"<190>1 {stamp(at)} host heroku web.1 - source=web.1 dyno=heroku.1.{OLD} sample#load_avg_1m=0.50\n"


def compact(root: Path, number: int, *texts: str, hour: float) -> int:
    """Receive a frame at an hour after noon and compact. Returns the lines that were added."""
    journal, now = Journal(root / "journal"), NOON + timedelta(hours=hour)
    body = "".join(f"{len(text.encode())} {text}" for text in texts)
    if texts:
        journal.append([Frame(round(now.timestamp() * 1e6), "example-app", "d.1", f"{number:032x}", body.encode())])
    journal.close()
    return compaction.compact_journal(
        ArchiveFolder(root), journal, now=now, damage=lambda path, lost: pytest.fail(f"{path}: {lost}")
    ).added


def names(root: Path, day: str = DAY) -> list[str]:
    return [path.name for path in ArchiveFolder(root).files_of(day)]


def test_an_open_day_grows_by_segments_is_merged_when_past_and_opens_again_for_late_lines(tmp_path: Path) -> None:
    for hour in range(3):
        assert compact(tmp_path, hour, line(hour * 3600, f"at {hour}"), hour=hour) == 1
    assert names(tmp_path) == ["000001.parquet", "000002.parquet", "000003.parquet"]
    assert compact(tmp_path, 0, hour=12.5) == 0  # past, but lines may be late
    assert len(names(tmp_path)) == 3
    assert compact(tmp_path, 0, hour=15) == 0
    assert names(tmp_path) == ["events.parquet"]
    assert compact(tmp_path, 9, line(2.5 * 3600, "late"), line(15 * 3600, "of the next day"), hour=15.5) == 2
    assert names(tmp_path) == ["events.parquet", "000004.parquet"]
    compact(tmp_path, 0, hour=16)
    assert names(tmp_path) == ["events.parquet"]
    assert names(tmp_path, "2026-03-03") == ["000001.parquet"]
    assert messages(tmp_path) == ["at 0", "at 1", "at 2", "late", "of the next day"]


def test_a_merge_gives_the_ids_that_only_later_lines_tell(tmp_path: Path) -> None:
    compact(tmp_path, 1, line(0, "before any metrics"), hour=0)
    assert [row["dyno_uuid"] for row in rows(tmp_path)] == [None]
    compact(tmp_path, 2, metrics(60), hour=1)
    compact(tmp_path, 0, hour=15)
    assert {row["dyno_uuid"] for row in rows(tmp_path)} == {OLD}


def test_many_segments_are_merged_on_the_same_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "MOST_SEGMENTS", 2)
    for number in range(4):
        compact(tmp_path, number, line(number, f"text {number}"), hour=number / 10)
    assert names(tmp_path) == ["events.parquet", "000004.parquet"]
    assert messages(tmp_path) == [f"text {number}" for number in range(4)]


def test_a_kill_between_the_merged_file_and_the_removal_of_its_segments_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        compact(tmp_path, number, line(number, f"text {number}"), hour=number / 10)
    with monkeypatch.context() as patch:
        patch.setattr("herodyno.archive.folder.ArchiveFolder.sweep", lambda folder, day: None)
        compact(tmp_path, 0, hour=15)
    assert len(ArchiveFolder(tmp_path).segments(DAY)) == 2
    assert names(tmp_path) == ["events.parquet"]
    assert messages(tmp_path) == ["text 0", "text 1"]
    assert compact(tmp_path, 5, line(0.5, "late"), hour=15.5) == 1
    assert names(tmp_path) == ["events.parquet", "000003.parquet"]
    assert [path.name for path in ArchiveFolder(tmp_path).segments(DAY)] == ["000003.parquet"]
    assert messages(tmp_path) == ["text 0", "late", "text 1"]


def test_a_drain_that_brings_what_an_import_had_writes_the_day_anew(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    put(root, f"{stamp(0)} app[web.1]: both\n" * 2 + f"{stamp(1)} app[web.1]: of the file\n")
    assert compact(root, 1, line(0, "both"), hour=1) == 0
    assert [row["frame_id"] is not None for row in rows(root)] == [True, False, False]
    assert compact(root, 2, line(5, "more"), hour=2) == 1
    assert messages(root) == ["both", "both", "of the file", "more"]
    compact(root, 0, hour=15)
    assert compact(root, 3, line(0, "both"), line(0, "both"), hour=16) == 1  # three of drains, two of a file
    assert messages(root) == ["both", "both", "both", "of the file", "more"]


def test_a_reader_whose_day_grows_meanwhile_says_so(tmp_path: Path) -> None:
    compact(tmp_path, 1, line(0, "one"), hour=0)
    lines = history(ArchiveFolder(tmp_path), "example-app").log_lines()
    next(lines)
    compact(tmp_path, 2, line(1, "two"), hour=1)
    with pytest.raises(Refused, match="was written to while it was read"):
        list(lines)


def test_segments_are_for_their_owner_only_and_whole(tmp_path: Path) -> None:
    compact(tmp_path, 1, line(0, "one"), hour=0)
    (path,) = ArchiveFolder(tmp_path).files_of(DAY)
    assert os.name != "posix" or path.stat().st_mode & 0o077 == 0
    ArchiveFolder(tmp_path).events(DAY).with_name("000002.parquet.tmp").write_bytes(b"half")  # of a killed writer
    assert compact(tmp_path, 2, line(1, "two"), hour=1) == 1
    assert sorted(each.name for each in path.parent.iterdir()) == ["000001.parquet", "000002.parquet"]


def test_files_and_folders_that_no_writer_makes_are_no_segments_and_no_days(tmp_path: Path) -> None:
    compact(tmp_path, 1, line(0, "hello"), hour=0)
    (day,) = (tmp_path / "events").iterdir()
    for name in ("²3.parquet", "٣٣٣٣٣٣.parquet", "7.parquet"):
        (day / name).write_bytes(b"PAR1")
    (tmp_path / "events" / "day=2026-13-99").mkdir()
    (tmp_path / "events" / "day=2026-13-99" / "events.parquet").write_bytes(b"PAR1")
    assert ArchiveFolder(tmp_path).days() == [DAY]
    compact(tmp_path, 2, line(1, "world"), hour=15)
    assert messages(tmp_path) == ["hello", "world"]
