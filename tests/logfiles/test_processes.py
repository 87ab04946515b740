"""Other processes read parts of a log: what they find is the same, and what befalls them is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from multiprocessing import Pipe, active_children, get_context
from pathlib import Path
from types import SimpleNamespace

import pytest

from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.one_pass import Log, OnePass, scan_part
from herodyno.diagnosis.timeline.timeline import timeline
from herodyno.errors import NotFound, Refused
from herodyno.logfiles import processes as log_processes
from herodyno.logfiles.parts import FilePart, parts_of
from herodyno.logfiles.processes import side_by_side
from herodyno.logs.scan.blocks import Blocks
from tests.bench.log_file import write_log
from tests.diagnosis.plain_values import plain
from tests.real_parts import only_where

# A process that begins another one, which has more to say than a pipe holds, and is killed before it listens.
KILLED_PARENT = """
import time
from multiprocessing import get_context
from herodyno.errors import Refused
from herodyno.logfiles.processes import _started

def refused():
    raise Refused("x" * 1_000_000)

context = get_context("fork")
one, _ = first = _started(context, refused, [])
two, _ = _started(context, refused, [first[1]])
print(one.pid, two.pid, flush=True)
time.sleep(60)
"""
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


def facts_alone(logs: Sequence[Blocks]) -> Facts:
    counted = OnePass(Log(logs=logs, year=2026))
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


@pytest.mark.usefixtures("two")
def test_who_stops_this_process_stops_the_others() -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        side_by_side(meanwhile=stopped)(partial(scan_part, 2026, None), [good, good])
    assert not active_children()


@only_where(sys.platform == "linux", "other systems do not fork")
def test_when_this_process_is_killed_the_others_end() -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED_PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        children = [int(pid) for pid in parent.stdout.readline().split()]
        parent.kill()
    assert len(children) == 2
    end = time.monotonic() + 20
    while any(map(lives, children)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(map(lives, children))


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("lacking", ["Value", "Pipe", "Process"])
def test_where_there_is_no_room_for_another_process_this_one_reads_all(
    lacking: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, told = get_context("spawn"), list[int]()

    def lacks(*_: object, **__: object) -> None:
        raise OSError("Read-only file system")

    parts = {name: getattr(context, name) for name in ("Value", "Pipe", "Process", "get_start_method")}
    monkeypatch.setattr(log_processes, "get_context", lambda _: SimpleNamespace(**parts | {lacking: lacks}))

    assert plain(facts([good, good], told)) == plain(facts_alone([good, good]))
    assert told == [len(GOOD), 2 * len(GOOD)]
    assert not active_children()


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
