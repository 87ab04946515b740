"""A day of three million lines is imported in bounded memory, and holds each line once, in order."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from herodyno.archive.merging.sorted_runs import ORDER
from herodyno.units import US_PER_DAY
from tests.bench.commands import herodyno
from tests.bench.measure import Command, once, surroundings
from tests.bench.week import APP, DAYS, write_week
from tests.real_parts import only_where

LINES = 3_000_000
MOST_MB = 350  # ours: measured are 330
_STAMP = len("2026-01-01T00:00:00.000000")


def write_day(path: Path, lines: int) -> int:
    """Write the lines of a week as those of its first day, seven times as close. Returns how many they are."""
    week = path.with_suffix(".week")
    write_week(week, lines)
    written = 0
    with week.open("rb") as log, path.open("wb") as day:
        for line in log:
            written += 1
            day.write(_within_a_day(line[:_STAMP]) + line[_STAMP:] if line.startswith(b"2026-01-") else line)
    week.unlink()
    return written


def _within_a_day(stamp: bytes) -> bytes:
    days, hours, minutes, seconds = (int(stamp[at : at + 2]) for at in (8, 11, 14, 17))
    at_us = ((days - 1) * US_PER_DAY + ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + int(stamp[20:])) // DAYS
    whole, part = divmod(at_us, 1_000_000)
    return b"2026-01-01T%02d:%02d:%02d.%06d" % (whole // 3600, whole // 60 % 60, whole % 60, part)


@pytest.mark.slow
@only_where(sys.platform == "linux", "other systems give the memory of a process in other units")
def test_a_day_of_three_million_lines_is_imported_in_bounded_memory(tmp_path: Path) -> None:
    log, archive = tmp_path / "day.log", tmp_path / "kept"
    lines = write_day(log, LINES)
    words = herodyno("archive", "import", str(log), "--archive", str(archive), "--app", APP)
    assert once(Command(words), surroundings(str(tmp_path))).peak_mb <= MOST_MB
    log.unlink()
    (path,) = archive.glob("events/*/*.parquet")
    numbers, last = bytearray(lines + 1), ("", "", 0, 0)
    for batch in pq.ParquetFile(path).iter_batches(columns=list(ORDER)):
        for app, dyno, ts_us, _, arrival in zip(*(batch[name].to_pylist() for name in ORDER), strict=True):
            numbers[arrival] += 1
            key = (app, dyno or "~", ts_us, arrival)
            assert last <= key
            last = key
    assert numbers.count(1) == lines
