"""`archive export`: the lines of one app, for other tools."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from herodyno.archive.folder import ArchiveFolder, microseconds
from herodyno.archive.history import history
from herodyno.archive.otlp.exported import log_request
from herodyno.archive.parquet.columns import events_schema
from herodyno.archive.parquet.files import write
from herodyno.archive.parquet.tables import table_of
from herodyno.archive.rows import Row
from herodyno.cli.diagnose.new_file import check_free
from herodyno.cli.logs.formats import refuse_raw_at_terminal
from herodyno.cli.options import App, Archive, option
from herodyno.cli.session import Session
from herodyno.cli.times import parse_time
from herodyno.errors import UsageError
from herodyno.render.archive.days import row_record
from herodyno.render.text import line
from herodyno.units import count

FORMATS = ("text", "raw", "jsonl", "otlp", "parquet")


class ExportOptions(NamedTuple):
    """The flags of `archive export`."""

    archive: Archive
    app: App = None
    since: Annotated[str, option("--since", metavar="WHEN", help="lines since then: 24h, 02:30, a date")] = ""
    until: Annotated[str, option("--until", metavar="WHEN", help="lines until then")] = ""
    output: Annotated[
        str,
        option("--output", "-o", metavar="FORMAT", help="text, raw (as it came), jsonl (all columns), otlp, parquet"),
    ] = "text"
    to: Annotated[str, option("--to", metavar="FILE", help="the file of -o parquet")] = ""


def export(ctx: typer.Context, options: ExportOptions) -> None:
    """Print the lines of an app, in the order of time.

    Examples:
      herodyno archive export --archive logs -a example-app --since 24h > day.log
      herodyno archive export --archive logs -o jsonl | jq 'select(.code == "H12")'

    otlp is OpenTelemetry's JSON, a request of up to 2,000 lines on each line. Any
    tool that reads Parquet can read logs/events/*/*.parquet as it is. Times are
    before now, unlike those of diagnose --archive, which are before the last line.
    """
    session = Session.of(ctx)
    output = session.output
    if options.output not in FORMATS:
        raise UsageError(f"--output {options.output!r} is no format", next_step=f"one of {', '.join(FORMATS)}")
    if (options.output == "parquet") != bool(options.to):
        raise UsageError("-o parquet and --to go together", next_step="-o parquet --to lines.parquet")
    if options.to:
        check_free(Path(options.to))
    zone = UTC if output.utc else None
    bounds = [
        microseconds(parse_time(text, now=session.now(), zone=zone, flag=flag)) if text else None
        for text, flag in ((options.since, "--since"), (options.until, "--until"))
    ]
    found = history(ArchiveFolder(Path(options.archive)), options.app or "").between(*bounds)
    form = "jsonl" if output.wants_json and options.output == "text" else options.output
    if form == "raw":
        refuse_raw_at_terminal(session)
        for lines in found.log_lines():
            output.write("".join(f"{each.raw}\n" for each in lines))
        return
    if form == "text":
        for lines in found.log_lines():
            output.lines([line(each.raw) for each in lines])
        return
    if form == "parquet":
        found.told = output.progress_bar("reading the archive", unit="seconds")
        tables = (table_of([Row(**row) for row in rows]) for rows in found.rows())
        number = write(Path(options.to), events_schema(), tables)
        output.note(f"{options.to}: {count(number, 'line')}")
        return
    for rows in found.rows():
        if form == "otlp":
            output.write(json.dumps(log_request(found.app, rows), separators=(",", ":")) + "\n")
        else:
            output.write("".join(json.dumps(row_record(row), separators=(",", ":")) + "\n" for row in rows))
