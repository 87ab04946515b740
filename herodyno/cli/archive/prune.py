"""`archive prune`: drops the days of an archive that are older than a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from herodyno.archive.folder import ArchiveFolder, day_of, is_date, microseconds
from herodyno.cli.options import Archive, option, switch
from herodyno.cli.session import Session
from herodyno.errors import NotFound, UsageError
from herodyno.render.text import line
from herodyno.typed_values import parse_duration
from herodyno.units import count

_LEAST = timedelta(days=1)
USUAL_KEEP = "30d"


class PruneOptions(NamedTuple):
    """The flags of `archive prune`."""

    archive: Archive
    keep: Annotated[str, option("--keep", metavar="TIME", help="keep the days of so long (30d)")] = ""
    day: Annotated[str, option("--day", metavar="DATE", help="drop this day alone (2038-01-19)")] = ""
    dry_run: Annotated[bool, switch("--dry-run", help="say which days would go")] = False


def prune(ctx: typer.Context, options: PruneOptions) -> None:
    """Drop the days of an archive that ended longer ago than --keep (30 days).

    Examples:
      herodyno archive prune --archive logs --keep 30d --dry-run
      herodyno archive prune --archive logs --day 2038-01-19

    A day is dropped whole, lines and incarnations. There is no way back. --day is
    for one that a wrong clock made.
    """
    session = Session.of(ctx)
    output, folder = session.output, ArchiveFolder(Path(options.archive))
    if options.day and options.keep:
        raise UsageError("--day drops one day, --keep all older ones", next_step="leave one of them out")
    if options.day and not is_date(options.day):
        raise UsageError(
            f"--day {options.day!r} is no date; nothing was dropped", next_step="write it as --day 2038-01-19"
        )
    keep = keep_of(options.keep or USUAL_KEEP)
    folder.require()
    if options.day:
        days = _drop_day(folder, options.day, dry_run=options.dry_run)
    else:
        days = drop_old(folder, keep, session.now(), dry_run=options.dry_run)
    kept = len(folder.days()) - len(days) * options.dry_run
    if output.wants_json:
        output.json(
            {"schema": "herodyno.archive-prune/1", "dry_run": options.dry_run, "dropped": days, "kept_days": kept}
        )
        return
    done = "would be dropped" if options.dry_run else "dropped"
    which = f": {days[0]} to {days[-1]}" if days else ""
    output.lines([line(f"{count(len(days), 'day')} {done}{which}; {count(kept, 'day')} kept")])


def keep_of(text: str) -> timedelta:
    """The time of --keep. Raises UsageError for less than a day."""
    keep = timedelta(seconds=parse_duration(text, flag="--keep", unit_needed=True))
    if keep < _LEAST:
        raise UsageError(f"--keep {text} is less than a day; nothing was dropped", next_step="Write --keep 30d")
    return keep


def drop_old(folder: ArchiveFolder, keep: timedelta, now: datetime, *, dry_run: bool = False) -> list[str]:
    """Drop the days that ended before so long a time, and return them. Raises Refused when another process writes."""
    oldest = day_of(microseconds(now - keep))
    days = [day for day in folder.days() if day < oldest]
    lists = [day for day in folder.lists.days() if day < oldest]  # of an app that sent no line on that day
    if (days or lists) and not dry_run:
        with folder.writing():
            for day in sorted({*days, *lists}):
                folder.remove(day)
    return days


def _drop_day(folder: ArchiveFolder, day: str, *, dry_run: bool) -> list[str]:
    """Drop one day. Raises NotFound for a day that the archive does not hold."""
    if day not in (days := folder.days()):
        raise NotFound(f"{folder.root} has no day {day}", next_step=f"it holds {days[0]} to {days[-1]}")
    if not dry_run:
        with folder.writing():
            folder.remove(day)
    return [day]
