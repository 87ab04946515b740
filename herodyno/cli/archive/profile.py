"""`herodyno profile`: what each process type really used over days, and which size would do at which price."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from herodyno.cli.options import App, ArchiveRead, Engine, EngineTimeout, option, reads_archive
from herodyno.cli.session import Session
from herodyno.dynos import DynoSize, Formation
from herodyno.errors import HerodynoError, UsageError

if TYPE_CHECKING:
    from herodyno.archive.engines.engine import Archive

FORMATS = ("text", "json", "toml")


class ProfileOptions(NamedTuple):
    """The flags of `profile`."""

    app: App = None
    from_file: Annotated[
        list[str] | None, option("--from-file", metavar="FILE", help="read a log file in place of an archive")
    ] = None
    archive: ArchiveRead = ""
    engine: Engine = ""
    engine_timeout: EngineTimeout = ""
    since: Annotated[str, option("--since", metavar="WHEN", help="lines since then, before the last one (14d)")] = "14d"
    output: Annotated[str, option("--output", "-o", metavar="FORMAT", help="text, json or toml")] = ""


def profile(ctx: typer.Context, options: ProfileOptions) -> None:
    """Show what each process type really used: memory, load, requests.

    Examples:
      herodyno profile --archive logs --app example-app
      herodyno profile --archive logs --app example-app --since 30d -o toml
      herodyno profile --from-file week.log.gz --app example-app

    The numbers are of an archive, or of log files. Heroku is asked which sizes
    there are, and their prices; without an answer there is no advice about sizes.
    Less than 24 hours of memory samples are not enough for one.
    """
    session = Session.of(ctx)
    output = session.output
    form = options.output or ("json" if output.wants_json else "text")
    if form not in FORMATS:
        raise UsageError(f"--output {form!r} is no format", next_step=f"one of {', '.join(FORMATS)}")
    if output.wants_json and form != "json":
        raise UsageError(f"--json and -o {form} are two formats", next_step="leave one out")
    if options.from_file and reads_archive(options):
        raise UsageError("--from-file and --archive are two sources", next_step="leave one out")
    if not options.from_file and not reads_archive(options):
        raise UsageError(
            "a profile is of days, and Heroku keeps minutes, so it is of an archive or a file",
            next_step="name it: --archive DIR, or --from-file FILE",
        )
    from herodyno.archive.folder import microseconds
    from herodyno.archive.history import history
    from herodyno.archive.profile import profile as profile_of
    from herodyno.cli.times import parse_time
    from herodyno.operations.size_advice import Used, size_advice
    from herodyno.render.archive.profile import Profiled, profile_document, profile_lines, profile_table, toml_text
    from herodyno.units import zone_of

    zone = zone_of(session.now(), utc=output.utc)
    with _archive(session, options) as archive:
        whole = history(archive, options.app or "")
        since = parse_time(options.since, now=whole.now, zone=zone, flag="--since")
        window = whole.between(microseconds(since), whole.now_us)
        lines, first, last = window.extent()
        if first is None or last is None:
            raise UsageError(f"no line since {options.since}", next_step="take a longer time: --since 30d")
        found = profile_of(window)
    sizes, formation = _sizes(session, whole.app)
    advice = {
        own.type: size_advice(
            Used(
                own.memory and own.memory.p95,
                own.memory and own.memory.highest,
                own.load and own.load.p95,
                own.measured_seconds,
                own.codes.get("R14", 0) + own.codes.get("R15", 0),
            ),
            next((row for row in formation if row.type == own.type), None),
            sizes,
        )
        for own in found.types
    }
    profiled = Profiled(whole.app, first, last, lines, found, advice)
    if form == "json":
        output.json(profile_document(profiled))
    elif form == "toml":
        output.write(toml_text(profile_document(profiled)))
    else:
        output.show(profile_table(profiled), profile_lines(profiled, now=session.now(), zone=zone))


@contextmanager
def _archive(session: Session, options: ProfileOptions) -> Iterator[Archive]:
    """The archive that is named, or one of the files, which is deleted afterwards."""
    if not options.from_file:
        from herodyno.cli.archive.engine import archive_of

        with archive_of(session, options) as archive:
            yield archive
        return
    from herodyno.archive.folder import ArchiveFolder
    from herodyno.archive.importing import import_logs
    from herodyno.archive.parquet.files import require
    from herodyno.logfiles.names import check_each_once
    from herodyno.logfiles.opened import Logs
    from herodyno.logs.decoding.guesses import told_of_guesses
    from herodyno.logs.decoding.lines import AHEAD

    require()
    check_each_once(options.from_file)
    now = session.now()
    with TemporaryDirectory(prefix="herodyno-") as place:
        folder = ArchiveFolder(Path(place) / "archive")
        with Logs(options.from_file, year=now, note=session.output.note) as logs:
            done = import_logs(folder, logs, app=options.app or "", years_until=now + AHEAD)
        for told in told_of_guesses(done.without_year, done.without_offset):
            session.output.note(told)
        yield folder


def _sizes(session: Session, app: str) -> tuple[list[DynoSize], list[Formation]]:
    """The sizes that the app may use and its formation; neither where Heroku does not answer, which is said."""
    try:
        platform = session.platform
        return platform.gather(lambda: platform.sizes(app), lambda: platform.formation(app))
    except HerodynoError as error:
        session.output.note(f"no sizes and prices: {error.message}")
        return [], []
