"""`logs --tail` in a process of its own: pipes that close, signals, a pager that stops, a flood; memory stays flat."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.logs.log_stage import served, text_of
from tests.logs.log_lines import raw
from tests.real_parts import only_where

TAIL = [sys.executable, "-m", "herodyno", "logs", "--tail", "-a", "example-app"]
HISTORY = text_of([raw(f"app[web.1]: line {number}", number) for number in range(20)])
LINE = raw("app[web.1]: {:09} " + "x" * 150) + "\n"


def quiet(over: threading.Event) -> Iterator[bytes]:
    """Some lines, then silence."""
    yield HISTORY
    over.wait(20)


def slow(over: threading.Event) -> Iterator[bytes]:
    """Some lines, then one every now and then."""
    yield HISTORY
    number = 0
    while not over.wait(0.02):
        number += 1
        yield LINE.format(number).encode()


def flood(count: int) -> Iterator[bytes]:
    """So many lines as fast as they are taken."""
    for start in range(0, count, 500):
        yield "".join(LINE.format(number) for number in range(start, min(start + 500, count))).encode()


def memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    assert found
    return int(found[1]) / 1024


needs_proc = only_where(Path("/proc/self/status").exists(), "memory is read from /proc")


def test_c21_head_ends_it_silently_with_0() -> None:
    with served(slow) as environ:
        tail = subprocess.Popen(TAIL, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert tail.stdout
        assert tail.stderr
        assert tail.stdout.readline()
        tail.stdout.close()
        assert tail.wait(20) == 0
        assert tail.stderr.read() == b""
        tail.stderr.close()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_c22_c23_a_signal_ends_a_silent_tail_at_once_with_its_code(number: signal.Signals, code: int) -> None:
    with served(quiet) as environ:
        tail = subprocess.Popen(TAIL, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        assert tail.stdout
        first = tail.stdout.readline()
        began = time.monotonic()
        tail.send_signal(number)
        stdout, stderr = tail.communicate(timeout=20)
    assert (tail.returncode, stderr) == (code, b"")
    assert first + stdout == HISTORY
    assert time.monotonic() - began < 3


def test_lines_of_a_pipe_that_stays_open_come_out_at_once() -> None:
    reads = subprocess.Popen(
        [sys.executable, "-m", "herodyno", "logs", "--from-file", "-", "web.1"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
    )  # fmt: skip
    assert reads.stdin
    assert reads.stdout
    for _ in range(2):
        reads.stdin.write(HISTORY)
        assert b"".join(reads.stdout.readline() for _ in range(20)) == HISTORY
    reads.stdin.close()
    assert reads.wait(20) == 0
    reads.stdout.close()


def test_statistics_of_a_tail_are_shown_when_it_is_interrupted() -> None:
    sent = threading.Event()  # the tail has read for a while: it is past its start

    def told(over: threading.Event) -> Iterator[bytes]:
        for number, line in enumerate(slow(over)):
            yield line
            if number == 40:
                sent.set()

    with served(told) as environ:
        tail = subprocess.Popen([*TAIL, "--stats", "count by dyno", "-v"], env=environ, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)  # fmt: skip
        assert sent.wait(20)
        tail.send_signal(signal.SIGINT)
        stdout, _ = tail.communicate(timeout=20)
    assert tail.returncode == 130
    assert re.fullmatch(r"dyno   count\nweb\.1 +\d+\n", stdout)


@needs_proc
def test_c24_a_stopped_pager_bounds_memory_and_loses_nothing() -> None:
    count = 60_000  # 12 MB
    with served(lambda over: flood(count)) as environ:
        tail = subprocess.Popen([*TAIL, "--not", "nobody"], env=environ, stdout=subprocess.PIPE)
        assert tail.stdout
        tail.stdout.readline()
        time.sleep(0.6)
        blocked = memory_mb(tail.pid)
        lines = 1
        while lines < count:
            assert int(tail.stdout.readline().split()[2]) == lines
            lines += 1
        tail.terminate()
        tail.wait(20)
        tail.stdout.close()
    assert blocked < 80


@needs_proc
@pytest.mark.slow
def test_c25_a_flood_is_whole_and_memory_stays_flat() -> None:
    count = 1_000_000  # 200 MB
    with served(lambda over: flood(count)) as environ:
        tail = subprocess.Popen([*TAIL, "--not", "nobody"], env=environ, stdout=subprocess.PIPE)
        assert tail.stdout
        began, early = time.monotonic(), 0.0
        for number in range(count):
            assert int(tail.stdout.readline().split()[2]) == number
            if number == count // 10:
                early = memory_mb(tail.pid)
        late = memory_mb(tail.pid)
        tail.terminate()
        tail.wait(20)
        tail.stdout.close()
    print(f"{count / (time.monotonic() - began):,.0f} lines/s, {early:.1f} MB early, {late:.1f} MB late")
    assert late - early < 5
