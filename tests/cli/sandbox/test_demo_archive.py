"""`demo --archive`: days of a simulated app, judged from an archive that is gone afterwards."""

from __future__ import annotations

import errno
import json
import os
import tempfile
import time
from pathlib import Path

import pytest

from herodyno.cli.sandbox import demo_archive
from herodyno.sandbox.incidents.days import days_of_growth
from tests.cli.schemas import valid
from tests.conftest import Invoke


@pytest.fixture(autouse=True)
def _temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


def test_each_typed_line_stands_above_its_answer_and_nothing_is_left(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(demo_archive, "DAYS", 0.1)
    stdout, stderr, code = invoke("demo --archive --utc", environ={})
    assert (code, len(stderr.splitlines())) == (0, 1), stderr
    typed = [line for line in stdout.splitlines() if line.startswith("== herodyno ")]
    assert [line.split()[2:4] for line in typed] == [
        ["archive", "import"], ["archive", "status"], ["diagnose", "--archive"], ["diagnose", "--archive"],
    ]  # fmt: skip
    assert "example-app, memory in MB by" in stdout
    assert list((tmp_path / "temporary").iterdir()) == []


def test_the_archive_is_kept_where_it_is_asked_for_and_never_over_another(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(demo_archive, "DAYS", 0.02)
    assert invoke(f"demo --archive {tmp_path}/kept", environ={}).code == 0
    assert valid(invoke(f"archive verify --archive {tmp_path}/kept/logs --json").stdout)["flaws"] == []
    assert "is there already" in invoke(f"demo --archive {tmp_path}/kept").stderr
    assert invoke("demo --archive --scenario crash-loop").code == 2


@pytest.mark.parametrize("where", ["herodyno.cli.sandbox.demo_archive.Path.write_text", "os.fsync"])
@pytest.mark.parametrize("keep", ["", "kept"])
def test_a_full_disk_is_named_in_one_line_and_nothing_is_left(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, where: str, keep: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(demo_archive, "DAYS", 0.02)
    monkeypatch.setattr(where, full)
    folder = str(tmp_path / keep) if keep else ""
    done = invoke(["demo", "--archive", *([folder] if keep else [])], environ={})
    assert (done.code, done.stdout) == (1, "")
    *_, said, advice = done.stderr.splitlines()
    assert said.startswith(f"herodyno: the disk of {folder or tempfile.tempdir}")
    assert said.endswith(" is full; nothing was kept")
    assert "herodyno demo --archive DIR" in advice
    assert [*(tmp_path / "temporary").iterdir(), *tmp_path.glob("kept")] == []


def test_no_room_for_temporary_files_names_the_folders(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(tmp_path / "none")])
    done = invoke("demo --archive", environ={})
    assert (done.code, f"['{tmp_path}/none']" in done.stderr, "None" in done.stderr) == (1, True, False)


@pytest.mark.slow
def test_two_days_show_every_worker_that_grew_by_its_id_within_half_a_minute(invoke: Invoke) -> None:
    began = time.process_time()
    document = valid(invoke("demo --archive --json", environ={}).stdout)
    assert time.process_time() - began < 20
    assert document["archive"]["apps"][0]["lines"] > 60_000
    told = valid(json.dumps(document["diagnose"]))
    assert len(told["recurrence"]["found"]) == 4  # as `diagnose --archive` tells it
    truth = days_of_growth(demo_archive.DAYS).truth
    assert told["verdict"]["class"] == truth.verdict
    trends = {each["id"]: each["memory"]["trend"]["class"] for each in told["incarnations"] if each["type"] == "worker"}
    assert trends == truth.memory
    assert len(trends) == 6
