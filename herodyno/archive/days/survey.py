"""What an archive holds: its apps, its days, its size; and whether each file is as this herodyno writes it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from herodyno.archive.engines.duckdb import engine
from herodyno.archive.folder import ArchiveFolder, day_of
from herodyno.archive.journal import Journal
from herodyno.archive.parquet.columns import has_incarnations, is_ours
from herodyno.archive.parquet.files import require_undamaged
from herodyno.archive.rows import time_of
from herodyno.errors import Refused

_APPS = """
SELECT app, count(*), min(ts_us), max(ts_us), count(DISTINCT dyno), count(dyno), count(dyno_uuid)
FROM events GROUP BY app ORDER BY app
"""
_SOUND = """
SELECT count(*), min(ts_us), max(ts_us), count(frame_id),
  count(DISTINCT CASE WHEN frame_id IS NOT NULL
    THEN concat(drain_token, ' ', frame_id, ' ', CAST(frame_seq AS VARCHAR)) END)
FROM events
"""


OPEN_TO_OTHERS = "others may read it: chmod 600"
NOT_READABLE = "this user may not read it; nothing is known of its lines"
_OTHER_COLUMNS = "its columns are not those of this herodyno"


class AppSurvey(NamedTuple):
    """One app. `of_dynos` lines name a dyno, `with_id` of them have a dyno id."""

    app: str
    lines: int
    first: datetime
    last: datetime
    dynos: int
    of_dynos: int
    with_id: int


class Survey(NamedTuple):
    """An archive. `bytes` is the size of its Parquet. `open_days` have `segments` that no merge took in yet.

    `journals` is how many sealed journals wait for compaction, `waiting_since` when the oldest one began, or the one
    that is being written.
    """

    apps: tuple[AppSurvey, ...]
    days: tuple[str, ...]
    bytes: int
    open_days: tuple[str, ...]
    segments: int
    journals: int
    waiting_since: datetime | None


class Flaw(NamedTuple):
    """A file that is not as it should be."""

    file: str
    what: str


def survey(folder: ArchiveFolder) -> Survey:
    """What the archive holds. Raises NotFound for a folder without a line."""
    folder.require()
    days, files = folder.days(), folder.files()
    with engine(files) as found:
        apps = tuple(
            AppSurvey(app, lines, time_of(first), time_of(last), *rest)
            for app, lines, first, last, *rest in found.rows(_APPS)
        )
    every = [*files, *(folder.incarnations(day) for day in days if folder.incarnations(day).exists())]
    size = sum(path.stat().st_size for path in every)
    segments = [path for path in files if path.stem.isdigit()]
    open_days = sorted({path.parent.name.removeprefix("day=") for path in segments})
    journal = Journal(folder.root / "journal")
    waiting = len(journal.waiting()), journal.waiting_since()
    return Survey(apps, tuple(days), size, tuple(open_days), len(segments), *waiting)


def verified(folder: ArchiveFolder) -> Iterator[tuple[Path, int, list[str]]]:
    """(file, its lines, what is wrong with it) of each file of each day, every byte read.

    Raises NotFound without a line.
    """
    folder.require(whole=False)
    for day in folder.days():
        lists = [(folder.incarnations(day), _incarnations)]
        for path, read in [*((path, _events) for path in folder.files_of(day)), *lists]:
            try:
                require_undamaged(path)
                lines, wrong = read(path, day)
            except Refused as error:
                lines, wrong = 0, [error.message]
            except PermissionError:
                lines, wrong = 0, [NOT_READABLE]
            if os.name == "posix" and path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
                wrong.append(OPEN_TO_OTHERS)
            yield path, lines, wrong


def _incarnations(path: Path, _: str) -> tuple[int, list[str]]:
    return 0, [] if has_incarnations(path) else [_OTHER_COLUMNS]


def _events(path: Path, day: str) -> tuple[int, list[str]]:
    with engine([path]) as found:
        ((lines, first, last, framed, frames),) = found.rows(_SOUND)
    wrong = []
    if not is_ours(path):
        wrong.append(_OTHER_COLUMNS)
    if lines and not day_of(first) == day_of(last) == day:
        wrong.append(f"it holds lines of {day_of(first)} to {day_of(last)}")
    if framed != frames:
        wrong.append(f"{framed - frames} lines of drains stand in it twice")
    return lines, wrong
