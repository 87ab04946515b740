"""What the servers use that a benchmark started: their processor time and their peak memory, by /proc of Linux."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")
_NAME_END = ") "


class Used(NamedTuple):
    """Seconds of processor time so far, and the sum of each process's peak memory in MiB."""

    cpu: float
    peak_mb: float


def used_by_others() -> Used:
    """The use of all processes that descend from this one. Zero where there is no /proc."""
    every = {int(path.name): _fields(int(path.name)) for path in Path("/proc").glob("[0-9]*")}
    parents = {number: int(fields[1]) for number, fields in every.items() if fields}
    ours = [number for number in parents if _descends(number, parents)]
    return Used(sum(_seconds(every[number]) for number in ours), sum(map(_peak_mb, ours)))


def cpu_of(number: int) -> float:
    """The seconds of processor time of one process so far. Zero where there is no /proc."""
    return _seconds(_fields(number))


def _fields(number: int) -> list[str]:
    """What /proc says of a process behind its name; nothing of one that ended."""
    with suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text().rpartition(_NAME_END)[2].split()
    return []


def _seconds(fields: list[str]) -> float:
    return sum(map(int, fields[11:13])) / _TICKS


def _descends(number: int, parents: dict[int, int]) -> bool:
    while number in parents:
        number = parents[number]
        if number == os.getpid():
            return True
    return False


def _peak_mb(number: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{number}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0
