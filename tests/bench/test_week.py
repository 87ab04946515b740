"""The generated week is in the order of time and has a deploy each day; what a benchmark starts is counted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.bench.descendants import used_by_others
from tests.bench.week import DAYS, write_week


def test_the_week_is_in_the_order_of_time(tmp_path: Path) -> None:
    write_week(tmp_path / "week.log", 30_000)
    text = (tmp_path / "week.log").read_bytes()
    lines = text.splitlines()
    stamped = [line[:32] for line in lines if line.startswith(b"2026-01-0")]
    assert stamped == sorted(stamped)
    assert 27_000 < len(lines) < 33_000
    assert (text.count(b"a line without a time"), text.count(b"Release v")) == (DAYS, DAYS)
    assert text.count(b"Starting process") == 51 * DAYS + DAYS
    assert len({line.split(b" dyno=heroku.145151706.")[1][:36] for line in lines if b"source=worker.1 " in line}) == 8


def test_what_a_started_process_uses_is_counted() -> None:
    before = used_by_others()
    words = "x = bytearray(60_000_000); print('there', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", words], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        during = used_by_others()
        process.stdin.write(b"\n")
    assert during.peak_mb - before.peak_mb > 50
