"""A log's end is found by its last lines, however it is packed, and by all lines where a tail does not tell."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path

import pytest

from herodyno.logfiles.last_time import last_time
from herodyno.logfiles.opened import Logs
from tests.diagnosis.reading import NOON, request

TEXT = "".join(request(i / 10, "web.1") for i in range(3000)).encode()
END = NOON + timedelta(seconds=299.9)


def end_of(path: Path) -> object:
    with Logs([str(path)], year=2026) as logs:
        return last_time(logs, str(path))


@pytest.mark.parametrize("tail", [b"", b"    a line without a head\n", TEXT[:200]], ids=["plain", "no head", "cut"])
def test_the_latest_time_of_the_last_lines(tail: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(TEXT + tail)
    (tmp_path / "a.log.gz").write_bytes(gzip.compress(TEXT + tail))

    assert end_of(tmp_path / "a.log") == END
    assert end_of(tmp_path / "a.log.gz") == END


def test_frames_are_cut_as_frames(tmp_path: Path) -> None:
    frames = b"".join(b"<158>1 %b host heroku router - - at=info path=/\n" % line[:32] for line in TEXT.splitlines())
    (tmp_path / "a.frames").write_bytes(frames)

    assert end_of(tmp_path / "a.frames") == END


def test_a_log_without_times_has_no_end(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"one\ntwo\n")

    assert end_of(tmp_path / "a.log") is None
