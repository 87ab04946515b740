"""`archive verify`: reads every line of an archive, and says which file is damaged or not ours."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import NamedTuple

import typer

from herodyno.archive.days.survey import NOT_READABLE, OPEN_TO_OTHERS, verified
from herodyno.archive.folder import ArchiveFolder
from herodyno.cli.options import Archive
from herodyno.cli.session import Session
from herodyno.errors import Refused
from herodyno.render.text import line
from herodyno.units import count


class VerifyOptions(NamedTuple):
    """The flag of `archive verify`."""

    archive: Archive


def verify(ctx: typer.Context, options: VerifyOptions) -> None:
    """Read every line of an archive and say what is wrong with it.

    Examples:
      herodyno archive verify --archive logs

    Wrong is a file that is missing, cannot be read or is not what was written (by
    checksums), that has other columns, lines of another day or a drain's line
    twice, or that others may read. Exit code 1 then.
    """
    output = Session.of(ctx).output
    files, lines, flaws = 0, 0, []
    folder, show, done = ArchiveFolder(Path(options.archive)), output.progress_bar("reading"), 0
    total = sum(path.stat().st_size for path in folder.root.glob("*/day=*/*.parquet"))
    for path, of_file, wrong in verified(folder):
        show(done := done + (path.stat().st_size if path.exists() else 0), total)
        files, lines = files + 1, lines + of_file
        flaws += [{"file": str(path), "what": what} for what in wrong]
    if output.wants_json:
        output.json({"schema": "herodyno.archive-verify/1", "files": files, "lines": lines, "flaws": flaws})
    else:
        output.lines([line(f"{flaw['file']}: {flaw['what']}") for flaw in flaws])
        output.lines([line(f"{count(files, 'file')}, {count(lines, 'line')} read, {count(len(flaws), 'flaw')}")])
    if flaws:
        raise Refused(
            f"{count(len(flaws), 'flaw')} in {options.archive}",
            next_step=_next_step({flaw["what"] for flaw in flaws}, options.archive),
        )


def _next_step(flaws: set[str], archive: str) -> str:
    if flaws == {OPEN_TO_OTHERS}:
        return f"chmod -R go= {shlex.quote(archive)}"
    if NOT_READABLE in flaws:
        return "run it as the user who owns the archive"
    return "move such a file away, then import its day again"
