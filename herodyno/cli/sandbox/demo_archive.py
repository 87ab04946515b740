"""`herodyno demo --archive`: two simulated days in an archive, and what they show that no log session can."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from herodyno.archive.days.survey import survey
from herodyno.archive.folder import FULL, ArchiveFolder, DiskFull
from herodyno.archive.importing import import_logs
from herodyno.archive.parquet.files import require
from herodyno.cli.diagnose.archived import archive_inputs
from herodyno.cli.diagnose.inputs import judged
from herodyno.cli.diagnose.work import show
from herodyno.cli.session import Session
from herodyno.diagnosis.scope import Filter
from herodyno.errors import Refused
from herodyno.logfiles.opened import Logs
from herodyno.render.archive.days import import_lines, status_document, status_lines, status_table
from herodyno.render.diagnosis.document import diagnosis_document
from herodyno.render.diagnosis.plot import plot_lines
from herodyno.render.text import line
from herodyno.sandbox.incidents.days import days_of_growth
from herodyno.units import zone_of

APP = "example-app"
DAYS: float = 2

NEXT = """\
What to type next, for days of an app of yours:
  herodyno archive import app.log --archive logs --app example-app
  herodyno archive drain add --archive logs --url https://logs.example.com
  herodyno archive receive --archive logs
  herodyno diagnose --archive logs --since 24h
  herodyno diagnose --archive logs --html days.html
"""


def demo_archive(outer: Session, keep: str) -> None:
    """Show an archive of two simulated days. It is kept in the folder `keep`, or nowhere for ""."""
    require()
    output = outer.output
    output.note(f"simulating {DAYS:g} days of an app, and putting them into an archive: some seconds")
    with _folder(keep) as root:
        world = days_of_growth(DAYS)
        session = Session(output, environ={}, clock=lambda: world.now)
        log = root / "app.log"
        log.write_text(world.full_log(APP), encoding="utf-8")
        archive = ArchiveFolder(root / "logs")
        with Logs([str(log)], year=world.now, note=output.note) as logs:
            done = import_logs(archive, logs, app=APP)
        known = survey(archive)
        inputs = archive_inputs(session, archive, APP, Filter())
        found = judged(session, inputs)
        if inputs.past:
            found = inputs.past(found)
        if output.wants_json:
            documents = {"archive": status_document(known), "diagnose": diagnosis_document(found)}
            output.json({"schema": "herodyno.demo/1", **documents})
            return
        output.lines(
            [line("Simulated, no account, no network: two days of an app whose workers grow", "quiet"), line()]
        )
        _typed(session, f"archive import app.log --archive logs --app {APP}")
        output.lines(import_lines(done))
        _typed(session, "archive status --archive logs", after=True)
        zone = zone_of(session.now(), utc=output.utc)
        output.show(status_table(known, now=session.now(), zone=zone), status_lines(known, now=session.now()))
        _typed(session, "diagnose --archive logs", after=True)
        show(session, found)
        _typed(session, "diagnose --archive logs --plot memory", after=True)
        output.lines(plot_lines(found, "memory", width=output.width, height=None, utc=output.utc, signs=output.signs))
        output.lines([line(), *(line(text) for text in NEXT.splitlines())])
        if keep:
            output.note(f"kept: {archive.root}, of {log}")


def _typed(session: Session, words: str, *, after: bool = False) -> None:
    """The command that gives what follows."""
    session.output.lines([*([line()] if after else []), line(f"== herodyno {words}", "heading")])


@contextmanager
def _folder(keep: str) -> Iterator[Path]:
    """A new folder: `keep`, or one that is gone afterwards. What a full disk took a part of is removed."""
    if keep:
        try:
            Path(keep).mkdir(parents=True)
        except FileExistsError:
            raise Refused(f"{keep} is there already", next_step="name a new folder") from None
    with nullcontext(keep) if keep else TemporaryDirectory(prefix="herodyno-demo-") as folder:
        try:
            yield Path(folder)
        except (OSError, DiskFull) as error:
            if isinstance(error, OSError) and error.errno not in FULL:
                raise
            rmtree(folder, ignore_errors=True)
            raise Refused(
                f"the disk of {folder} is full; nothing was kept",
                next_step="name a new folder on another disk: herodyno demo --archive DIR",
            ) from None
