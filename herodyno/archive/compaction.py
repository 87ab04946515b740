"""Staged rows become the files of their days: each line once, sorted, with its dyno id. Done twice, it changes nothing.

What drains brought is added to a day as a segment, with the dyno ids that are known by then. A day that is past and
quiet, or has many segments, is merged into one file, and its dyno ids are assigned anew. An import writes days anew.
Order of writes: the staged rows, then each day's file, then the incarnations, and only then may a caller drop what the
rows came from. A kill in between leaves whole files, of which a reader takes each line once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from herodyno.archive.durable import keep_folder
from herodyno.archive.engines.duckdb import DuckDB, engine
from herodyno.archive.folder import ArchiveFolder, day_of, days_around, microseconds
from herodyno.archive.incarnation_ids import DynoIds, incarnations_on
from herodyno.archive.journal import Journal
from herodyno.archive.merging.each_line_once import rows_once, rows_to_add
from herodyno.archive.otlp.metric_lines import MetricNames
from herodyno.archive.parquet.columns import (
    events_schema,
    held_in,
    incarnations_schema,
    listed_in,
    rows_in,
    whole_day_schema,
)
from herodyno.archive.parquet.files import keep_little_memory, write
from herodyno.archive.parquet.tables import Batch, table_of_records
from herodyno.archive.records import Frame
from herodyno.archive.staging.frames import stage_frames
from herodyno.archive.staging.staged import Staging, staged
from herodyno.units import US_PER_DAY, days_to

# A dyno lives a day and more, so lines of two days before and after tell of the dynos of a day. The days beside those
# that get lines are written anew, too.
_DAYS_AROUND = 3
# Ours: segments of a day, of which each query opens all.
MOST_SEGMENTS = 32
# Ours: lines come late when a drain or a receiver was down.
SEALED_AFTER = timedelta(hours=2)


class Compacted(NamedTuple):
    """What a write did: the days it touched, the lines given, the lines in these days before and after.

    `undated` are lines before the first with a time, which have that time, `left_out` those that no day can take. Of an
    import, `without_year` lines have a guessed year, `without_offset` lines were taken for UTC.
    """

    days: tuple[str, ...]
    given: int
    before: int
    after: int
    undated: int = 0
    left_out: int = 0
    without_year: int = 0
    without_offset: int = 0

    @property
    def added(self) -> int:
        """The lines that are new. The others stood in the archive before."""
        return self.after - self.before


def compact_frames(
    folder: ArchiveFolder, frames: Iterable[Frame], *, now: datetime, names: MetricNames | None = None
) -> Compacted:
    """Compact the frames of sealed journals. Once this returns, the journals are no longer needed for their lines.

    A line without a time has that of when it was received.
    """
    keep_little_memory()
    with folder.writing():
        staging = Staging(folder, "drain")
        stage_frames(staging, frames, now, names)
        done = add(folder, staging)
        seal(folder, now=now, busy=done.days)
        return done


def compact_journal(
    folder: ArchiveFolder,
    journal: Journal,
    *,
    now: datetime,
    damage: Callable[[Path, int], None],
    names: MetricNames | None = None,
) -> Compacted:
    """Compact the sealed files of a journal, and remove those of which a receiver no longer needs to know the frames.

    A kill at any moment loses nothing: that a file is done is noted after its days are on the disk. `damage` is told
    how many bytes of a file cannot be read; such a file stays, for a person to look at. `names` takes in the names of
    metrics that telemetry drains sent.
    """
    newest: dict[Path, int] = {}
    damaged: set[Path] = set()

    def tell(path: Path, lost: int) -> None:
        damaged.add(path)
        damage(path, lost)

    def frames() -> Iterator[Frame]:
        for path in journal.waiting():
            newest[path] = 0
            for frame in journal.read(path, damage=partial(tell, path)):
                newest[path] = max(newest[path], frame.received_us)
                yield frame

    done = compact_frames(folder, frames(), now=now, names=names)
    journal.done({path: received_us for path, received_us in newest.items() if path not in damaged}, now=now)
    return done


def add(folder: ArchiveFolder, staging: Staging) -> Compacted:
    """Add staged rows of drains to their days. The caller is the one writer."""
    days = sorted(staging.days)
    if not days:
        return Compacted((), staging.lines, 0, 0)
    before = _count(folder, days)
    for day in days:
        _add_to_day(folder, day)
    return Compacted(tuple(days), staging.lines, before, _count(folder, days))


def _add_to_day(folder: ArchiveFolder, day: str) -> None:
    kept, rows = folder.files_of(day), staged(folder, day)
    first, last = days_around([day], 1, 1)
    with engine([*folder.files(first, last), *rows], staging=folder.staging) as found:
        ids = _dyno_ids(folder, found, first, last)
        new = rows_to_add(found, kept, rows, folder.staging)
        if new is None:
            _write_day(folder, day, found, ids)
            return
        keep_folder(folder.events(day).parent)
        if (batch := next(new, None)) is not None:
            write(folder.next_segment(day), events_schema(), map(ids.assigned, chain([batch], new)))
        _write_incarnations(folder, day, ids)


def seal(folder: ArchiveFolder, *, now: datetime, busy: Collection[str] = ()) -> None:
    """Merge the days that are past and got no line, and those of many segments. The caller is the one writer."""
    past = day_of(microseconds(now - SEALED_AFTER))
    for day in folder.days():
        folder.sweep(day)
        segments = folder.segments(day)
        is_past = day < past and day not in busy
        if len(segments) > MOST_SEGMENTS or (is_past and (segments or _has_later_lists(folder, day))):
            first, last = days_around([day], _DAYS_AROUND, _DAYS_AROUND)
            with engine(folder.files(first, last), staging=folder.staging) as found:
                _write_day(folder, day, found, _dyno_ids(folder, found, first, last))


def _has_later_lists(folder: ArchiveFolder, day: str) -> bool:
    """Whether the API's lists of a day came, or grew, after the day was written."""
    size = folder.lists.size(day)
    return size > 0 and size != listed_in(folder.events(day))


