"""`herodyno run`: a command in a one-off dyno, with its exit status."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from herodyno.cli.help.spellings import mistaken_for
from herodyno.cli.run.attached import Result, run_attached
from herodyno.cli.run.detached import follow_to_end
from herodyno.cli.run.options import RunOptions, parse_request
from herodyno.cli.run.start import Prepared, prepare, start
from herodyno.cli.run.streams import streams_of_process
from herodyno.cli.session import Session
from herodyno.cli.writing import Writing
from herodyno.dynos import Dyno
from herodyno.errors import RemoteStatusUnknown
from herodyno.render.output import ReaderGone
from herodyno.render.run import run_document
from herodyno.render.text import line

# Words after the first belong to the dyno's command, flags too.
CONTEXT_SETTINGS = {"allow_interspersed_args": False}


def run(ctx: typer.Context, options: RunOptions) -> None:
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
    request = parse_request(options, session.environ)
    # With --json stdout holds the document alone: the dyno's output goes to stderr.
    tty, screen = False if options.detach else options.tty, sys.stderr if output.wants_json else None
    streams = streams_of_process(tty, session.environ, screen)
    writing = Writing(session, options)
    text = request.command if len(request.command) < 80 else request.command[:79] + "…"
    for note in request.notes:
        output.note(note)
    meant = "" if _is_set_apart(ctx, options) else mistaken_for(options.words or ())
    reasons = [f"a paid one-off dyno would run {text!r}; without a dyno it is herodyno {meant}"] if meant else ()
    writing.confirm(reasons, does=f"a one-off dyno runs {text}")
    prepared = prepare(session, writing.app, request, streams)
    if options.dry_run:
        if output.wants_json:
            output.json(_document(prepared, None, None))
        else:
            output.lines([line(str(prepared))])
        if price := prepared.price_of(options.size):
            output.note(f"{options.size}: {price}")
        return
    started = start(session, writing.executor, prepared)
    dyno = started.dyno
    with _naming_the_dyno(dyno, writing.app):
        output.note(f"{dyno.name} starts ({', '.join(filter(None, (dyno.size, prepared.price_of(dyno.size))))})")
        result = None
        if not options.detach:
            result = run_attached(session, writing.executor, started, prepared, streams)
        elif request.waits:
            status = follow_to_end(
                session, writing.executor, dyno, app=prepared.app, total_seconds=request.total_seconds
            )
            result = Result(status, "log")
        elif not output.wants_json:
            output.lines([line(f"{dyno.name} {dyno.id}")])
            output.note(f"stop it: herodyno stop {dyno.name} --app {writing.app}")
        if output.wants_json:
            output.json(_document(prepared, dyno, result))
    if result:
        raise typer.Exit(result.status)


def _document(prepared: Prepared, dyno: Dyno | None, result: Result | None) -> dict[str, Any]:
    told_by = result.told_by if result else ""
    return run_document(
        dyno,
        app=prepared.app_name,
        command=prepared.request.command,
        attached=not prepared.request.options.detach,
        call=prepared.call,
        price=prepared.price_of(dyno.size) if dyno else "",
        exit_status=result.status if result and told_by else None,
        told_by=told_by,
    )


@contextmanager
def _naming_the_dyno(dyno: Dyno, app: str) -> Iterator[None]:
    """Every failure after a dyno was started is exit code 125, and says how to stop the dyno."""
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


def _is_set_apart(ctx: typer.Context, options: RunOptions) -> bool:
    """Whether "--" stands before the command: then the command is meant for a dyno."""
    typed: list[str] = ctx.meta["typed"]
    return typed[-len(options.words or ()) - 1 :][:1] == ["--"]


def _json_is_ours(ctx: typer.Context) -> bool:
    """Whether --json stands before the command. After it, --json belongs to the dyno's command."""
    contexts = (ctx, ctx.parent) if ctx.parent else (ctx,)
    return any(getattr(each.get_parameter_source("json"), "name", "") == "COMMANDLINE" for each in contexts)
