"""A log line enters few rooms on its way, none of them twice, and README.md tells the way as it is."""

from __future__ import annotations

import inspect
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

import herodyno
from herodyno.diagnosis.counting.one_pass import OnePass
from herodyno.diagnosis.timeline.timeline import timeline
from herodyno.logfiles.opened import Logs
from herodyno.logfiles.parts import log_in
from tests.diagnosis.reading import failed, request, sample

ROOT = Path(herodyno.__file__).parent
README = ROOT.parent / "README.md"
MOST_ROOMS = 27
ID = "8c1d7a55-0000-4000-8000-000000000001"


@contextmanager
def watched(calls: Counter[str], functions: Counter[str]) -> Iterator[None]:
    """Count the calls into each module of herodyno, and into each function."""

    def see(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_flags & inspect.CO_OPTIMIZED and code.co_filename.startswith(str(ROOT)):
            calls[Path(code.co_filename).relative_to(ROOT).as_posix()] += 1
            functions[code.co_qualname] += 1

    sys.setprofile(see)
    try:
        yield
    finally:
        sys.setprofile(None)


def counted(path: Path, lines: list[str]) -> tuple[Counter[str], Counter[str]]:
    """The calls that it takes to count these lines of a file."""
    path.write_text("".join(lines), encoding="utf-8")
    calls: Counter[str] = Counter()
    functions: Counter[str] = Counter()
    with Logs([str(path)], year=2026) as logs, watched(calls, functions):
        one_pass = OnePass(log_in(logs))
        one_pass.facts(timeline(one_pass.boundaries, None, ()))
    return calls, functions


LINES = {
    "a failed request": lambda at: failed(at, "web.1"),
    "a good request": lambda at: request(at, "web.1"),
    "a memory sample": lambda at: sample(at, "web.1", ID, 300.0 + at),
}


@pytest.mark.parametrize("kind", sorted(LINES))
def test_a_line_enters_few_rooms_and_readme_names_each(kind: str, tmp_path: Path) -> None:
    lines = [LINES[kind](at) for at in (10.0, 45.0, 80.0)]
    counted(tmp_path / "warm.log", lines)  # modules load, caches fill
    two, _ = counted(tmp_path / "two.log", lines[:2])
    three, _ = counted(tmp_path / "three.log", lines)

    # A room that a line enters is a module that is called more often for one line more.
    entered = [module for module in three if three[module] > two[module] and module != "dynos.py"]
    assert len(entered) <= MOST_ROOMS
    told = README.read_text(encoding="utf-8").partition("## How `diagnose` works, in order")[2].partition("## ")[0]
    names = set(re.findall(r"[a-z_/]+\.py", told))
    assert [module for module in entered if Path(module).name not in {Path(name).name for name in names}] == []


def test_a_line_that_is_no_row_is_read_once_and_counted_once(tmp_path: Path) -> None:
    lines = [request(at, "web.1", code="H27", status=499) for at in (10.0, 45.0, 80.0)]
    counted(tmp_path / "warm.log", lines)
    _, functions = counted(tmp_path / "three.log", lines)

    for function in ("LineReader.line", "event_of", "router_request", "Counting.take", "Boundaries.add"):
        assert functions[function] == 3, function


def test_readme_tells_the_way_as_one_list_without_or() -> None:
    told = README.read_text(encoding="utf-8").partition("## How `diagnose` works, in order")[2].partition("## ")[0]
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", told, flags=re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    for path in re.findall(r"`(herodyno/[\w/]+(?:\.py|/))`", told):
        assert (ROOT.parent / path).exists(), path
