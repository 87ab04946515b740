"""Logs come from files and standard input, packed or not, and are read in the order of their time."""

import bz2
import gzip
import io
import lzma
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from herodyno.errors import ExtraMissing, NotFound, Refused
from herodyno.logfiles import opened
from herodyno.logfiles.opened import Logs
from herodyno.logs.events import AppOutput
from tests.conftest import Invoke
from tests.logfiles.events import events_in

FIRST = b"2026-11-23T02:00:01.000000+00:00 app[web.1]: one\n2026-11-23T02:00:02.000000+00:00 app[web.1]: two\n"
SECOND = b"2026-11-23T03:00:01.000000+00:00 app[web.1]: three\n"


def texts(names: list[str]) -> list[tuple[int, str]]:
    with Logs(names, year=2026) as logs:
        events = events_in(logs)
        assert events_in(logs) == events  # they can be walked again
    assert all(isinstance(event, AppOutput) for event in events)
    return [(event.line.number, event.line.text.strip()) for event in events]


def test_several_files_are_read_oldest_first_and_their_lines_numbered_through(tmp_path: Path) -> None:
    (tmp_path / "old.log").write_bytes(FIRST)
    (tmp_path / "new.log").write_bytes(SECOND)
    assert texts([str(tmp_path / "new.log"), str(tmp_path / "old.log")]) == [(1, "one"), (2, "two"), (3, "three")]


def test_a_gzip_file_is_known_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "misleading.log").write_bytes(gzip.compress(FIRST))
    assert texts([str(tmp_path / "misleading.log")]) == [(1, "one"), (2, "two")]


def test_a_packed_log_whose_first_member_is_a_few_bytes_is_judged_by_more_than_those(tmp_path: Path) -> None:
    frame = b"<190>1 2026-11-23T02:00:00+00:00 host app web.1 - x\n"
    for name, data, at in (
        ("frames.gz", b"%d %s" % (len(frame), frame), 2),
        ("new.gz", SECOND, 9),
        ("old.gz", FIRST, 9),
    ):
        (tmp_path / name).write_bytes(gzip.compress(data[:at]) + gzip.compress(data[at:]))
    frames, new, old = (str(tmp_path / name) for name in ("frames.gz", "new.gz", "old.gz"))
    with Logs([new, old], year=2026) as logs:
        assert logs.text_names() == [old, new]
    with Logs([frames], year=2026) as logs:
        assert logs.text_names() is None


def test_a_dash_is_standard_input_packed_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for data in (FIRST, gzip.compress(FIRST)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))  # type: ignore[arg-type] # BytesIO is raw enough
        assert texts(["-"]) == [(1, "one"), (2, "two")]


def test_a_long_log_from_a_pipe_can_be_opened_by_its_path_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(opened, "KEPT_IN_MEMORY", 1000)
    for data, is_kept_in_memory in ((FIRST, True), (FIRST * 100, False)):
        (tmp_path / "file.log").write_bytes(data)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))  # type: ignore[arg-type] # BytesIO is raw enough
        with Logs(["-", str(tmp_path / "file.log")], year=2026) as logs:
            assert logs.path("-") is None  # not read yet
            assert b"".join(logs.chunks("-")) == data
            path = logs.path("-")
            assert logs.path(str(tmp_path / "file.log")) == str(tmp_path / "file.log")
            if is_kept_in_memory or not Path("/proc/self/fd").exists():
                assert path is None
            else:
                assert path is not None
                assert Path(path).read_bytes() == data
                with monkeypatch.context() as elsewhere, (tmp_path / "file.log").open("rb"):
                    for pid in (1, os.getppid(), 2**22 + 1):  # where /proc numbers the processes of others
                        elsewhere.setattr(os, "getpid", lambda pid=pid: pid)
                        assert logs.path("-") is None
            assert b"".join(logs.chunks("-")) == data


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
    monkeypatch.setattr("herodyno.logfiles.packed.ZSTD_MODULES", ())
    (tmp_path / "a.zst").write_bytes(b"\x28\xb5\x2f\xfd rest")
    with pytest.raises(ExtraMissing) as told:
        events_in(Logs([str(tmp_path / "a.zst")], year=2026))
    assert told.value.next_step.startswith("zstd -dc ")


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"nowhere\.log"):
        events_in(Logs([str(tmp_path / "nowhere.log")], year=2026))


