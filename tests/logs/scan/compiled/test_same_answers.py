"""`diagnose` gives the same bytes by the compiled part and without it."""

from __future__ import annotations

import os
import subprocess
import sys
from ctypes import CDLL
from pathlib import Path

import pytest

from herodyno.logfiles import opened, parts
from herodyno.logs.scan.compiled import reader, sieve
from herodyno.logs.scan.compiled.library import library
from herodyno.sandbox.incidents.scenarios import SCENARIOS, scenario
from tests.bench.log_file import write_log
from tests.conftest import Invoke
from tests.real_parts import REAL_LOGS, need, need_shared_data, real_logs

pytestmark = pytest.mark.real


def blocks_read_alike(words: str, part: CDLL, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many blocks the compiled part was asked to read, to give the answer that Python gives alone."""
    answers = []
    asked: list[int] = []
    read = reader.CompiledReader._rows
    monkeypatch.setattr(reader.CompiledReader, "_rows", lambda *args: asked.append(1) or read(*args))
    for each in (None, part):
        monkeypatch.setattr(reader, "library", lambda each=each: each)
        answers.append(invoke(words))
    assert answers[0] == answers[1]
    assert answers[0].stdout
    return len(asked)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_an_incident_of_the_sandbox(
    name: str, part: CDLL, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "x.log"
    log.write_text(scenario(name).log_text("example-app"), encoding="utf-8")
    blocks = blocks_read_alike(f"diagnose --json --from-file {log}", part, invoke, monkeypatch)
    assert blocks or name == "fir-app"  # whose log is empty
    if name == "one-bad-dyno":
        for module in (opened, parts):
            monkeypatch.setattr(module, "CHUNK", 1 << 16)
        words = f"diagnose --json --type web --since 3m --from-file {log}"
        assert blocks_read_alike(words, part, invoke, monkeypatch) > 1


@pytest.mark.parametrize("name", real_logs(".log")[::4])
def test_a_real_log(name: str, part: CDLL, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need_shared_data()
    log = tmp_path / "x.log"
    log.write_bytes((REAL_LOGS / name).read_bytes()[: 1 << 19])
    blocks_read_alike(f"diagnose --json --from-file {log}", part, invoke, monkeypatch)


@pytest.mark.parametrize(("words", "is_sieved"), [
    ("web.1", True), ("router code=H12", True), ("--not router -o raw", True),
    ("--since 2026-11-23T02:08Z --until 2026-11-23T02:10Z", True),
    ("web.1 -o json", False), ("web.1 --stats count", False), ("web.1 --table time,dyno", False), ("code=H12", False),
])  # fmt: skip
def test_a_filtered_log(
    words: str, is_sieved: bool, part: CDLL, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "x.log"
    log.write_text(scenario("one-bad-dyno").log_text("example-app"), encoding="utf-8")
    made: list[int] = []
    monkeypatch.setattr(sieve, "library", lambda: None)
    pure = invoke(f"logs --from-file {log} {words}")
    monkeypatch.setattr(sieve, "library", lambda: made.append(1) or part)
    assert invoke(f"logs --from-file {log} {words}") == pure
    assert pure.stdout
    assert bool(made) == is_sieved


@pytest.mark.slow
def test_a_large_log_by_one_process_and_by_two(tmp_path: Path) -> None:
    need("the compiled part", present=library() is not None, install="pip install -e . where rustc is")
    need("taskset")
    log = tmp_path / "x.log"
    write_log(log, 40_000_000)
    words = [sys.executable, "-m", "herodyno", "diagnose", "--json", "--from-file", str(log)]
    answers = [
        subprocess.run([*prefix, *words], env={**os.environ, "HERODYNO_PURE": pure}, capture_output=True)
        for prefix, pure in (([], "1"), ([], "0"), (["taskset", "-c", "0"], "0"))
    ]
    assert answers[0].stdout.startswith(b"{")
    for answer in answers[1:]:
        assert (answer.stdout, answer.stderr) == (answers[0].stdout, answers[0].stderr)
