"""What a process beside the receiver says: sentences once, samples until they are old."""

from __future__ import annotations

from multiprocessing import Pipe
from types import SimpleNamespace
from typing import Any

import pytest

from herodyno.cli.archive import beside
from herodyno.cli.archive.beside import ProcessBeside
from herodyno.openmetrics import Metric, Samples


def test_samples_are_those_that_came_last_until_they_are_old_or_the_process_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, alive, samples = [1000.0], [True], Samples()
    samples.add(Metric("one", "gauge", "One."), 1)
    sent: list[object] = [samples, "a sentence"]
    process: Any = object.__new__(ProcessBeside)
    process._told = SimpleNamespace(poll=lambda: bool(sent), recv=lambda: sent.pop(0))
    process._process = SimpleNamespace(is_alive=lambda: alive[0])
    process._name, process._is_gone, process._samples, process._sampled = "recorder", False, Samples(), 0.0
    monkeypatch.setattr(beside, "time", SimpleNamespace(monotonic=lambda: now[0]))
    assert process.samples().metrics() == []
    assert process.told() == ["a sentence"]
    assert process.samples() is samples
    now[0] += beside.FRESH_SECONDS
    assert process.samples().metrics() == []
    now[0] -= 1
    assert process.samples() is samples
    alive[0] = False
    assert process.told() == ["recorder has ended; the receiver goes on"]
    assert process.samples().metrics() == []


def test_the_process_ends_quietly_when_the_receiver_was_killed_during_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "signal", SimpleNamespace(signal=lambda *_: None, SIGINT=0, SIGTERM=0, SIG_IGN=0))
    monkeypatch.setattr(beside, "os", SimpleNamespace(nice=lambda _: None, getppid=lambda: 1))
    receiver, sender = Pipe(duplex=False)
    looks: list[int] = []

    def look() -> None:
        looks.append(1)
        receiver.close()
        raise OSError("the disk is full")

    beside._work("recorder", lambda _: SimpleNamespace(look=look), 0.0, sender, 1)
    assert looks == [1]
