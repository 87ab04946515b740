"""The ids of frames are remembered over a restart, and no more of them than memory is given for."""

import os
from pathlib import Path

import pytest

from herodyno.archive.journal import REMEMBERED_SECONDS, Journal
from herodyno.archive.receive import remembered as remembered_module
from herodyno.archive.receive.remembered import Remembered, key_of
from herodyno.archive.records import Frame

FRAMES = [Frame(number, "example-app", "d.1", f"{number:032x}", b"body") for number in range(8)]


def test_a_restarted_receiver_knows_the_frames_of_the_last_minutes_and_not_older_ones(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for half in (FRAMES[:4], FRAMES[4:]):
        journal.append(half)
        journal.seal()
    old = journal.sealed()[0]
    was = old.stat().st_mtime - REMEMBERED_SECONDS - 5
    os.utime(old, (was, was))
    remembered = Remembered.of(journal)
    assert [key_of(frame) in remembered for frame in FRAMES] == [False] * 4 + [True] * 4


def test_memory_is_bounded_and_the_oldest_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered_module, "MOST_IDS", 4)
    remembered = Remembered()
    for frame in FRAMES:
        remembered.add([key_of(frame)])
    known = [key_of(frame) in remembered for frame in FRAMES]
    assert known == sorted(known)
    assert 2 <= sum(known) <= 4


def test_ids_grow_old_only_when_others_come(monkeypatch: pytest.MonkeyPatch) -> None:
    remembered = Remembered()
    remembered.add([key_of(FRAMES[0])])
    monkeypatch.setattr(remembered_module, "REMEMBERED_SECONDS", -1.0)
    remembered.add([key_of(FRAMES[1])])
    assert key_of(FRAMES[0]) in remembered
    remembered.add([key_of(FRAMES[2])])
    assert key_of(FRAMES[0]) not in remembered
    assert key_of(FRAMES[1]) in remembered


def test_a_frame_without_an_id_is_never_remembered() -> None:
    remembered = Remembered()
    remembered.add([None])
    assert None not in remembered
