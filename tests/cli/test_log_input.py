"""Logs come from files and standard input, packed or not, and are read in the order of their time."""

import gzip
import io
import os
import sys
import threading
from pathlib import Path

import pytest

from herodyno.cli.log_input import Logs
from herodyno.errors import ExtraMissing, NotFound, Refused
from herodyno.logs.events import AppOutput

FIRST = b"2026-11-23T02:00:01.000000+00:00 app[web.1]: one\n2026-11-23T02:00:02.000000+00:00 app[web.1]: two\n"
SECOND = b"2026-11-23T03:00:01.000000+00:00 app[web.1]: three\n"


def texts(names: list[str]) -> list[tuple[int, str]]:
    with Logs(names, year=2026) as logs:
        events = list(logs)
        assert list(logs) == events  # they can be walked again
    assert all(isinstance(event, AppOutput) for event in events)
    return [(event.line.number, event.line.text.strip()) for event in events]


def test_several_files_are_read_oldest_first_and_their_lines_numbered_through(tmp_path: Path) -> None:
    (tmp_path / "old.log").write_bytes(FIRST)
    (tmp_path / "new.log").write_bytes(SECOND)
    assert texts([str(tmp_path / "new.log"), str(tmp_path / "old.log")]) == [(1, "one"), (2, "two"), (3, "three")]


def test_a_gzip_file_is_known_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "misleading.log").write_bytes(gzip.compress(FIRST))
    assert texts([str(tmp_path / "misleading.log")]) == [(1, "one"), (2, "two")]


def test_a_dash_is_standard_input_packed_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for data in (FIRST, gzip.compress(FIRST)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))  # type: ignore[arg-type] # BytesIO is raw enough
        assert texts(["-"]) == [(1, "one"), (2, "two")]


def test_a_named_pipe_is_read_once_and_walked_twice(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(FIRST,))
    writer.start()
    assert texts([str(pipe)]) == [(1, "one"), (2, "two")]
    writer.join()


def test_zstandard_without_a_module_says_the_one_line_that_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("herodyno.cli.log_input.ZSTD_MODULES", ())
    (tmp_path / "a.zst").write_bytes(b"\x28\xb5\x2f\xfd rest")
    with pytest.raises(ExtraMissing) as told:
        list(Logs([str(tmp_path / "a.zst")], year=2026))
    assert told.value.next_step.startswith("zstd -dc ")


def test_a_missing_file_is_not_found_and_a_torn_one_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"nowhere\.log"):
        list(Logs([str(tmp_path / "nowhere.log")], year=2026))
    (tmp_path / "torn.gz").write_bytes(gzip.compress(FIRST * 100)[:-20])
    with pytest.raises(Refused, match=r"torn\.gz"):
        list(Logs([str(tmp_path / "torn.gz")], year=2026))


def test_a_folder_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Is a directory"):
        list(Logs([str(tmp_path)], year=2026))
