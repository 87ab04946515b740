"""The receiver as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from herodyno.archive.receive.listening import listen


@contextmanager
def serving(archive: Path, port: int, *words: str) -> Iterator[subprocess.Popen[str]]:
    """The receiver as a process that listens."""
    line = [sys.executable, "-m", "herodyno", "archive", "receive", "--archive", str(archive), "--port", str(port)]
    line += ["--no-compact", *words]  # a second process is not what is tested
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        try:
            assert process.stderr.readline() == f"receiving at http://127.0.0.1:{port}/; Ctrl-C ends it\n"
            yield process
        finally:
            process.kill()


def free_port() -> int:
    with listen("127.0.0.1", 0) as taken:
        return int(taken.getsockname()[1])
