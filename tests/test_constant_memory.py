"""A log ten times as long takes no more memory: peak of `diagnose` and `logs --patterns`, 100 MB against 1 GB."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.commands import herodyno
from tests.bench.files import FOUND
from tests.bench.log_file import write_log
from tests.bench.measure import Command, once, surroundings
from tests.real_parts import need, only_where

GROWTH = 1.25


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Path]]:
    folder = tmp_path_factory.mktemp("logs")
    paths = [folder / "100MB.log", folder / "1GB.log"]
    for path, size in zip(paths, (10**8, 10**9), strict=True):
        write_log(path, size)
    yield paths
    for path in paths:
        path.unlink()


@pytest.mark.slow
@only_where(sys.platform == "linux", "other systems give the memory of a process in other units")
@pytest.mark.parametrize("processors", [1, 2])
def test_a_log_ten_times_as_long_takes_no_more_memory(logs: list[Path], processors: int, tmp_path: Path) -> None:
    usable = os.sched_getaffinity(0)
    need("two processors", present=len(usable) >= processors)
    os.sched_setaffinity(0, sorted(usable)[:processors])
    try:
        short, long = (
            once(Command(herodyno("diagnose", "--from-file", str(log)), codes=FOUND), surroundings(str(tmp_path)))
            for log in logs
        )
    finally:
        os.sched_setaffinity(0, usable)
    assert long.wall > short.wall
    assert long.peak_mb <= GROWTH * short.peak_mb


@pytest.mark.slow
@only_where(sys.platform == "linux", "other systems give the memory of a process in other units")
def test_the_patterns_of_a_log_ten_times_as_long_take_no_more_memory(logs: list[Path], tmp_path: Path) -> None:
    short, long = (
        once(Command(herodyno("logs", "--patterns", "--from-file", str(log))), surroundings(str(tmp_path)))
        for log in logs
    )
    assert long.peak_mb <= GROWTH * short.peak_mb
