"""`archive receive`: what it refuses to open, what it shows, how it ends, and that a kill loses and doubles nothing."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from herodyno.archive.drains.changes import new_password
from herodyno.archive.drains.known import FILE
from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.journal import Journal
from tests.archive.archived import rows
from tests.archive.receive.drain import BODY, need_uvicorn
from tests.archive.receive.process import free_port, serving
from tests.conftest import Invoke

KILLS = 25  # of the receiver, and as many of the compaction beside it


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--host 0.0.0.0", "others can reach 0.0.0.0; nothing was opened"),
        ("--host ::", "others can reach ::; nothing was opened"),
        ("--host example.com", "--host 'example.com' is no address"),
        ("--cert c.pem", "--cert and --key go together"),
        ("--cert nowhere.pem --key nowhere.pem", "there is no file nowhere.pem"),
        ("", "no drain may send to"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_opens_nothing(
    invoke: Invoke, tmp_path: Path, words: str, said: str
) -> None:
    stdout, stderr, code = invoke(f"archive receive --archive {tmp_path / 'archive'} {words}")
    assert stdout == ""
    assert said in stderr
    assert code == (5 if "no file" in said or "no drain" in said else 2)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_extra_says_what_to_type(invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_password(tmp_path, "main", app="")
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "herodyno.archive.receive.server", raising=False)
    _, stderr, code = invoke(f"archive receive --archive {tmp_path}")
    assert code == 1
    assert stderr.splitlines()[-1] == "  pip install 'herodyno[archive]'"


def test_a_broken_file_of_drains_is_refused(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")
    _, stderr, code = invoke(f"archive receive --archive {tmp_path}")
    assert (code, "cannot be read" in stderr) == (1, True)


def test_a_signal_ends_it_with_the_journal_sealed_and_a_second_one_is_refused(invoke: Invoke, tmp_path: Path) -> None:
    need_uvicorn()
    password, port = new_password(tmp_path, "main", app="example-app"), free_port()
    with serving(tmp_path, port) as process:
        answer = httpx.post(f"http://127.0.0.1:{port}/", content=BODY, auth=("main", password))
        assert answer.status_code == 204
        _, stderr, code = invoke(f"archive receive --archive {tmp_path} --port 0")
        assert (code, "another receiver writes" in stderr) == (1, True)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 143
        assert process.communicate() == ("", "")
    (path,) = Journal(tmp_path / "journal").sealed()
    assert [frame.body for frame in Journal(tmp_path / "journal").read(path)] == [BODY]


@pytest.mark.slow
def test_killed_again_and_again_under_load_receiver_and_compaction_lose_and_double_no_acknowledged_frame(
    tmp_path: Path,
) -> None:
    need_uvicorn()
    password, port, chance = new_password(tmp_path, "main", app="example-app"), free_port(), random.Random(1)
    acknowledged: list[str] = []
    is_over = threading.Event()

    def logplex(number: int) -> None:
        """One node of Logplex: a frame at a time, three tries of 5 s; a refused connection is no try.

        Each speaks of a dyno of its own: the same line by two drains of an app counts once.
        """
        body = BODY.replace(b"web.1", b"web.%d" % number)
        with httpx.Client(timeout=5) as client:
            for frame in range(1_000_000):
                frame_id, tries = f"{number}-{frame}", 0
                headers = {"Logplex-Frame-Id": frame_id, "Logplex-Drain-Token": f"d.{number}"}
                while tries < 3:
                    if is_over.is_set():
                        return
                    try:
                        url = f"http://127.0.0.1:{port}/"
                        if client.post(url, content=body, headers=headers, auth=("main", password)).is_success:
                            acknowledged.append(frame_id)
                            break
                        tries += 1
                    except httpx.ConnectError:
                        time.sleep(0.02)
                    except httpx.TransportError:
                        tries += 1

    senders = [threading.Thread(target=logplex, args=(number,)) for number in range(4)]
    for sender in senders:
        sender.start()
    killed = Counter[str]()

    def compact() -> None:
        """Compactions that end at any moment between their start and their end."""
        rng, command = random.Random(2), compaction_of(tmp_path)
        while not is_over.is_set():
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(rng.uniform(0.2, 4))
                killed["compaction"] += process.poll() is None
                process.kill()

    compactor = threading.Thread(target=compact)
    compactor.start()
    while compactor.is_alive() and min(killed["receiver"], killed["compaction"]) < KILLS:
        with serving(tmp_path, port) as process:
            time.sleep(chance.uniform(0.02, 0.5))
            process.kill()
            killed["receiver"] += 1
    is_over.set()
    for sender in (*senders, compactor):
        sender.join(20)
    journal = Journal(tmp_path / "journal")
    journal.take()
    stored = [frame.frame_id for path in journal.sealed() for frame in journal.read(path)]
    assert len(stored) == len(set(stored))
    assert set(acknowledged) - set(stored) == set()
    assert len(acknowledged) > KILLS
    assert min(killed.values()) >= KILLS
    for _ in range(2):  # the second merges the day
        subprocess.run(compaction_of(tmp_path), check=True, stdout=subprocess.DEVNULL, timeout=120)
        lines = [(row["drain_token"], row["frame_id"], row["frame_seq"]) for row in rows(tmp_path)]
        assert len(lines) == len(set(lines))
        assert {frame_id for _, frame_id, _ in lines} == set(stored)
    assert len(ArchiveFolder(tmp_path).files()) == 1


def compaction_of(archive: Path) -> list[str]:
    return [sys.executable, "-m", "herodyno", "archive", "compact", "--archive", str(archive)]


@pytest.mark.parametrize("command", ["receive", "password --app example-app", "import app.log --app example-app"])
def test_a_file_is_no_folder_of_an_archive(invoke: Invoke, tmp_path: Path, command: str) -> None:
    (tmp_path / "logs").touch()
    _, stderr, code = invoke(f"archive {command} --archive {tmp_path / 'logs'}")
    assert (code, "is no folder" in stderr) == (1, True)
