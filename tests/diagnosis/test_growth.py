"""The work of `diagnose` grows with a log, not with its square, whatever an attacker repeats in it.

Work is the number of lines of code that run. It is the same at each run, so the test cannot flake as times do.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

import herodyno
from herodyno.diagnosis.statistics import memory_peers, peers
from herodyno.diagnosis.timeline import open_at, succession
from herodyno.render.diagnosis.document import diagnosis_document
from herodyno.render.diagnosis.report import diagnosis_lines
from tests.diagnosis.reading import judged, request, sample, stamp

ROOT = str(Path(herodyno.__file__).parent)
FEW, TIMES = 16, 10
# Ten times the lines take so many times the work at most.
MOST = 10.5
# And no single function so many times its own. A pair of each with each would take a hundred times, but may hide in the
# whole. What runs only in a longer log, as what is bounded does, is allowed so many lines of code.
MOST_OF_ONE, FREE = 20, 8_800


def line(at: float, dyno: str, words: str) -> str:
    return f"{stamp(at)} heroku[{dyno}]: {words}\n"


def life(at: float, dyno: str) -> str:
    return (
        line(at, dyno, "Starting process with command `x`")
        + line(at + 2, dyno, "State changed from starting to up")
        + line(at + 4, dyno, "Process exited with status 1")
        + line(at + 5, dyno, "State changed from up to crashed")
    )


def letters(n: int) -> str:
    return "".join(chr(ord("a") + n // 10**place % 10) for place in range(4))


def dyno_id(n: int) -> str:
    return f"{n:08x}-1111-4111-9111-111111111112"


LOGS: dict[str, Callable[[int], str]] = {
    "lives of one name": lambda i: life(i * 20, "web.1"),
    "lives beside a long one": lambda i: life(i * 20, "web.2") + request(i * 20, "web.1"),
    "lives with ids": lambda i: life(i * 20, "web.1") + sample(i * 20 + 3, "web.1", dyno_id(i), 300.0),
    "lives that serve": lambda i: life(i * 20, "web.1") + request(i * 20 + 3, "web.1", code="H13", status=503),
    "starts without an end": lambda i: line(i, "web.1", "Starting process with command `x`"),
    "stops of what never ends": lambda i: (
        line(i, "web.1", "State changed from starting to starting")
        + line(i + 0.5, "web.1", "Stopping all processes with SIGTERM")
    ),
    "ids of one name": lambda i: sample(i, "web.1", dyno_id(i), 300.0),
    "ids sampled to the end": lambda i: "".join(sample(at, "web.1", dyno_id(i), 300.0) for at in (i, 3000 + i)),
    "names that serve": lambda i: request(i / 9, f"web.{i}"),
    "names that fail": lambda i: request(i / 9, f"web.{i}", code="H12", status=503, path=f"/p{i}"),
    "names over their quota": lambda i: line(i / 9, f"web.{i}", "Error R14 (Memory quota exceeded)"),
    "names with samples": lambda i: "".join(sample(i / 9 + n * 20, f"web.{i}", dyno_id(i), 300.0) for n in range(4)),
    "one-off dynos": lambda i: life(i, f"run.{i}"),
    "scheduled dynos": lambda i: life(i, f"scheduler.{i}"),
    "process types": lambda i: line(i, f"t{i}.1", "State changed from up to crashed"),
    "releases with restarts": lambda i: (
        f"{stamp(i * 60)} app[api]: Release v{i + 1} created by user a@example.com\n"
        + line(i * 60, "web.1", "State changed from up to starting")
        + line(i * 60 + 9, "web.1", "State changed from starting to up")
    ),
    "scales": lambda i: f"{stamp(i)} app[api]: Scaled to web@{i % 7}:Standard-1X by user a@example.com\n",
    "exceptions": lambda i: f"{stamp(i)} app[web.1]: App::Odd{i}Error: no {i}\n",
    "lines of the accused": lambda i: (
        request(i / 9, "web.1", code="H12", status=503)
        + request(i / 9, "web.2")
        + f"{stamp(i / 9)} app[web.{i % 3}]: {' '.join(letters(i * prime) for prime in (7, 11, 13))}\n"
    ),
    "clients": lambda i: request(i / 9, "web.1", code="H12", status=503, client=f"192.0.{i // 250}.{i % 250}"),
    "hosts": lambda i: request(i / 9, "web.1", code="H12", status=503).replace("host=", f"host=h{i}."),
}


def work(text: str) -> Counter[CodeType]:
    """How many lines of each function of the product run to read and judge a log, and to write the answer."""
    lines: Counter[CodeType] = Counter()

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if not frame.f_code.co_filename.startswith(ROOT):
            return None
        lines[frame.f_code] += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        diagnosis = judged(text)
        diagnosis_lines(diagnosis, width=80)
        diagnosis_document(diagnosis)
    finally:
        sys.settrace(before)
    return lines


@pytest.fixture(autouse=True)
def low_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few are compared one by one that the bounds show in a short log."""
    monkeypatch.setattr(peers, "MOST_BEFORE", 4)
    monkeypatch.setattr(memory_peers, "MOST_COMPARED", 4)
    for module in (succession, open_at):
        monkeypatch.setattr(module, "MOST_AT_ONCE", 4)


@pytest.mark.parametrize("name", LOGS)
def test_ten_times_the_lines_take_ten_times_the_work(name: str) -> None:
    few, many = (work("".join(map(LOGS[name], range(n)))) for n in (FEW, FEW * TIMES))
    assert many.total() <= MOST * few.total()
    assert not {
        code.co_qualname: (few[code], lines)
        for code, lines in many.items()
        if lines > max(FREE, MOST_OF_ONE * few[code])
    }
