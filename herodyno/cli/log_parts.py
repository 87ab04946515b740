"""Large files of log, cut into parts that processes read side by side, and how far they are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from herodyno.cli.log_input import Logs
from herodyno.cli.log_progress import Progress
from herodyno.diagnosis.scanned import Part, ScannedLogs, Spread
from herodyno.logs.blocks import Blocks, line_blocks
from herodyno.logs.parts import WINDOW, quiet_place
from herodyno.render.output import Output

CHUNK = 1 << 18
# Below this a second process costs more than it saves: it must load Python and the program first.
LEAST_BYTES = 50 << 20
MOST_PROCESSES = 8
_UNPACKED_TIMES = 5  # how much larger the lines of a packed log are, for a guess
_ASK_SECONDS = 0.25

_bytes_read: Any = None  # in a process of a pool: what all of them have read


@dataclass(frozen=True)
class FilePart:
    """The lines of a plain file between two places, from the start of a line to the end of another."""

    path: str
    start: int
    end: int

    def __call__(self) -> Iterator[bytes]:
        return line_blocks(self._chunks())

    def _chunks(self) -> Iterator[bytes]:
        with Path(self.path).open("rb") as file:
            file.seek(self.start)
            left = self.end - self.start
            while left > 0 and (chunk := file.read(min(CHUNK, left))):
                left -= len(chunk)
                if _bytes_read is not None:
                    with _bytes_read.get_lock():
                        _bytes_read.value += len(chunk)
                yield chunk


@dataclass(frozen=True)
class PackedFile:
    """The lines of a packed file."""

    path: str

    def __call__(self) -> Iterator[bytes]:
        with Logs([self.path], year=1970) as logs:
            yield from line_blocks(logs.chunks(self.path))


def scanned(logs: Logs, output: Output) -> ScannedLogs | None:
    """The logs as the one pass reads them, large ones by several processes; None unless all are lines of text."""
    names = logs.text_names()
    if names is None:
        return None
    sizes = {name: Path(name).stat().st_size for name in names if logs.is_file(name)}
    packed = {name for name in names if logs.is_packed(name)}
    total = sum(size * _UNPACKED_TIMES if name in packed else size for name, size in sizes.items())
    parts: list[Blocks] = []
    for name in names:
        if name not in sizes:
            parts.append(partial(_kept_lines, logs, name))
        elif name in packed:
            parts.append(PackedFile(name))
        else:
            count = round(processes() * sizes[name] / total) if total >= LEAST_BYTES else 1
            parts += parts_of(name, sizes[name], max(1, count))
    progress = Progress(output, None if packed or len(sizes) < len(names) else total)
    if total >= LEAST_BYTES and len(parts) > 1 and len(sizes) == len(names) and processes() > 1:
        return ScannedLogs(parts, year=logs.year, spread=side_by_side(progress.at))
    # Read in this process, they tell through the output when they end early.
    parts = [partial(_kept_lines, logs, part.path) if isinstance(part, PackedFile) else part for part in parts]
    if output.shows_progress:
        parts = [partial(progress.through, part) for part in parts]
    return ScannedLogs(parts, year=logs.year)


def _kept_lines(logs: Logs, name: str) -> Iterator[bytes]:
    return line_blocks(logs.chunks(name))


def parts_of(path: str, size: int, count: int) -> list[FilePart]:
    """The file in about `count` equal parts; fewer where no place to cut is found."""
    cuts = [0]
    with Path(path).open("rb") as file:
        for number in range(1, count):
            near = size * number // count
            file.seek(near)
            place = quiet_place(file.read(WINDOW))
            if place is not None:
                cuts.append(near + place)
    return [FilePart(path, start, end) for start, end in zip(cuts, [*cuts[1:], size], strict=True)]


def processes() -> int:
    """How many processes this machine runs at once."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, MOST_PROCESSES)


def side_by_side(told: Callable[[int], None]) -> Spread:
    """Read logs in a process each; `told` hears now and then how many bytes have been read."""

    def spread(work: Callable[[Blocks], Part], logs: Sequence[Blocks]) -> Iterable[Part]:
        context = get_context("spawn")  # a fork would copy the threads' locks
        read = context.Value("q", 0)
        with ProcessPoolExecutor(processes(), context, _share, (read,)) as pool:
            futures = [pool.submit(work, log) for log in logs]
            while wait(futures, _ASK_SECONDS).not_done:
                told(read.value)
            return [future.result() for future in futures]

    return spread


def _share(read: Any) -> None:
    global _bytes_read  # the pool hands a shared value to its processes no other way
    _bytes_read = read
