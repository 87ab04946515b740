"""`archive status`: which apps and days an archive holds, and how much of it names its dyno."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import typer

from herodyno.archive.days.survey import survey
from herodyno.archive.folder import ArchiveFolder
from herodyno.cli.options import Archive
from herodyno.cli.session import Session
from herodyno.render.archive.days import status_document, status_lines, status_table
from herodyno.units import zone_of


class StatusOptions(NamedTuple):
    """The flag of `archive status`."""

    archive: Archive


def status(ctx: typer.Context, options: StatusOptions) -> None:
    """Show which apps an archive holds, from when to when, and its size.

    Examples:
      herodyno archive status --archive logs
      herodyno archive status --archive logs --json

    DYNO ID is the share of the lines of dynos whose dyno id is known: from runtime
    metrics, or by name and time. The others lie between two dynos of a name, or in
    a log without runtime metrics. An open day may still get lines; they are added
    as segments, and become one file when the day is past and quiet.
    """
    session = Session.of(ctx)
    output = session.output
    found = survey(ArchiveFolder(Path(options.archive)))
    if output.wants_json:
        output.json(status_document(found))
        return
    zone = zone_of(session.now(), utc=output.utc)
    output.show(status_table(found, now=session.now(), zone=zone), status_lines(found, now=session.now()))
