"""`archive import`: log files into an archive, each line once."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from herodyno.archive.folder import ArchiveFolder, day_of, microseconds
from herodyno.archive.importing import import_logs
from herodyno.archive.parquet.files import require
from herodyno.cli.options import App, Archive, argument, option
from herodyno.cli.session import Session
from herodyno.errors import UsageError
from herodyno.logfiles.names import check_each_once
from herodyno.logfiles.opened import Logs
from herodyno.logs.decoding.guesses import told_of_guesses
from herodyno.logs.decoding.lines import AHEAD, Year
from herodyno.render.archive.days import import_document, import_lines
from herodyno.units import USABLE_YEARS

_NEWEST = "newest"


class ImportOptions(NamedTuple):
    """The words and the flags of `archive import`."""

    files: Annotated[list[str], argument("FILE...")]
    archive: Archive
    app: App = None
    year: Annotated[
        str, option("--year", metavar="YEAR", help="year of times that have none: 2025, or newest (not in the future)")
    ] = ""


def import_files(ctx: typer.Context, options: ImportOptions) -> None:
    """Put log files into an archive: every kind that diagnose --from-file reads.

    Examples:
      herodyno archive import app.log --archive logs --app example-app
      zcat old.Z | herodyno archive import - --archive logs --app example-app

    A line that the archive holds already is not added again, so a file may be
    imported twice, or overlap another. Passwords and tokens are taken out first.
    A file that cannot be read to its end leaves the archive as it was. Times
    without a year, as Papertrail's pages have them, need --year.
    """
    session = Session.of(ctx)
    output = session.output
    require()
    check_each_once(options.files)
    now = session.now()
    with Logs(options.files, year=_year(options.year, now), note=output.note) as logs:
        done = import_logs(
            ArchiveFolder(Path(options.archive)),
            logs,
            app=options.app or "",
            read_so_far=_shown(session, logs),
            years_until=now + AHEAD if options.year else None,
        )
    guessed = done.without_year if options.year == _NEWEST else 0
    for told in told_of_guesses(guessed, done.without_offset):
        output.note(told)
    if ahead := [day for day in done.days if day > day_of(microseconds(now + AHEAD))]:
        output.note(
            f'lines dated up to {ahead[-1]}, in the future: their last one is "now" for verdicts from this archive; '
            "where a clock was wrong: herodyno archive prune "
            f"--archive {shlex.quote(options.archive)} --day {ahead[-1]}"
        )
    if output.wants_json:
        output.json(import_document(done))
    else:
        output.lines(import_lines(done))


def _year(text: str, now: datetime) -> Year:
    """The year of the first time without one; `now` for the newest that is not in the future."""
    if text in ("", _NEWEST):
        return now
    if re.fullmatch(r"\d{4}", text, re.ASCII) and int(text) in USABLE_YEARS:
        return int(text)
    raise UsageError(f"--year {text!r} is no year", next_step=f"write it as --year {now.year}, or --year {_NEWEST}")


def _shown(session: Session, logs: Logs) -> Callable[[int], None] | None:
    """A bar with rate and time left; the time left only for plain files, of which the size is that of the lines."""
    if not session.output.shows_progress:
        return None
    is_known = all(logs.is_file(name) and not logs.is_packed(name) for name in logs.names)
    total = sum(Path(name).stat().st_size for name in logs.names) if is_known else None
    show = session.output.progress_bar("importing")
    return lambda done: show(done, total)
