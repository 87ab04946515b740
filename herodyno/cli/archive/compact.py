"""`archive compact`: what a receiver has written down becomes days of the archive."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import typer

from herodyno.archive.compaction import compact_journal
from herodyno.archive.days.past_days import judge_past_days
from herodyno.archive.folder import OPEN_JOURNAL_WAITS, ArchiveFolder
from herodyno.archive.journal import Journal
from herodyno.archive.otlp.metric_lines import MetricNames
from herodyno.archive.parquet.files import require
from herodyno.cli.options import Archive
from herodyno.cli.session import Session
from herodyno.render.archive.days import import_document, import_lines

_NAMED = 8  # metrics in a note; ours


class CompactOptions(NamedTuple):
    """The flag of `archive compact`."""

    archive: Archive


def compact(ctx: typer.Context, options: CompactOptions) -> None:
    """Put what archive receive has written down into the days of its archive.

    Examples:
      herodyno archive compact --archive logs

    Run it each hour, beside the receiver. It may be killed and run again: each
    line is in the archive once. Passwords and tokens are taken out first. Each day
    that is over is judged once, so that diagnose --archive can tell what recurs.
    """
    session = Session.of(ctx)
    output = session.output
    require()
    folder, names = ArchiveFolder(Path(options.archive)), MetricNames()
    done = compact_journal(
        folder,
        Journal(folder.root / "journal"),
        now=session.now(),
        damage=lambda path, lost: output.note(f"{lost:,} bytes of {path} cannot be read; it stays, all else was read"),
        names=names,
    )
    if names.left_out and not names.has_memory:
        some = ", ".join(sorted(names.left_out)[:_NAMED])
        output.note(f"no metric of a dyno's memory came; left out: {some}")
    if output.wants_json:
        output.json(import_document(done))
    else:
        output.lines(import_lines(done))
    if not done.given and any((folder.root / "journal").glob("*.open")):
        output.note(OPEN_JOURNAL_WAITS)
    judge_past_days(folder, may_judge=lambda: True)
