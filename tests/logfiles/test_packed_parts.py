"""A packed log is read by two processes: the parts are the whole, wherever the cut lies and whatever is damaged."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import pytest

from herodyno.diagnosis.counting.one_pass import OnePass
from herodyno.logfiles import parts as log_parts
from herodyno.logfiles import processes as log_processes
from herodyno.logfiles.opened import Logs
from herodyno.logfiles.packed_parts import packed_parts
from herodyno.logfiles.parts import log_in
from tests.bench.log_file import write_log


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("log") / "app.log"
    write_log(path, 3_000_000)
    return path.read_bytes()[:3_000_000].rpartition(b"\n")[0] + b"\n"


def read(path: Path, data: bytes) -> list[bytes]:
    path.write_bytes(data)
    return [b"".join(part()) for part in packed_parts(str(path))]


def test_both_parts_are_the_whole_and_the_first_is_the_larger(text: bytes, tmp_path: Path) -> None:
    before, behind = read(tmp_path / "a.gz", gzip.compress(text, 1))
    assert before + behind == text
    assert 0.5 < len(before) / len(text) < 0.8
    assert before.endswith(b"\n")


def test_several_members_of_which_the_last_is_small_are_whole_too(text: bytes, tmp_path: Path) -> None:
    packed = gzip.compress(text, 1)
    before, behind = read(tmp_path / "a.gz", packed + gzip.compress(b"a last line\n"))
    assert before + behind == text + b"a last line\n"
    assert behind


def test_a_log_without_a_place_to_cut_is_one_part(tmp_path: Path) -> None:
    lines = b"no line of a log\n" * 100
    assert read(tmp_path / "a.gz", gzip.compress(lines)) == [lines, b""]
    assert read(tmp_path / "a.bz2", bz2.compress(lines)) == []


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_log_that_breaks_off_is_read_to_its_break_and_said_once(
    text: bytes, tmp_path: Path, kept: float, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = gzip.compress(text, 1)
    whole = b"".join(read(tmp_path / "a.gz", packed[: int(len(packed) * kept)]))
    assert text.startswith(whole)
    assert whole.count(b"\n") > 0.8 * kept * text.count(b"\n")
    assert capsys.readouterr().err.count("ends early") == 1


def test_two_processes_count_what_one_counts(text: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(text, 1))
    with Logs([str(path)], year=2026) as logs:
        alone = OnePass(log_in(logs))
        monkeypatch.setattr(log_parts, "LEAST_BYTES", 1 << 16)
        monkeypatch.setattr(log_processes, "processes", lambda: 2)
        log = log_in(logs)
        assert len(log.parts) == 2
        both = OnePass(log)
    assert [event.line for event in both.boundaries.events] == [event.line for event in alone.boundaries.events]
    assert both.boundaries.names.keys() == alone.boundaries.names.keys()


def test_a_byte_order_mark_where_a_packed_log_is_cut_stays_part_of_its_line(text: bytes, tmp_path: Path) -> None:
    before, _ = read(tmp_path / "a.gz", gzip.compress(text, 1))
    marked = before + b"\xef\xbb\xbf" + text[len(before) :]
    parts = read(tmp_path / "b.gz", gzip.compress(marked, 1))
    assert b"".join(parts) == marked
    assert parts[1].startswith(b"\xef\xbb\xbf")
