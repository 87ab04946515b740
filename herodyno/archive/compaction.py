"""Staged rows become the files of their days: each line once, sorted, with its dyno id. Done twice, it changes nothing.

Order of writes: the staged rows, then each day's file, then the incarnations, and only then may
a caller drop what the rows came from. A kill in between leaves whole days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from herodyno.archive.each_line_once import rows_once
from herodyno.archive.engines.duckdb import DuckDB, engine
from herodyno.archive.folder import US_PER_DAY, US_PER_SECOND, ArchiveFolder, days_around
from herodyno.archive.frame_lines import frame_lines
from herodyno.archive.incarnation_ids import DynoIds, incarnation_row, incarnations_on
from herodyno.archive.journal import REMEMBERED_SECONDS, Journal
from herodyno.archive.parquet import Batch, events_schema, incarnations_schema, rows_in, table_of_records, write
from herodyno.archive.records import Frame
from herodyno.archive.staging import Staging, staged
from herodyno.logs.decoding.lines import Year
from herodyno.operations.state_files import make_folder
from herodyno.units import days_to

# A dyno lives a day and more, so lines of two days before and after tell of the dynos of a day. The days beside those
# that get lines are written anew, too.
_DAYS_AROUND = 3


class Compacted(NamedTuple):
    """What a write did: the days it touched, the lines given, the lines in these days before and after."""

    days: tuple[str, ...]
    given: int
    before: int
    after: int

    @property
    def added(self) -> int:
        """The lines that are new. The others stood in the archive before."""
        return self.after - self.before


def compact_frames(folder: ArchiveFolder, frames: Iterable[Frame], *, year: Year) -> Compacted:
    """Compact the frames of sealed journals. Once this returns, the journals are no longer needed for their lines.

    A line without a time has that of when it was received.
    """
    with folder.writing():
        staging = Staging(folder, "drain")
        for frame in frames:
            for seq, (line, came) in enumerate(frame_lines(frame, year)):
                staging.add(line, came._replace(frame_seq=seq))
        staging.flush()
        return merge(folder, [staging])


def compact_journal(
    folder: ArchiveFolder, journal: Journal, *, now: datetime, damage: Callable[[Path, int], None]
) -> Compacted:
    """Compact the sealed files of a journal, and remove those of which a receiver no longer needs to know the frames.

    A kill at any moment loses nothing: a file is removed after the days are on the disk, and is compacted again until
    then. `damage` is told how many bytes of a file cannot be read; such a file stays, for a person to look at.
    """
    newest: dict[Path, int] = {}
    damaged: set[Path] = set()

    def tell(path: Path, lost: int) -> None:
        damaged.add(path)
        damage(path, lost)

    def frames() -> Iterator[Frame]:
        for path in journal.sealed():
            newest[path] = 0
            for frame in journal.read(path, damage=partial(tell, path)):
                newest[path] = max(newest[path], frame.received_us)
                yield frame

    done = compact_frames(folder, frames(), year=now)
    for path, received_us in newest.items():
        if path not in damaged and received_us / US_PER_SECOND + REMEMBERED_SECONDS < now.timestamp():
            path.unlink(missing_ok=True)
    return done


def merge(folder: ArchiveFolder, stagings: Sequence[Staging]) -> Compacted:
    """Join staged rows with the days they are of. The caller is the one writer."""
    days = sorted({day for staging in stagings for day in staging.days})
    given = sum(staging.lines for staging in stagings)
    if not days:
        return Compacted((), given, 0, 0)
    before = _count(folder, days)
    first, last = days_around(days, _DAYS_AROUND, _DAYS_AROUND)
    around = folder.files(first, last) + [path for day in days for path in staged(folder, day)]
    with engine(around, only_sorts=True) as found:
        ids = DynoIds(found)
        # A line of a later day may tell how a dyno of the day before ended, and the id that it had.
        beside = set(folder.days()) & set(days_around(days, 1, 1))
        for day in sorted({*days, *beside}):
            _write_day(folder, day, found, ids)
    return Compacted(tuple(days), given, before, _count(folder, days))


def _write_day(folder: ArchiveFolder, day: str, found: DuckDB, ids: DynoIds) -> None:
    kept = [folder.events(day)] if folder.events(day).exists() else []
    make_folder(folder.events(day).parent)
    write(folder.events(day), events_schema(), map(ids.assigned, rows_once(found, kept, staged(folder, day))))
    make_folder(folder.incarnations(day).parent)
    write(folder.incarnations(day), incarnations_schema(), [_incarnations(day, ids)])


def _incarnations(day: str, ids: DynoIds) -> Batch:
    first_us = days_to(day) * US_PER_DAY
    rows = [incarnation_row(app, own) for app, own in incarnations_on(ids, first_us, first_us + US_PER_DAY)]
    return table_of_records(rows, incarnations_schema())


def _count(folder: ArchiveFolder, days: Sequence[str]) -> int:
    return sum(rows_in(folder.events(day)) for day in days if folder.events(day).exists())
