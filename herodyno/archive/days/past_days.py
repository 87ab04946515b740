"""What happened on each past day, judged once and kept beside the day until the day is written anew.

The file of a day holds for each app the occurrences of its verdict. It is made when it is asked for first, or after a
compaction. Another herodyno judges anew: its rules may be others.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from herodyno import __version__
from herodyno.archive.engines.engine import Engine
from herodyno.archive.folder import ArchiveFolder, days_around
from herodyno.archive.history import history
from herodyno.archive.rows import time_of
from herodyno.archive.window.window_pass import WindowPass
from herodyno.diagnosis.counting.one_pass import Log
from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.report.occurrences import each_once, occurrences
from herodyno.diagnosis.report.past import Occurrence
from herodyno.diagnosis.timeline.listed import ListedDyno
from herodyno.dynos import App
from herodyno.errors import Refused
from herodyno.operations.state_files import make_folder, open_file
from herodyno.units import US_PER_DAY, days_to, iso_day

SCHEMA = "herodyno.archive-incidents/1"
DAYS = 30
# A dyno of a day began on the day before at the earliest, or at the one before that.
_DAYS_AROUND = 2


class PastDays(NamedTuple):
    """What happened on the days looked through; `left` days could be looked through and were not."""

    found: list[Occurrence]
    looked: int
    left: int


def past_days(folder: ArchiveFolder, app: str, *, may_judge: Callable[[], bool]) -> PastDays:
    """What happened to an app on the newest days but the last, which is not over; the newest are looked through first.

    A day without a file is judged while `may_judge` says so.
    """
    days = folder.days()
    newest = days_to(days[-1]) if days else 0
    sealed = [day for day in days[:-1] if newest - days_to(day) <= DAYS]
    found: list[Occurrence] = []
    looked = 0
    for day in reversed(sealed):
        apps = _kept(folder, day)
        if app not in apps and may_judge():
            try:
                apps[app] = _judged(folder, app, day)
            except Refused:  # damaged, or written to at the moment: a verdict on other days does not fail for it
                continue
            _keep(folder, day, apps)
        if app in apps:
            looked += 1
            found += apps[app]
    return PastDays(each_once(found), looked, len(sealed) - looked)


def judge_past_days(folder: ArchiveFolder, *, may_judge: Callable[[], bool]) -> None:
    """Judge the days of each app that have no file yet, while `may_judge` says so."""
    if folder.days():
        for app in apps_of(folder):
            past_days(folder, app, may_judge=may_judge)


def apps_of(folder: ArchiveFolder) -> list[str]:
    """The apps that the newest days tell of."""
    with folder.over(iso_day(days_to(folder.days()[-1]) - DAYS)) as found:
        return [app for (app,) in found.rows("SELECT DISTINCT app FROM events ORDER BY app")]


def _judged(folder: ArchiveFolder, app: str, day: str) -> list[Occurrence]:
    first_us = days_to(day) * US_PER_DAY
    with folder.over(day, day) as found:
        if not found.rows("SELECT 1 FROM events WHERE app = $app LIMIT 1", app=app):
            return []
    whole = history(_Around(folder, day), app)
    window = whole.between(first_us, first_us + US_PER_DAY - 1)
    year = time_of(first_us)
    log = Log(logs=[window], year=year, counted=partial(WindowPass, whole, window, year=year), listed=whole.listed())
    source = Source(kind="archive")
    return occurrences(diagnose(log, app=App(name=app), at=time_of(window.last_us), source=source, at_log_end=True))


class _Around:
    """The days around one day as an archive: what lies farther away says nothing of its dynos."""

    def __init__(self, folder: ArchiveFolder, day: str) -> None:
        self._folder = folder
        self._first, self._last = days_around([day], _DAYS_AROUND, _DAYS_AROUND)
        self.root = folder.root

    def require(self) -> None:
        self._folder.require()

    def over(self, first: str = "", last: str = "~") -> AbstractContextManager[Engine]:
        return self._folder.over(max(first, self._first), min(last, self._last))

    def each_day(self, first_us: int, last_us: int) -> Iterator[tuple[str, Engine]]:
        return self._folder.each_day(first_us, last_us)

    def listed(self, app: str, *, until_us: int) -> list[ListedDyno]:
        return self._folder.lists.read(app, self._first, self._last, until_us=until_us)

    def version(self, day: str) -> object:
        return self._folder.version(day)


def _stamp(folder: ArchiveFolder, day: str) -> list[Any]:
    """Another one once the day was written anew, or got a segment."""
    files = [(path.name, path.stat()) for path in folder.files_of(day)]
    return [__version__, *([name, status.st_size, status.st_mtime_ns] for name, status in files)]


def _kept(folder: ArchiveFolder, day: str) -> dict[str, list[Occurrence]]:
    """What is kept of a day by app; nothing where its file is of other lines, of another herodyno, or damaged."""
    try:
        kept = json.loads(folder.incidents(day).read_text(encoding="utf-8"))
        if kept["schema"] != SCHEMA or kept["of"] != _stamp(folder, day):
            return {}
        return {app: [_read(record) for record in records] for app, records in kept["apps"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _read(record: dict[str, Any]) -> Occurrence:
    return Occurrence(**{**record, "paths": tuple(record["paths"])})


def _keep(folder: ArchiveFolder, day: str, apps: dict[str, list[Occurrence]]) -> None:
    """Write the file of a day, whole or not at all. Where it cannot be written, the day is judged again next time."""
    path = folder.incidents(day)
    document = {
        "schema": SCHEMA,
        "of": _stamp(folder, day),
        "apps": {app: [asdict(one) for one in found] for app, found in sorted(apps.items())},
    }
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        make_folder(path.parent)
        _write(beside, document)
        beside.replace(path)
    except OSError:
        with suppress(OSError):  # a disk that is read-only refuses this, too
            beside.unlink()


def _write(path: Path, document: dict[str, Any]) -> None:
    with os.fdopen(open_file(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "w", encoding="utf-8") as file:
        json.dump(document, file, separators=(",", ":"))
