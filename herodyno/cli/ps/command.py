"""`herodyno ps`: one line per dyno, and wanted against running for each process type."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from herodyno.cli.options import (
    AppPatterns,
    Apps,
    AppsFile,
    MetricsFile,
    Pipeline,
    Remote,
    Stage,
    Team,
    argument,
    is_for_several,
    only_app,
    option,
    switch,
)
from herodyno.cli.ps.snapshot import DynosSnapshot, SortBy, fetch_dynos, sort_dynos
from herodyno.cli.session import Session
from herodyno.dynos import newest_succeeded
from herodyno.errors import UsageError
from herodyno.heroku_facts import IN_MAINTENANCE
from herodyno.render.dynos import in_order
from herodyno.render.ps.tables import crashed_words, dynos_table, ps_blocks, ps_document
from herodyno.render.text import Block
from herodyno.units import zone_of

if TYPE_CHECKING:
    from herodyno.diagnosis.report.report import Diagnosis

FORMATS = ("text", "json", "jsonl", "openmetrics")
COLUMNS = ("dyno", "id", "state", "age", "created", "size", "release", "command")


class PsOptions(NamedTuple):
    """The flags of `ps`."""

    targets: Annotated[list[str] | None, argument("[TYPE|DYNO]...")] = None
    app_names: Apps = None
    remote: Remote = None
    apps: AppPatterns = None
    team: Team = ""
    pipeline: Pipeline = ""
    stage: Stage = ""
    apps_file: AppsFile = ""
    sort: Annotated[SortBy, typer.Option("--sort", help="by what; the oldest first")] = "name"
    columns: Annotated[
        str | None, typer.Option("--columns", metavar="NAMES", help="one table of these: dyno,state,age,command")
    ] = None
    wide: Annotated[bool, switch("--wide", help="requests, errors, p95 and memory of each, from the log")] = False
    mem: Annotated[bool, switch("--mem", help="memory of each, with its quota and over time, from the log")] = False
    archive: Annotated[
        str,
        option("--archive", metavar="DIR", help="with --wide, --mem: the last day of an archive, not the log"),
    ] = ""
    watch: Annotated[str | None, option("--watch", metavar="[TIME]", help="look every 2s, or so often")] = None
    output: Annotated[
        str, option("--output", "-o", metavar="FORMAT", help="text, json, jsonl: a line for each app, openmetrics")
    ] = ""
    file: MetricsFile = ""
    extended: Annotated[bool, typer.Option("--extended", "-x", hidden=True)] = False  # the Heroku CLI's: all columns


def ps(ctx: typer.Context, options: PsOptions) -> None:
    """Show the dynos of an app: id, state, age, size, release.

    Examples:
      herodyno ps --app example-app
      herodyno ps web --app example-app
      herodyno ps web.2 worker --app example-app --json
      herodyno ps --sort age --columns dyno,age,state --app example-app
      herodyno ps --watch --app example-app
      herodyno ps --wide --app example-app
      herodyno ps --apps 'example-*'
      herodyno ps web --pipeline example --stage production --json
      herodyno ps --apps 'example-*' -o openmetrics --file dynos.prom

    A dyno on a release older than the newest that succeeded is marked. One-off
    dynos (run, scheduler, release) stand apart with their command. Maintenance
    mode and crashed types are named. --watch redraws until Ctrl-C; in a pipe it
    prints a line for each change. For several apps it has a line for each
    process type, with totals; an app that gives no answer costs only its own.
    """
    session = Session.of(ctx)
    if options.output not in ("", *FORMATS):
        raise UsageError(f"--output {options.output!r} is no format", next_step=f"one of {', '.join(FORMATS)}")
    if options.output == "openmetrics" or options.file:
        from herodyno.cli.fleet.metrics import check_metrics

        check_metrics(session, options.output, options.file)
    session.output.wants_json |= options.output in ("json", "jsonl")
    if is_for_several(options) or options.output in ("jsonl", "openmetrics"):
        _of_several(session, options)
        return
    columns = parse_columns(options.columns, wants_json=session.output.wants_json)
    if options.extended:
        columns = columns or COLUMNS
    if (options.wide or options.mem) and (columns or options.watch or (options.wide and options.mem)):
        raise UsageError("--wide and --mem are lists of their own", next_step="leave out --columns, --watch, or one")
    if options.archive and not (options.wide or options.mem):
        raise UsageError("--archive has no list of what runs", next_step="add --mem, or --wide")
    name = session.app_name(only_app(options), options.remote)
    if options.archive:
        _of_archive(session, name, options)
        return
    if options.wide or options.mem:
        _measured(session, name, options)
        return
    if options.watch:
        _watch(session, name, options, columns)
        return
    snapshot = fetch_dynos(session, name).only(options.targets or [], name)
    snapshot = snapshot._replace(dynos=sort_dynos(snapshot.dynos, options.sort))
    if session.output.wants_json:
        session.output.json(document(snapshot, app=name, now=session.api_now()))
        return
    show(session, snapshot, columns)
    if snapshot.maintenance:
        session.output.note(f"{IN_MAINTENANCE}; to end it: heroku maintenance:off -a {name}")
    if not snapshot.dynos:
        none = [each.type for each in snapshot.formation if not each.quantity]
        start = f"; start one: herodyno scale {min(none, key='web'.__ne__)}=1 --app {name}" if none else ""
        session.output.note(f"{name} has no {'such dynos' if options.targets else 'dynos'} running{start}")
    elif crashed := crashed_words(snapshot.dynos):
        session.output.note(f"crashed: {crashed}; next: herodyno diagnose --app {name}")


def _of_several(session: Session, options: PsOptions) -> None:
    """Show a line for each process type of several apps."""
    from herodyno.cli.fleet.ps import ps_of_several

    about_one = {
        "--wide": options.wide,
        "--mem": options.mem,
        "--archive": options.archive,
        "--watch": options.watch,
        "--columns": options.columns or options.extended,
        "--sort": options.sort != "name",
        **{target: "." in target for target in options.targets or ()},
    }
    if flag := next((flag for flag, given in about_one.items() if given), ""):
        raise UsageError(f"{flag} is for one app and its tables", next_step=f"herodyno ps {flag} --app NAME")
    ps_of_several(session, options, options.targets or [], form=options.output, file=options.file)


def _measured(session: Session, name: str, options: PsOptions) -> None:
    """Show the dynos with what the log shows of each. Raises the log's error, after the dynos, where there is none."""
    from herodyno.cli.ps.measured import look, seen

    inputs, found = look(session, name)
    newest = newest_succeeded(inputs.releases)
    snapshot = DynosSnapshot(in_order(inputs.dynos or ()), inputs.formation or (), newest, inputs.app.maintenance)
    _show_measured(session, name, options, snapshot, found)
    if inputs.log_error is not None:
        raise inputs.log_error
    session.output.note(seen(found, name))


