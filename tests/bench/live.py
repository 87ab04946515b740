"""What a view that stays open costs while nothing, or the usual, happens: its share of a processor, its memory."""

from __future__ import annotations

import os
import pty
import signal
import sys
import tempfile
import termios
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from herodyno.sandbox.doors.server import Server
from herodyno.sandbox.incidents.scenarios import duration, scenario
from tests.bench.commands import herodyno
from tests.bench.measure import surroundings
from tests.bench.rows import table

SCENARIO = "one-bad-dyno"
HEADINGS = ["what stays open", "of one processor", "peak memory", "target"]
SETTLES, WATCHED = 10.0, 30.0  # seconds
_TICKS = os.sysconf("SC_CLK_TCK")


def compare() -> str:
    """The table. Linux only: the figures are those of /proc."""
    rows = []
    for pace, kind in ((0.0, "a quiet app"), (1.0, "an app of 7 lines a second")):
        world = scenario(SCENARIO, start=datetime.now(UTC) - timedelta(seconds=duration(SCENARIO)))
        with Server(world, speed=pace) as server, tempfile.TemporaryDirectory() as home:
            environ = surroundings(home) | server.environment
            for words in (["top"], ["diagnose", "--watch", "30s"], ["ps", "--watch", "2s"]):
                share, peak_mb = _measured(herodyno(*words), environ)
                target = "5 %" if pace == 0.0 else ""
                cells = [f"`{' '.join(words)}`, {kind}", f"{share * 100:.1f} %", f"{peak_mb:.0f} MiB", target]
                rows.append(cells)
    return table(HEADINGS, rows)


def _measured(words: list[str], environ: dict[str, str]) -> tuple[float, float]:
    """(share of one processor, peak memory in MiB) of a command on a terminal of 80 by 24."""
    pid, terminal = pty.fork()
    if not pid:
        os.execvpe(words[0], words, environ)
    termios.tcsetwinsize(terminal, (24, 80))
    threading.Thread(target=_read, args=(terminal,), daemon=True).start()
    time.sleep(SETTLES)
    before = _seconds(pid)
    time.sleep(WATCHED)
    share = (_seconds(pid) - before) / WATCHED
    peak_kb = next(
        int(line.split()[1])
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    )
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
    os.close(terminal)
    return share, peak_kb / 1024


def _read(terminal: int) -> None:
    with suppress(OSError):
        while os.read(terminal, 1 << 16):
            pass


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


if __name__ == "__main__":
    sys.stdout.write(compare() + "\n")
