"""An archive of a week: what it costs to fill it, and how large it is. Each row is a whole process with its start."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from herodyno.archive.journal import Journal
from herodyno.archive.records import Frame
from tests.bench.commands import herodyno
from tests.bench.measure import Command, once, surroundings
from tests.bench.rows import shown, table, told
from tests.bench.week import write_week

HEADINGS = ["what", "time", "cpu", "lines a second of cpu", "peak memory"]
FRAME_LINES = 430
COMPACTED_LINES = 200_000


def compare(folder: Path, sizes: list[int]) -> str:
    """The table for archives of so many lines."""
    return table(HEADINGS, told(row for size in sizes for row in _rows(folder, size)))


def _rows(folder: Path, size: int) -> Iterator[list[str]]:
    log, archive = folder / f"week-{size}.log", folder / f"imported-{size}"
    if not log.exists():
        write_week(log, size)
    journal = folder / f"received-{size}"
    for earlier in (archive, journal):
        shutil.rmtree(earlier, ignore_errors=True)
    name = f"{size / 1e6:g}M lines"
    at = ["--archive", str(archive), "--app", "shop"]
    yield _row(
        f"import of {name}, {log.stat().st_size / 1e6:,.0f} MB", ["archive", "import", str(log), *at], folder, size
    )
    stored = sum(path.stat().st_size for path in archive.glob("events/*/*.parquet"))
    yield [f"disk for {name}", "", "", "", f"{stored / 1e6:,.0f} MB"]
    lines = _received(journal, log)
    yield _row(
        f"compaction of {lines:,} received lines", ["archive", "compact", "--archive", str(journal)], folder, lines
    )


def _row(what: str, words: list[str], folder: Path, lines: int) -> list[str]:
    cost = once(Command(herodyno(*words)), surroundings(str(folder)))
    return [what, shown(cost, "wall"), shown(cost, "cpu"), f"{lines / cost.cpu:,.0f}", shown(cost, "peak_mb")]


def _received(archive: Path, log: Path) -> int:
    """A journal of the first lines of a log, in frames as Logplex fills them."""
    journal, frames, number = Journal(archive / "journal"), [], 0
    with log.open("rb") as file:
        while number < COMPACTED_LINES and (lines := [line for _, line in zip(range(FRAME_LINES), file, strict=False)]):
            number += len(lines)
            body = b"".join(b"%d %b" % (len(each), each) for each in map(_framed, lines))
            frames.append(Frame(time.time_ns() // 1000, "shop", "d.1", f"{number:032x}", body, messages=len(lines)))
    journal.append(frames)
    journal.close()
    return number


def _framed(line: bytes) -> bytes:
    stamp, head, text = line.split(b" ", 2)
    source, _, proc = head.removesuffix(b"]:").partition(b"[")
    return b"<190>1 %b host %b %b - %b" % (stamp, source, proc, text)
