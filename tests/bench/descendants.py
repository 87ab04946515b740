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
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            _, _, rest = path.read_text().rpartition(_NAME_END)
            fields = rest.split()
            number = int(path.parent.name)
            parents[number], ticks[number] = int(fields[1]), int(fields[11]) + int(fields[12])
    ours = [number for number in parents if _descends(number, parents)]
    return Used(sum(ticks[number] for number in ours) / _TICKS, sum(map(_peak_mb, ours)))


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