def _of_archive(session: Session, name: str, options: PsOptions) -> None:
    """Show the dynos that the API names, with what the last day of an archive shows of each."""
    from herodyno.cli.ps.measured import look_in_archive, seen

    found = look_in_archive(session, options.archive, name)
    _show_measured(session, name, options, fetch_dynos(session, name), found)
    session.output.note(seen(found, name, archive=options.archive))


def _show_measured(session: Session, name: str, options: PsOptions, snapshot: DynosSnapshot, found: Diagnosis) -> None:
    from herodyno.cli.ps.measured import add_measured, show_measured

    snapshot = snapshot.only(options.targets or (), name)
    snapshot = snapshot._replace(dynos=sort_dynos(snapshot.dynos, options.sort))
    if session.output.wants_json:
        told = document(snapshot, app=name, now=session.api_now())
        add_measured(told, found)
        session.output.json(told)
    else:
        show_measured(session, found, snapshot.dynos, newest=snapshot.newest, of_memory=options.mem)


def _watch(session: Session, name: str, options: PsOptions, columns: Sequence[str]) -> None:
    """Look again and again. A target must be known at the first look; later it may end."""
    from herodyno.cli.live.ps_watch import watch_ps
    from herodyno.render.ps.changes import PsState

    targets = options.targets or ()

    def narrow(seen: PsState, is_first: bool) -> PsState:
        snapshot = DynosSnapshot(*seen)
        return PsState(*(snapshot.only(targets, name) if is_first else snapshot.of(targets)))

    def tables(seen: PsState) -> Sequence[Block]:
        return blocks(session, DynosSnapshot(*seen)._replace(dynos=sort_dynos(seen.dynos, options.sort)), columns)

    watch_ps(session, name, narrow, tables, every=options.watch or "")


def parse_columns(text: str | None, *, wants_json: bool) -> tuple[str, ...]:
    """The names in --columns, () without the flag. Raises UsageError for a name that is no column."""
    if text is None:
        return ()
    if wants_json:
        raise UsageError("--columns is for the table; --json has every field", next_step="leave out one of them")
    names = tuple(name.strip().lower() for name in text.split(","))
    for name in names:
        if name not in COLUMNS:
            raise UsageError(f"{name!r} is no column of ps", next_step=f"there is: {', '.join(COLUMNS)}")
    return names


def show(session: Session, snapshot: DynosSnapshot, columns: Sequence[str] = ()) -> None:
    """Show the tables; with `columns`, one table of those columns."""
    session.output.show(*blocks(session, snapshot, columns))


def blocks(session: Session, snapshot: DynosSnapshot, columns: Sequence[str] = ()) -> Sequence[Block]:
    """The tables; with `columns`, one table of those columns."""
    now = session.api_now()
    zone = zone_of(now, utc=session.output.utc)
    if columns:
        return [dynos_table(snapshot.dynos, columns, newest=snapshot.newest, now=now, zone=zone)]
    return ps_blocks(snapshot.dynos, snapshot.formation, newest=snapshot.newest, now=now, zone=zone)


def document(snapshot: DynosSnapshot, *, app: str, now: datetime) -> dict[str, Any]:
    """The snapshot as `herodyno.ps/1`."""
    return ps_document(
        snapshot.dynos,
        snapshot.formation,
        newest=snapshot.newest,
        app=app,
        maintenance=snapshot.maintenance,
        now=now,
    )