def _dyno_ids(folder: ArchiveFolder, found: DuckDB, first: str, last: str) -> DynoIds:
    return DynoIds(found, lambda app: folder.lists.read(app, first, last))


def merge(folder: ArchiveFolder, stagings: Sequence[Staging]) -> Compacted:
    """Join staged rows with the days they are of. The caller is the one writer."""
    days = sorted({day for staging in stagings for day in staging.days})
    given = sum(staging.lines for staging in stagings)
    if not days:
        return Compacted((), given, 0, 0)
    before = _count(folder, days)
    first, last = days_around(days, _DAYS_AROUND, _DAYS_AROUND)
    around = folder.files(first, last) + [path for day in days for path in staged(folder, day)]
    with engine(around, staging=folder.staging) as found:
        ids = _dyno_ids(folder, found, first, last)
        # A line of a later day may tell how a dyno of the day before ended, and the id that it had.
        beside = set(folder.days()) & set(days_around(days, 1, 1))
        for day in sorted({*days, *beside}):
            _write_day(folder, day, found, ids)
    return Compacted(tuple(days), given, before, _count(folder, days))


def _write_day(folder: ArchiveFolder, day: str, found: DuckDB, ids: DynoIds) -> None:
    kept = folder.files_of(day)
    held = max((int(path.stem) for path in folder.segments(day)), default=0)
    if folder.events(day).exists():
        held = max(held, held_in(folder.events(day)))
    keep_folder(folder.events(day).parent)
    rows = rows_once(found, kept, staged(folder, day), folder.staging)
    write(folder.events(day), whole_day_schema(held, folder.lists.size(day)), map(ids.assigned, rows))
    folder.sweep(day)
    _write_incarnations(folder, day, ids)


def _write_incarnations(folder: ArchiveFolder, day: str, ids: DynoIds) -> None:
    keep_folder(folder.incarnations(day).parent)
    write(folder.incarnations(day), incarnations_schema(), [_incarnations(day, ids)])


def _incarnations(day: str, ids: DynoIds) -> Batch:
    first_us = days_to(day) * US_PER_DAY
    rows = list(incarnations_on(ids, first_us, first_us + US_PER_DAY))
    return table_of_records(rows, incarnations_schema())


def _count(folder: ArchiveFolder, days: Sequence[str]) -> int:
    return sum(rows_in(path) for day in days for path in folder.files_of(day))
