"""Cuts large log files into parts that are read side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from herodyno.diagnosis.counting.one_pass import Log
from herodyno.logfiles.opened import CHUNK, Logs
from herodyno.logfiles.progress import Progress, ShowProgress
from herodyno.logs.scan.blocks import Blocks, batches, line_blocks
from herodyno.logs.scan.cuts import WINDOW, cut_place

if TYPE_CHECKING:
    from herodyno.logfiles.repeats import Repeats

# Below this size a second process costs more than it saves, since its counts must be sent.
LEAST_BYTES = 16 << 20
# To merge the counts of a part takes as long as to read so many bytes, measured on fifty dynos. Parts are read side by
# side, but merged in turn. So the best number of parts grows with the root of the size only.
MERGED_BYTES = 7 << 20
_UNPACKED_TIMES = 5  # a guess: how much larger a packed log is when unpacked


@dataclass(frozen=True)
class FilePart:
    """The lines of a plain file between two offsets in bytes, both at the start of a line or the end of the file."""

    path: str
    start: int
    end: int

    def __call__(self) -> Iterator[bytes]:
        return line_blocks(self._chunks(), goes_on=self.start > 0)

    def _chunks(self) -> Iterator[bytes]:
        with Path(self.path).open("rb") as file:
            file.seek(self.start)
            left = self.end - self.start
            while left > 0 and (chunk := file.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk


@dataclass(frozen=True)
class PackedFile:
    """The lines of a packed file."""

    path: str

    def __call__(self) -> Iterator[bytes]:
        with Logs([self.path], year=1970) as logs:
            yield from line_blocks(logs.chunks(self.path))


def log_in(
    logs: Logs,
    show: ShowProgress | None = None,
    repeats: Repeats | None = None,
    meanwhile: Callable[[], object] | None = None,
) -> Log:
    """The logs as the pass reads them. Large logs of text lines are read by several processes.

    `show` is called with the progress; None for no progress. `repeats` says what several logs hold twice. `meanwhile`
    is called once other processes read.
    """
    names = logs.text_names()
    if names is None:
        lines = repeats.lines if repeats else logs.lines
        return Log(logs=[lambda: batches(lines())], year=logs.year, remarks=repeats.remarks if repeats else tuple)
    names = repeats.names if repeats else names
    packed = {name for name in names if logs.is_packed(name)}
    # What is said of a packed log names it, so only one with a name of its own is read in parts.
    own = {name: path for name in names if (path := logs.path(name)) and (path == name or name not in packed)}
    sizes = {name: Path(path).stat().st_size for name, path in own.items()}
    total = sum(size * _UNPACKED_TIMES if name in packed else size for name, size in sizes.items())
    progress = Progress(show, None if packed or len(sizes) < len(names) else total) if show else None
    # In this process, a packed log that ends early is noted by `logs`.
    whole: list[Blocks] = [
        partial(repeats.batches, name) if repeats and repeats.has_repeats(name) else partial(_kept_lines, logs, name)
        for name in names
    ]
    remarks = repeats.remarks if repeats else tuple
    if progress:
        whole = [partial(progress.through, log) for log in whole]
    if total < LEAST_BYTES or len(sizes) < len(names) or (repeats and repeats.overlaps):
        return Log(logs=whole, year=logs.year, remarks=remarks, end=partial(_end, logs))
    from herodyno.logfiles.packed_parts import packed_parts
    from herodyno.logfiles.processes import processes, side_by_side  # slow to import, so not for small logs

    count = min(processes(), max(2, round(sqrt(total / MERGED_BYTES))))
    parts: list[Blocks] = []
    for name in names if count > 1 else ():
        if name in packed:
            parts += (packed_parts(name) if len(names) == 1 else []) or [PackedFile(name)]
        else:
            logs.judge_end(name)
            parts += parts_of(own[name], sizes[name], max(1, round(count * sizes[name] / max(1, total))))
    spread = side_by_side(progress.at if progress else None, meanwhile)
    return Log(logs=whole, year=logs.year, parts=parts, spread=spread, remarks=remarks, end=partial(_end, logs))


def _end(logs: Logs) -> datetime | None:
    from herodyno.logfiles.last_time import end_of  # start-up counts

    return end_of(logs)


def _kept_lines(logs: Logs, name: str) -> Iterator[bytes]:
    return line_blocks(logs.chunks(name))


def parts_of(path: str, size: int, count: int) -> list[FilePart]:
    """The file in at most `count` parts of about equal size; fewer where no place to cut is found."""
    cuts = [0]
    with Path(path).open("rb") as file:
        for number in range(1, count):
            near = size * number // count
            file.seek(near)
            place = cut_place(file.read(WINDOW))
            if place is not None:
                cuts.append(near + place)
    return [FilePart(path, start, end) for start, end in zip(cuts, [*cuts[1:], size], strict=True)]
