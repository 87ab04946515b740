"""An archive is a folder: events and incarnations by day of UTC, as Parquet that any engine reads.

::

    events/day=2026-11-30/events.parquet        the lines of a day, sorted by app, dyno and time, each once
    events/day=2026-11-30/000007.parquet        a segment: lines that came later, as sorted; no line is in two files
    incarnations/day=2026-11-30/dynos.parquet   the incarnations that ran on that day
    dynos/day=2026-11-30/example-app.jsonl      what the API listed on that day
    incidents/day=2026-11-30.json               what happened on that day, as far as it was judged
    .herodyno-staging/                          of a writer at work; nothing is read there
    journal/                                    raw frames of a receiver that wait for compaction

A day that is past is one file. An open day has segments beside it, which are only added. To merge, `events.parquet` is
replaced as a whole by one that says in its end up to which number it holds the segments; these are removed after that.
So a reader that asks `files` sees each line once, wherever a writer was killed. One process writes at a time.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import date
from pathlib import Path

from herodyno.archive.dyno_lists import DynoLists
from herodyno.archive.engines.engine import Engine
from herodyno.archive.parquet.columns import held_in, require_known
from herodyno.archive.parquet.files import require
from herodyno.diagnosis.timeline.listed import ListedDyno
from herodyno.errors import NotFound, Refused
from herodyno.operations.state_files import locked, make_folder
from herodyno.units import US_PER_DAY, days_to, iso_day
from herodyno.units import microseconds as microseconds

_DAY = re.compile(r"day=(\d{4}-\d\d-\d\d)", re.ASCII)
_SEGMENT = re.compile(r"\d{6,}", re.ASCII)
FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
# Any of these makes a folder an archive: the receiver may come first.
_OURS = frozenset({"archive.lock", "events", "journal", "drains.json"})
OPEN_JOURNAL_WAITS = "compact takes a journal when it is 10 minutes old, or when the receiver ends"
US_PER_SECOND = 1_000_000
CLOCKS_DIFFER_US = 300 * US_PER_SECOND  # ours: no line is later than when it was received, but for clocks


class DiskFull(Refused):
    """The disk of an archive takes no more."""


class ArchiveFolder:
    """The paths of one archive. Nothing is made before the first write.

    `told` hears each second how long a query of `over` and `each_day` has taken.
    """

    def __init__(self, root: Path, told: Callable[[float], object] = lambda _: None) -> None:
        self.root = root
        self._told = told
        self.staging = root / ".herodyno-staging"
        self.lists = DynoLists(root)

    def events(self, day: str) -> Path:
        """The file of a day's lines, segments left out."""
        return self.root / "events" / f"day={day}" / "events.parquet"

    def incarnations(self, day: str) -> Path:
        """The file of a day's incarnations."""
        return self.root / "incarnations" / f"day={day}" / "dynos.parquet"

    def incidents(self, day: str) -> Path:
        """The file of what happened on a day."""
        return self.root / "incidents" / f"day={day}.json"

    def days(self) -> list[str]:
        """The days that have lines, oldest first."""
        found = (_DAY.fullmatch(path.parent.name) for path in (self.root / "events").glob("day=*/*.parquet"))
        return sorted({match[1] for match in found if match and is_date(match[1])})

    def files(self, first: str = "", last: str = "~") -> list[Path]:
        """The files of the lines from one day to another, both included; of all days without bounds."""
        return [path for day in self.days() if first <= day <= last for path in self.files_of(day)]

    def files_of(self, day: str) -> list[Path]:
        """The files of a day's lines."""
        whole = self.events(day)
        segments = self.segments(day)
        if not whole.exists():
            return segments
        held = held_in(whole) if segments else 0
        return [whole, *(path for path in segments if _number(path) > held)]

    def segments(self, day: str) -> list[Path]:
        """The segments of a day, also those that are held in its whole file by now."""
        return sorted(path for path in self.events(day).parent.glob("*.parquet") if _SEGMENT.fullmatch(path.stem))

    def next_segment(self, day: str) -> Path:
        """The name of one more segment. No number comes twice."""
        whole = self.events(day)
        last = max([held_in(whole) if whole.exists() else 0, *map(_number, self.segments(day))])
        return whole.with_name(f"{last + 1:06}.parquet")

    def sweep(self, day: str) -> None:
        """Remove the segments that the whole file holds."""
        if segments := self.segments(day):
            for path in set(segments) - set(self.files_of(day)):
                path.unlink(missing_ok=True)

    def over(self, first: str = "", last: str = "~") -> AbstractContextManager[Engine]:
        """DuckDB over the lines from one day to another, both included; of all days without bounds."""
        from herodyno.archive.engines.duckdb import engine

        return engine(self.files(first, last), told=self._told)

    def each_day(self, first_us: int, last_us: int) -> Iterator[tuple[str, Engine]]:
        """The days from one time to another that have lines, oldest first, and DuckDB over each until the next."""
        from herodyno.archive.engines.duckdb import engine

        if days := [day for day in self.days() if day_of(first_us) <= day <= day_of(last_us)]:
            with engine(self.files_of(days[0]), told=self._told) as found:
                for day in days:
                    found.over(self.files_of(day))
                    yield day, found

    def listed(self, app: str, *, until_us: int) -> list[ListedDyno]:
        """The dynos that the API listed until a time."""
        return self.lists.read(app, until_us=until_us)

    def version(self, day: str) -> object:
        """Another one once the day was written anew or grew."""
        return [(path.name, status.st_ino, status.st_size) for path in self.files_of(day) for status in (path.stat(),)]

    def require(self, *, whole: bool = True) -> None:
        """Raise NotFound when the folder holds no line, Refused for days that are not known to this herodyno.

        Raises PermissionError where this user may not look.
        """
        self._require_disk()
        self._require_readable()
        if not self.days():
            if journals := {path.suffix for path in (self.root / "journal").glob("*")} & {".journal", ".open"}:
                raise NotFound(
                    f"{self.root} holds no day yet; what its receiver wrote waits",
                    next_step=f"herodyno archive compact --archive {self.root}"
                    if ".journal" in journals
                    else OPEN_JOURNAL_WAITS,
                )
            raise NotFound(
                f"{self.root} is no archive, or holds no line yet",
                next_step=f"fill it: herodyno archive import app.log --archive {self.root} --app example-app",
            )
        self._require_known(whole=whole)

    def _require_known(self, *, whole: bool = True) -> None:
        require()
        require_known(self.files(), whole=whole)
        require_known((self.root / "incarnations").glob("day=*/*.parquet"), whole=False)

    def _require_readable(self) -> None:
        """Raise PermissionError for a folder of days or of a day: `glob` would leave it out without a word."""
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(self.root / "events") as days:
            for day in days:
                if _DAY.fullmatch(day.name) and day.is_dir():
                    os.scandir(day.path).close()

    def _require_disk(self) -> None:
        if self.root.parts[:1] == ("s3:",):
            raise Refused(
                "only `diagnose` and `logs` read an archive in an object store",
                next_step="name a folder of this machine; its copy: aws s3 sync DIR s3://BUCKET/FOLDER",
            )

    def require_ours(self) -> None:
        """Raise Refused for a file, and for a folder of other things: an archive closes its folder to other users."""
        self._require_disk()
        if self.root.exists() and not self.root.is_dir():
            raise Refused(f"{self.root} is no folder", next_step="name a folder, or a new one")
        if self.root.is_dir() and (names := {path.name for path in self.root.iterdir()}) and not names & _OURS:
            raise Refused(f"{self.root} holds other things than an archive", next_step="name a new folder")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer. What a killed writer left in `staging` is removed: its input is still there.

        Raises Refused when another process writes, for days that are not known, and for a folder of other things.
        """
        self.require_ours()
        make_folder(self.root)
        try:
            with locked(self.root / "archive.lock", waits=False):
                self._require_known()
                shutil.rmtree(self.staging, ignore_errors=True)
                try:
                    yield
                finally:
                    shutil.rmtree(self.staging, ignore_errors=True)
        except BlockingIOError:
            raise Refused(f"another process writes {self.root}", next_step="wait until it is done") from None
        except OSError as error:
            if error.errno not in FULL:
                raise
            raise DiskFull(
                f"the disk of {self.root} is full; what the archive held is there",
                next_step=f"herodyno archive prune --archive {self.root} --keep 7d, or move it to a larger disk",
            ) from None

    def remove(self, day: str) -> None:
        """Drop a day, at once. The lines go first, the lists of its dynos last. The caller is the one writer."""
        make_folder(self.staging)
        self.incidents(day).unlink(missing_ok=True)
        for path in (self.events(day).parent, self.incarnations(day).parent, self.lists.of_day(day)):
            if path.exists():
                path.rename(self.staging / f"{path.parent.name}-{day}")


def is_date(day: str) -> bool:
    """Whether a text is a date in the one form that days of an archive have: 2038-01-19."""
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII) and date.fromisoformat(day))
    except ValueError:
        return False


def _number(segment: Path) -> int:
    return int(segment.stem)


def day_of(ts_us: int) -> str:
    """The day of UTC in which a time lies."""
    return iso_day(ts_us // US_PER_DAY)


def days_around(days: Sequence[str], before: int, after: int) -> tuple[str, str]:
    """The first of some days less `before` days, the last and `after` days more."""
    return iso_day(days_to(min(days)) - before), iso_day(days_to(max(days)) + after)
