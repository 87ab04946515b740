"""Measures whole processes from outside: wall clock, processor time, peak memory."""

from __future__ import annotations

import os
import pty
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# With these a Python program writes its byte code elsewhere or not at all, or each line at once: another program than
# the one people run.
DISTORTING = (
    "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONUNBUFFERED", "PYTHONPROFILEIMPORTTIME", "PYTHONMALLOC",
)  # fmt: skip


class Cost(NamedTuple):
    """The cost of one run: seconds until its end, until its last output and of processor time; peak memory in MiB."""

    wall: float
    to_last: float
    cpu: float
    peak_mb: float


@dataclass(frozen=True)
class Command:
    """What to run. With `terminal`, stdout is a pseudo-terminal. `codes` are the exit codes that are no failure."""

    words: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict)
    terminal: bool = False
    codes: Sequence[int] = (0,)


def surroundings(home: str) -> dict[str, str]:
    """The environment of every measured command: ours without what distorts, and with an empty home."""
    kept = {name: value for name, value in os.environ.items() if name not in DISTORTING}
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        kept.pop(name, None)
    return {**kept, "HOME": home, "LANG": "C.UTF-8", "COLUMNS": "120", "TERM": "xterm-256color"}


# A new process counts the memory of the one that began it as its own peak, so a small one begins them all.
_BEGIN = """
import os, sys, time
report = int(sys.argv[1])
os.set_inheritable(report, False)
began = time.perf_counter()
process = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(process, 0)
wall = time.perf_counter() - began
words = (began, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))
os.write(report, " ".join(map(str, words)).encode())
"""


def once(command: Command, environ: Mapping[str, str]) -> Cost:
    """Run the command once. Raises RuntimeError with its last words when it fails."""
    ours, theirs = pty.openpty() if command.terminal else os.pipe()
    report, written = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _BEGIN, str(written), *command.words], env={**environ, **command.environ},
        stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE, pass_fds=[written],
    )  # fmt: skip
    os.close(theirs)
    os.close(written)
    last = 0.0
    try:
        while os.read(ours, 1 << 16):
            last = time.perf_counter()
    except OSError:
        pass  # how a pseudo-terminal ends
    finally:
        os.close(ours)
    _, said = process.communicate()
    numbers = os.read(report, 1000).split()
    os.close(report)
    began, wall, cpu, peak_mb = map(float, numbers[:4])
    if int(numbers[4]) not in command.codes:
        raise RuntimeError(f"{' '.join(command.words)}: exit {int(numbers[4])}: {said[-500:].decode()}")
    return Cost(wall, max(0.0, last - began), cpu, peak_mb)


def in_turn(commands: Mapping[str, Command], environ: Mapping[str, str], rounds: int) -> dict[str, Cost]:
    """The medians of `rounds` runs of each command, in turn (A B C A B C …). A first run of each does not count."""
    runs: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            cost = once(command, environ)
            if number:
                runs[name].append(cost)
    return {
        name: Cost(*(statistics.median(column) for column in zip(*costs, strict=True))) for name, costs in runs.items()
    }
