"""However lines are spread over files and repeated, the archive holds each as often as the file that has it most."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herodyno.archive.compaction import compact_frames
from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.journal import Frame, Journal
from tests.archive.archived import messages, put, rows
from tests.archive.frames import frame
from tests.diagnosis.reading import NOON, stamp

LINES = [f"{stamp(n // 2)} app[web.{n % 2 + 1}]: text {n}\n" for n in range(4)]
FILES = st.lists(st.lists(st.sampled_from(range(4)), min_size=1, max_size=6), min_size=1, max_size=3)


@settings(max_examples=6)
@given(FILES, st.randoms(use_true_random=False))
def test_each_line_counts_as_often_as_the_file_that_has_it_most(files: list[list[int]], random: Random) -> None:
    richest: Counter[int] = Counter()
    for file in files:
        richest |= Counter(file)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "kept"
        texts = ["".join(LINES[n] for n in file) for file in files]
        put(root, *texts)
        put(root, random.choice(texts))
        assert Counter(messages(root)) == {f"text {n}": times for n, times in richest.items()}


def test_a_line_that_comes_by_two_drains_counts_as_often_as_the_drain_that_has_it_most(tmp_path: Path) -> None:
    texts = {"d.1": ("a", "a", "b"), "d.2": ("a", "b", "b", "c")}
    first = [frame(n, *some)._replace(drain=name) for n, (name, some) in enumerate(texts.items())]
    later = [frame(7, "b", "d"), frame(8, "d")._replace(drain="d.2")]
    for frames, wanted in ((first, "aabbc"), (first, "aabbc"), (later, "aabbcd"), ([*first, *later], "aabbcd")):
        compact_frames(ArchiveFolder(tmp_path), frames, now=NOON)
        assert "".join(sorted(map(str.strip, messages(tmp_path)))) == wanted
    put(tmp_path, *("".join(f"{stamp(0)} app[web.1]: {text}\n" for text in some) for some in texts.values()))
    assert len(messages(tmp_path)) == 6


@pytest.mark.slow
def test_a_compaction_that_is_killed_at_any_time_loses_no_line_and_doubles_none(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    wanted: Counter[str] = Counter()
    for group in range(8):
        frames = []
        for number in range(40):
            texts = [f"line {group}.{number}.{n}" for n in range(25)]
            wanted.update(texts)
            at = stamp(group * 9000 + number)
            body = "".join(
                f"{len(f'<190>1 {at} host app web.1 - {text}')} <190>1 {at} host app web.1 - {text}" for text in texts
            )
            us = round(NOON.timestamp() * 1e6)
            frames.append(Frame(us, "example-app", "d.1", f"{group}-{number}", body.encode()))
        journal.append([*frames, frames[0]])
        journal.seal()
    journal.close()
    command = [sys.executable, "-m", "herodyno", "archive", "compact", "--archive", str(tmp_path)]
    random, kills = Random(4), 0
    began = time.monotonic()
    assert subprocess.run([*command[:-1], str(tmp_path / "none")], check=False, timeout=60).returncode == 0
    start_up = time.monotonic() - began
    for _ in range(12):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(start_up / 2, start_up * 2.5))
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.wait()
        held = Counter(messages(tmp_path)) if ArchiveFolder(tmp_path).days() else Counter()
        assert held <= wanted
    assert kills
    subprocess.run(command, check=True, timeout=120, stdout=subprocess.DEVNULL)
    assert Counter(messages(tmp_path)) == wanted
    assert len({(row["frame_id"], row["frame_seq"]) for row in rows(tmp_path)}) == sum(wanted.values())
    assert not ArchiveFolder(tmp_path).staging.exists()
