"""herodyno in a real pseudo-terminal, as the foreground job of a shell, with a screen to look at."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyte

JOB_CONTROL = Path(__file__).parent / "job_control.py"
PATIENCE = 15.0


class Terminal:
    """A pseudo-terminal of 100 by 30 with one job in its foreground."""

    def __init__(self, words: list[str], environ: Mapping[str, str], folder: Path) -> None:
        self.outside, self.inside = os.openpty()
        fcntl.ioctl(self.inside, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self._report = folder / "report.json"
        self._job = subprocess.Popen(
            [sys.executable, str(JOB_CONTROL), str(self._report), sys.executable, "-m", "herodyno", *words],
            stdin=self.inside, stdout=self.inside, stderr=self.inside, start_new_session=True,
            env={**environ, "PATH": os.environ["PATH"], "HOME": str(folder)},
        )  # fmt: skip
        self.shown = b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while True:
                if select.select([self.outside], [], [], 0.2)[0]:
                    self.shown += os.read(self.outside, 65536)

    def type(self, keys: bytes) -> None:
        os.write(self.outside, keys)

    def hang_up(self) -> None:
        """The person closes the window."""
        os.close(self.inside)
        outside, self.outside = self.outside, -1
        self._reader.join(1)
        os.close(outside)

    @property
    def is_raw(self) -> bool:
        return not termios.tcgetattr(self.inside)[3] & (termios.ICANON | termios.ECHO | termios.ISIG)

    @property
    def report(self) -> dict[str, Any]:
        return dict(json.loads(self._report.read_text())) if self._report.exists() else {}

    def kill(self, number: signal.Signals) -> None:
        """Send herodyno a signal."""
        self.wait_for(lambda: "pid" in self.report)
        os.kill(self.report["pid"], number)

    def wait_for(self, holds: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, f"in vain; the terminal showed {self.shown!r}"
            time.sleep(0.01)

    def wait_for_text(self, text: bytes) -> None:
        self.wait_for(lambda: text in self.shown)

    def end(self) -> int:
        """Wait for the end, check that the terminal is as it was, and give the exit status."""
        self.wait_for(lambda: "status" in self.report)
        self._job.wait(PATIENCE)
        assert self.report["after"] in (self.report["before"], "gone")
        return int(self.report["status"])

    @property
    def screen(self) -> list[str]:
        """The lines a person sees, without the empty ones at the end."""
        screen = pyte.Screen(100, 30)
        pyte.ByteStream(screen).feed(self.shown)
        return "\n".join(line.rstrip() for line in screen.display).rstrip().split("\n")

    def close(self) -> None:
        self._job.kill()
        self._job.wait()
        for descriptor in (self.inside, self.outside):
            with contextlib.suppress(OSError):
                os.close(descriptor)
        self._reader.join(2)


@contextlib.contextmanager
def terminal(words: list[str], environ: Mapping[str, str], folder: Path) -> Iterator[Terminal]:
    """A terminal in which `herodyno WORDS` runs; it is gone afterwards, whatever happened."""
    opened = Terminal(words, environ, folder)
    try:
        yield opened
    finally:
        opened.close()
