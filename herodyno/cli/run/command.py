"""`herodyno run`: a command in a one-off dyno, with its exit status."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from herodyno.cli.options import App, Remote
from herodyno.cli.run.attached import Result, attached
from herodyno.cli.run.detached import followed
from herodyno.cli.run.start import Prepared, Wanted, prepare, start
from herodyno.cli.run.streams import streams_of_process
from herodyno.cli.session import Session
from herodyno.cli.writing import Confirm, DryRun, ReadOnly, Writing
from herodyno.dynos import Dyno
from herodyno.errors import RemoteStatusUnknown, UsageError
from herodyno.operations.one_off.command import env_of, parse_ttl, shell_text
from herodyno.render.output import ReaderGone
from herodyno.render.run import run_document
from herodyno.render.text import line
from herodyno.units import parse_duration

# Everything from the first word on is the dyno's, options too.
CONTEXT_SETTINGS = {"allow_interspersed_args": False}

Words = Annotated[list[str] | None, typer.Argument(metavar="COMMAND...", show_default=False)]
Size = Annotated[str, typer.Option("--size", "-s", metavar="SIZE", help="dyno size, as in: herodyno sizes")]
Type = Annotated[str, typer.Option("--type", metavar="TYPE", help="process type to run as, instead of run")]
Env = Annotated[
    list[str] | None,
    typer.Option("--env", "-e", metavar="NAME=VALUE", help="set a variable; NAME alone takes its value from here"),
]
EnvFile = Annotated[Path | None, typer.Option("--env-file", metavar="FILE", help="variables, NAME=VALUE on each line")]
Tty = Annotated[
    bool | None, typer.Option("--tty/--no-tty", help="give the command a terminal or none", show_default=False)
]
Timeout = Annotated[str, typer.Option("--timeout", metavar="TIME", help="stop the dyno after this long")]
Ttl = Annotated[str, typer.Option("--ttl", metavar="TIME", help="Heroku stops the dyno after this long (up to 24h)")]
NoLauncher = Annotated[bool, typer.Option("--no-launcher", help="do not set up a buildpack-native app's environment")]
NoExitCode = Annotated[bool, typer.Option("--no-exit-code", help="send the command as it is; exit 0 when it is over")]
Detach = Annotated[bool, typer.Option("--detach", help="start it, print its name and id, and leave")]
Wait = Annotated[bool, typer.Option("--wait", help="with --detach: follow its log to the end")]


def run(
    ctx: typer.Context,
    words: Words = None,
    app: App = None,
    remote: Remote = None,
    size: Size = "",
    type: Type = "",
    env: Env = None,
    env_file: EnvFile = None,
    tty: Tty = None,
    timeout: Timeout = "",
    ttl: Ttl = "",
    detach: Detach = False,
    wait: Wait = False,
    no_exit_code: NoExitCode = False,
    no_launcher: NoLauncher = False,
    dry_run: DryRun = False,
    confirm: Confirm = None,
    read_only: ReadOnly = False,
) -> None:
    """Run a command in a one-off dyno; its exit status is herodyno's.

    Examples:
      herodyno run --app example-app bash
      herodyno run --app example-app -- rake db:migrate VERSION=20260101
      herodyno run --app example-app 'pg_dump $DATABASE_URL | gzip' > dump.gz
      herodyno run --app example-app --detach --wait --ttl 2h -- rake report
      herodyno run list --app example-app

    Words reach the dyno exactly as typed: several are quoted one by one, a single
    one is shell text. Options stand before the command. Without a terminal on both
    sides the command gets none, and bytes are exact both ways. Ctrl-C goes to the
    dyno; pressed three times within a second it lets go.
    """
    session = Session.of(ctx)
    output = session.output
    output.wants_json = _json_is_ours(ctx)
    if wait and not detach:
        raise UsageError("--wait goes with --detach: an attached run waits by itself", next_step="leave out --wait")
    text = shell_text(words or [])
    told = env_file.read_text(encoding="utf-8", errors="surrogateescape") if env_file else ""
    variables = env_of(env or [], told, session.environ)
    seconds = parse_duration(timeout, flag="--timeout") if timeout else None
    ttl_seconds = parse_ttl(ttl) if ttl else None
    # With --json stdout holds the document alone; what the dyno prints goes to stderr.
    streams = streams_of_process(False if detach else tty, session.environ, sys.stderr if output.wants_json else None)
    writing = Writing(session, app=app, remote=remote, dry_run=dry_run, read_only=read_only, confirmed=confirm)
    writing.confirm((), does=f"a one-off dyno runs {text if len(text) < 80 else text[:79] + '…'}")
    wanted = Wanted(
        app=writing.app,
        text=text,
        size=size,
        type=type,
        env={**streams.env, **variables},
        wants_tty=streams.wants_tty,
        ttl=ttl_seconds,
        is_attached=not detach,
        wants_status=not no_exit_code,
        may_launch=not no_launcher,
    )
    prepared = prepare(session, wanted)
    if dry_run:
        if output.wants_json:
            output.json(_document(prepared, None, None))
        else:
            output.lines([line(str(prepared))])
        if price := prepared.price_of(size):
            output.note(f"{size}: {price}")
        return
    started = start(session, prepared)
    dyno = started.dyno
    with _not_lost(dyno, wanted.app):
        output.note(f"{dyno.name} starts ({', '.join(filter(None, (dyno.size, prepared.price_of(dyno.size))))})")
        result = None
        if not detach:
            result = attached(
                session, started, app=wanted.app, word=prepared.word, streams=streams, total_seconds=seconds
            )
        elif wait:
            result = Result(followed(session, dyno, app=prepared.app, total_seconds=seconds), "log")
        elif not output.wants_json:
            output.lines([line(f"{dyno.name} {dyno.id}")])
            output.note(f"stop it: herodyno stop {dyno.name} --app {wanted.app}")
        if output.wants_json:
            output.json(_document(prepared, dyno, result))
    if result:
        raise typer.Exit(result.status)


def _document(prepared: Prepared, dyno: Dyno | None, result: Result | None) -> dict[str, Any]:
    told_by = result.told_by if result else ""
    return run_document(
        dyno,
        app=prepared.wanted.app,
        command=prepared.wanted.text,
        attached=prepared.wanted.is_attached,
        call=prepared.call,
        price=prepared.price_of(dyno.size) if dyno else "",
        exit_status=result.status if result and told_by else None,
        told_by=told_by,
    )


@contextmanager
def _not_lost(dyno: Dyno, app: str) -> Iterator[None]:
    """Whatever fails here once a dyno was started is 125, and says how to stop it."""
    try:
        yield
    except (RemoteStatusUnknown, typer.Exit, typer.Abort):
        raise
    except Exception as error:
        why = "stdout was closed" if isinstance(error, ReaderGone) else getattr(error, "message", "") or str(error)
        raise RemoteStatusUnknown(
            f"the exit status of {dyno.name} is not known: {why or type(error).__name__}",
            next_step=f"if it still runs, stop it: herodyno stop {dyno.name} --app {app}",
        ) from error


def _json_is_ours(ctx: typer.Context) -> bool:
    """Whether --json was given to herodyno; behind the first word it is the dyno's."""
    contexts = (ctx, ctx.parent) if ctx.parent else (ctx,)
    return any(getattr(each.get_parameter_source("json"), "name", "") == "COMMANDLINE" for each in contexts)
