"""Lines before the first with a time stand before it, at its time."""

from __future__ import annotations

from pathlib import Path

import pytest

from herodyno.archive.staging import staged
from tests.archive.archived import messages, of_archive, of_file, put, rows
from tests.diagnosis.reading import request, stamp

TORN = "of a line that was cut\nTraceback (most recent call last):\n"
REST = f"{stamp(1)} app[web.1]: whole\n" + request(2, "web.1")


def test_they_keep_their_place_and_the_verdict_is_that_of_the_file(tmp_path: Path) -> None:
    done = put(tmp_path / "kept", TORN + REST)
    assert (done.given, done.added, done.undated, done.left_out) == (4, 4, 2, 0)
    assert messages(tmp_path / "kept")[:3] == [*TORN.splitlines(), "whole"]
    assert [row["kind"] for row in rows(tmp_path / "kept")] == ["undated", "undated", "app", "router"]
    assert len({row["ts_us"] for row in rows(tmp_path / "kept")[:3]}) == 1
    in_archive, in_file = of_archive(tmp_path / "kept"), of_file(tmp_path / "kept-0.log")
    assert in_archive["coverage"]["lines"] == in_file["coverage"]["lines"] == 4
    assert in_archive["verdict"] == in_file["verdict"]


def test_too_many_of_them_are_left_out_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staged, "_MOST_UNDATED", 30)
    done = put(tmp_path / "kept", TORN + REST)
    assert (done.given, done.undated, done.left_out) == (3, 1, 1)


def test_their_secrets_are_taken_out_too(tmp_path: Path) -> None:
    put(tmp_path / "kept", "password=correct-horse-battery\n" + REST)
    assert "horse" not in messages(tmp_path / "kept")[0]
