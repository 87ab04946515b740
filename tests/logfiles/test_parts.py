"""Large files are read by several processes, with the same answer, and whoever watches hears how far."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest

from herodyno.diagnosis.counting.one_pass import Log, OnePass
from herodyno.logfiles import opened
from herodyno.logfiles import parts as log_parts
from herodyno.logfiles import processes as log_processes
from herodyno.logfiles.opened import Logs
from herodyno.logfiles.parts import FilePart, log_in, parts_of
from tests.bench.log_file import write_log


@pytest.fixture(scope="module")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("log") / "app.log"
    write_log(path, 6_000_000)
    return path


def counted(log: Log) -> tuple[object, ...]:
    seen = OnePass(log).boundaries
    assert seen.window is not None
    ids = {key: (span.first, span.last) for key, span in seen.ids.items()}
    return (
        seen.window.first,
        seen.window.last,
        ids,
        len(seen.events),
        [event.line.number for event in seen.events],
    )


def test_parts_are_the_whole_and_end_with_a_line(log_file: Path) -> None:
    size = log_file.stat().st_size
    parts = parts_of(str(log_file), size, 3)
    data = log_file.read_bytes()

    assert [part.start for part in parts] == [0, *[part.end for part in parts[:-1]]]
    assert parts[-1].end == size
    assert len(parts) == 3
    assert all(data[part.end - 1 : part.end] == b"\n" for part in parts)


def test_processes_side_by_side_give_what_one_gives(log_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Logs([str(log_file)], year=2026) as logs:
        alone = counted(log_in(logs))
        monkeypatch.setattr(log_parts, "LEAST_BYTES", 1 << 20)
        monkeypatch.setattr(log_processes, "processes", lambda: 2)
        assert counted(log_in(logs)) == alone


@pytest.mark.parametrize(("end", "notes"), [(b"heroku[router]: at=info method=GET pa", 1), (b"app[web.1]: hel", 0)])
def test_a_file_that_ends_within_a_line_of_the_platform_is_noted_once_by_two_processes(
    log_file: Path, tmp_path: Path, end: bytes, notes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    torn = tmp_path / "torn.log"
    torn.write_bytes(log_file.read_bytes() + b"2026-11-23T02:00:09.000000+00:00 " + end)
    monkeypatch.setattr(log_parts, "LEAST_BYTES", 1 << 20)
    monkeypatch.setattr(log_processes, "processes", lambda: 2)
    noted: list[str] = []
    with Logs([str(torn)], year=2026, note=noted.append) as logs:
        log = log_in(logs)
        assert len(log.parts) == 2
        OnePass(log)
    assert noted == [f"{torn} ends within a line"] * notes


def test_a_plain_and_a_packed_file_are_read_side_by_side_too(
    log_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = log_file.read_bytes().splitlines(keepends=True)
    plain, packed = tmp_path / "one.log", tmp_path / "two.log.gz"
    plain.write_bytes(b"".join(lines[: len(lines) // 2]))
    packed.write_bytes(gzip.compress(b"".join(lines[len(lines) // 2 :]), 1))
    with Logs([str(packed), str(plain)], year=2026) as logs:
        alone = counted(log_in(logs))
        monkeypatch.setattr(log_parts, "LEAST_BYTES", 1 << 20)
        monkeypatch.setattr(log_processes, "processes", lambda: 2)
        beside = log_in(logs)
        assert len(beside.parts) == 2
        assert counted(beside) == alone


@pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="a temporary file without a name has a path on Linux only"
)
def test_a_long_log_from_a_pipe_is_read_side_by_side_too(log_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_parts, "LEAST_BYTES", 1 << 20)
    monkeypatch.setattr(log_processes, "processes", lambda: 2)
    monkeypatch.setattr(opened, "KEPT_IN_MEMORY", 1 << 20)
    with Logs([str(log_file)], year=2026) as logs:
        expected = counted(log_in(logs))
    for data, parts in ((log_file.read_bytes(), 2), (gzip.compress(log_file.read_bytes(), 1), 0)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))  # type: ignore[arg-type] # BytesIO is raw enough
        with Logs(["-"], year=2026) as logs:
            log = log_in(logs)
            assert len(log.parts) == parts
            assert counted(log) == expected


def test_a_packed_file_and_frames(log_file: Path, tmp_path: Path) -> None:
    packed = tmp_path / "app.log.gz"
    packed.write_bytes(gzip.compress(log_file.read_bytes(), 1))
    frames = tmp_path / "app.frames"
    frames.write_bytes(b"83 <45>1 2026-03-02T12:00:00+00:00 host heroku web.1 - State changed from up to down\n")

    with Logs([str(log_file)], year=2026) as plain, Logs([str(packed)], year=2026) as unpacked:
        assert counted(log_in(unpacked)) == counted(log_in(plain))
    with Logs([str(frames)], year=2026) as other:
        assert len(OnePass(log_in(other)).boundaries.events) == 1


def test_whoever_watches_hears_how_many_bytes_are_read_and_of_how_many(log_file: Path) -> None:
    heard: list[tuple[int, int | None]] = []
    size = log_file.stat().st_size

    with Logs([str(log_file)], year=2026) as logs:
        OnePass(log_in(logs, lambda done, total: heard.append((done, total))))

    assert [done for done, _ in heard] == sorted(done for done, _ in heard)
    assert heard[-1] == (size, size)


@pytest.mark.parametrize(("times", "parts"), [(0.1, 2), (4, 2), (16, 4), (49, 7), (400, 8)])
def test_a_log_four_times_as_long_is_read_by_twice_as_many_processes(
    log_file: Path, monkeypatch: pytest.MonkeyPatch, times: float, parts: int
) -> None:
    monkeypatch.setattr(log_parts, "LEAST_BYTES", 1 << 20)
    monkeypatch.setattr(log_parts, "MERGED_BYTES", log_file.stat().st_size / times)
    monkeypatch.setattr(log_processes, "processes", lambda: 8)
    with Logs([str(log_file)], year=2026) as logs:
        assert len(log_in(logs).parts) == parts


def test_a_byte_order_mark_where_a_file_is_cut_stays_part_of_its_line(tmp_path: Path) -> None:
    path, mark = tmp_path / "two.log", b"\xef\xbb\xbf"
    first, second = mark + b"one\n", mark + b"two\n"
    path.write_bytes(first + second)
    whole = FilePart(str(path), 0, len(first + second))
    parts = [FilePart(str(path), 0, len(first)), FilePart(str(path), len(first), len(first + second))]
    assert b"".join(whole()) == b"one\n" + second
    assert [b"".join(part()) for part in parts] == [b"one\n", second]