def test_g11_of_a_packed_log_that_breaks_off_the_whole_lines_are_read_and_it_is_said_once(tmp_path: Path) -> None:
    random = Random(1)
    line = "2026-11-23T02:00:01.000000+00:00 app[web.1]: "
    whole = [f"{line}{random.getrandbits(256):x}\n".encode() for _ in range(20_000)]
    packed = gzip.compress(b"".join(whole))
    for size in (len(packed) - 20, len(packed) // 2):
        (tmp_path / "torn.gz").write_bytes(packed[:size])
        notes: list[str] = []
        with Logs([str(tmp_path / "torn.gz")], year=2026, note=notes.append) as logs:
            read = b"".join(logs.chunks(logs.names[0]))
            assert events_in(logs)
        count = read.count(b"\n")
        assert count > 9000
        assert read == b"".join(whole[:count])
        assert notes == [f"{tmp_path / 'torn.gz'} ends early: {count:,} lines read"]


def test_g11_a_packed_log_of_which_nothing_can_be_read_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "torn.gz").write_bytes(gzip.compress(FIRST)[:15])
    with pytest.raises(Refused, match=r"torn\.gz"):
        events_in(Logs([str(tmp_path / "torn.gz")], year=2026))


def test_g11_the_commands_go_on_with_what_was_read(tmp_path: Path, invoke: Invoke) -> None:
    torn = tmp_path / "torn.gz"
    torn.write_bytes(gzip.compress(FIRST * 500)[:-20])
    stdout, stderr, code = invoke(["logs", "--from-file", str(torn)])
    assert (stdout.count("\n") > 900, code) == (True, 0)
    assert stderr == f"{torn} ends early: {stdout.count(chr(10)):,} lines read\n"
    _, stderr, code = invoke(["diagnose", "--from-file", str(torn)])
    assert code == 0
    assert stderr.count("ends early") == 1


def test_g11_a_torn_log_in_a_pipe_is_read_as_far_as_in_a_file(tmp_path: Path, invoke: Invoke) -> None:
    lines = b"".join(b"2026-11-23T02:00:01.%06d+00:00 app[web.1]: %d\n" % (n * 7919 % 10**6, n) for n in range(20_000))
    torn = gzip.compress(lines)[:-2000]
    (tmp_path / "torn.gz").write_bytes(torn)
    read_fd, write_fd = os.pipe()

    def write() -> None:
        with os.fdopen(write_fd, "wb") as stream:
            stream.write(torn)

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(read_fd) as stdin, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", stdin)
        with Logs(["-"], year=2026, once=True, note=lambda text: None) as logs:
            piped = [line.raw for line in logs.lines()]
    writer.join()
    in_file = invoke(["logs", "--from-file", str(tmp_path / "torn.gz")]).stdout
    assert "".join(f"{line}\n" for line in piped) == in_file
    assert len(piped) > 15_000


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_log_is_known_by_its_first_bytes_and_read_though_its_checksum_is_wrong(
    tmp_path: Path, invoke: Invoke, pack: Callable[[bytes], bytes]
) -> None:
    whole, damaged = tmp_path / "app.txt", tmp_path / "torn"
    whole.write_bytes(pack(FIRST * 9000))
    lines = invoke(["logs", "--from-file", str(whole)]).stdout
    assert lines.count("\n") > 9000
    data = bytearray(whole.read_bytes())
    data[-6 if pack is gzip.compress else len(data) // 2] ^= 0xFF
    damaged.write_bytes(data)
    stdout, stderr, code = invoke(["logs", "--from-file", str(damaged)])
    if pack is gzip.compress:
        assert stdout == lines
        count = f"{lines.count(chr(10)):,}"
        assert stderr == f"{damaged} is damaged, perhaps in these lines too: {count} lines read\n"
        assert code == 0
        assert invoke(["diagnose", "--from-file", str(damaged)]).stderr.count("is damaged") == 1
    else:
        assert "torn is damaged, " in stderr or "torn cannot be read to its end: " in stderr


@pytest.mark.parametrize(
    ("text", "is_torn"),
    [
        ("heroku[router]: at=info method=GET pa", True),
        ("heroku[web.1]: State changed from up to cra", True),
        ("heroku[web.1]: State changed from up to crashed", False),
        ("app[web.1]: hel", False),
    ],
)
def test_a_log_that_ends_within_a_line_of_the_platform_says_so(
    tmp_path: Path, invoke: Invoke, text: str, is_torn: bool
) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(FIRST + f"2026-11-23T02:00:09.000000+00:00 {text}".encode())
    for words in (["logs", "--from-file", str(path)], ["diagnose", "--from-file", str(path)]):
        assert (f"{path} ends within a line\n" in invoke(words).stderr) == is_torn
    piped = invoke(["logs", "--from-file", "-"], stdin=path.read_bytes()).stderr
    assert ("standard input ends within a line\n" in piped) == is_torn


def test_a_folder_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Is a directory"):
        events_in(Logs([str(tmp_path)], year=2026))
