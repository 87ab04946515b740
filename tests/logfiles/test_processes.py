"""Other processes read parts of a log: what they find is the same, and what befalls them is told."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from functools import partial
from multiprocessing import Pipe, active_children
from pathlib import Path
from types import SimpleNamespace

import pytest

from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.one_pass import Log, OnePass
from herodyno.diagnosis.timeline.timeline import timeline
from herodyno.errors import NotFound, Refused
from herodyno.logfiles import processes as log_processes
from herodyno.logfiles.parts import FilePart, parts_of
from herodyno.logfiles.processes import side_by_side
from herodyno.logs.scan.blocks import Blocks
from tests.bench.log_file import write_log
from tests.diagnosis.plain_values import plain

GOOD = b"2026-03-02T12:00:01.000002+00:00 app[web.1]: level=info\n"


def good() -> Iterator[bytes]:
    yield GOOD


def missing() -> Iterator[bytes]:
    raise NotFound("there is no file x.log")
    yield GOOD


def killed() -> Iterator[bytes]:
    os.kill(os.getpid(), signal.SIGKILL)
    yield GOOD


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_processes, "processes", lambda: 2)


def facts(logs: Sequence[Blocks], told: list[int] | None = None) -> Facts:
    spread = side_by_side((told if told is not None else []).append)
    counted = OnePass(Log(logs=logs, year=2026, parts=logs, spread=spread))
    return counted.facts(timeline(counted.boundaries, None, ()))


@pytest.mark.usefixtures("two")
def test_what_is_to_be_done_meanwhile_is_done_once_and_beside_the_others() -> None:
    others: list[int] = []
    spread = side_by_side(meanwhile=lambda: others.append(len(active_children())))
    logs: list[Blocks] = [good, good]
    OnePass(Log(logs=logs, year=2026, parts=logs, spread=spread))
    assert others == [1]


@pytest.mark.usefixtures("two")
def test_five_parts_in_two_processes_are_what_one_reads_alone(tmp_path: Path) -> None:
    write_log(tmp_path / "app.log", 9_000_000)
    path, size = str(tmp_path / "app.log"), (tmp_path / "app.log").stat().st_size
    parts: list[FilePart] = parts_of(path, size, 5)
    told: list[int] = []
    assert len(parts) > 3
    alone = OnePass(Log(logs=parts_of(path, size, 1), year=2026))
    expected = alone.facts(timeline(alone.boundaries, None, ()))
    found = facts(parts, told)
    assert told[-1] > 0
    assert (found.lines, found.router_lines, found.first, found.last) == (
        expected.lines, expected.router_lines, expected.first, expected.last,
    )  # fmt: skip
    for key, incarnation in expected.incarnations.items():
        mine = found.incarnations[key]
        assert (mine.lines, mine.requests, mine.service) == (
            incarnation.lines,
            incarnation.requests,
            incarnation.service,
        )
        assert plain(mine.errors) == plain(incarnation.errors)
        assert plain(mine.memory) == plain(incarnation.memory)
        assert plain(mine.evidence) == plain(incarnation.evidence)


@pytest.mark.usefixtures("two")
def test_an_error_in_another_process_is_the_error_of_the_whole() -> None:
    with pytest.raises(NotFound, match=r"no file x\.log"):
        facts([good, missing])


@pytest.mark.usefixtures("two")
def test_a_process_ends_quietly_when_nobody_reads_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> list[log_processes.Part]:
        raise Refused("no log")

    receiver, sender = Pipe(duplex=False)
    receiver.close()
    monkeypatch.setattr(log_processes, "signal", SimpleNamespace(signal=lambda *_: None, SIGINT=0, SIG_IGN=0))
    log_processes._send(sender, refused)


def test_a_killed_process_is_told() -> None:
    with pytest.raises(Refused, match="was killed"):
        facts([good, killed])


def test_a_process_with_threads_is_not_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_processes.sys, "platform", "linux")
    monkeypatch.setattr(log_processes.threading, "active_count", lambda: 1)
    assert log_processes._start_method() == "fork"
    monkeypatch.setattr(log_processes.threading, "active_count", lambda: 2)
    assert log_processes._start_method() == "spawn"


@pytest.mark.usefixtures("two")
def test_spawned_processes_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_processes, "_start_method", lambda: "spawn")
    assert facts([partial(list, [GOOD]), partial(list, [GOOD])]).lines == 2
