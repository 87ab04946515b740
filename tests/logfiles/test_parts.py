"""Large files are read by several processes, with the same answer; a terminal is told how far."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

from herodyno.diagnosis.counting.one_pass import ScannedLogs
from herodyno.logfiles import parts as log_parts
from herodyno.logfiles import processes as log_processes
from herodyno.logfiles.opened import Logs
from herodyno.logfiles.parts import parts_of, scanned
from herodyno.logfiles.progress import Progress
from herodyno.render.output import Output
from tests.bench.log_file import write_log


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="module")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("log") / "app.log"
    write_log(path, 6_000_000)
    return path


def counted(scan: ScannedLogs | None) -> tuple[object, ...]:
    assert scan is not None
    seen = scan.boundaries()
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
    output = Output(None, None, {})
    with Logs([str(log_file)], year=2026) as logs:
        alone = counted(scanned(logs, output))
        monkeypatch.setattr(log_parts, "LEAST_BYTES", 1 << 20)
        monkeypatch.setattr(log_processes, "processes", lambda: 2)
        assert counted(scanned(logs, output)) == alone


def test_a_plain_and_a_packed_file_are_read_side_by_side_too(
    log_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = log_file.read_bytes().splitlines(keepends=True)
    plain, packed = tmp_path / "one.log", tmp_path / "two.log.gz"
    plain.write_bytes(b"".join(lines[: len(lines) // 2]))
    packed.write_bytes(gzip.compress(b"".join(lines[len(lines) // 2 :]), 1))
    with Logs([str(packed), str(plain)], year=2026) as logs:
        alone = counted(scanned(logs, Output(None, None, {})))
        monkeypatch.setattr(log_parts, "LEAST_BYTES", 1 << 20)
        monkeypatch.setattr(log_processes, "processes", lambda: 2)
        beside = scanned(logs, Output(None, None, {}))
        assert beside is not None
        assert beside._spread is not None
        assert counted(beside) == alone


def test_a_packed_file_and_frames(log_file: Path, tmp_path: Path) -> None:
    packed = tmp_path / "app.log.gz"
    packed.write_bytes(gzip.compress(log_file.read_bytes(), 1))
    frames = tmp_path / "app.frames"
    frames.write_bytes(b"83 <45>1 2026-03-02T12:00:00+00:00 host heroku web.1 - State changed from up to down\n")

    with Logs([str(log_file)], year=2026) as plain, Logs([str(packed)], year=2026) as unpacked:
        assert counted(scanned(unpacked, Output(None, None, {}))) == counted(scanned(plain, Output(None, None, {})))
    with Logs([str(frames)], year=2026) as other:
        assert scanned(other, Output(None, None, {})) is None


def told(stderr: io.StringIO) -> str:
    times = iter([0.0, 0.5, 1.1, 1.2, 2.0, 3.0])
    progress = Progress(Output(None, stderr, {}), 400_000_000, now=lambda: next(times))
    for done in (50_000_000, 110_000_000, 120_000_000, 200_000_000, 400_000_000):
        progress.at(done)
    return stderr.getvalue()


def test_progress_is_told_on_a_terminal_only_and_not_too_often() -> None:
    shown = told(Terminal())

    assert told(io.StringIO()) == ""
    assert shown.count("MB/s") == 2
    assert "[#####     ] 200 of 400 MB, 100 MB/s, 2 s left" in shown
