"""`herodyno diagnose`: which dyno fails, with evidence, and what to type; live or from files on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from herodyno.cli.log_input import STDIN, Logs
from herodyno.cli.options import App, Remote
from herodyno.cli.session import Session
from herodyno.diagnosis.case import SESSION_CAP, Source
from herodyno.diagnosis.diagnosing import diagnose as diagnosis_of
from herodyno.diagnosis.document import document
from herodyno.diagnosis.judge import exit_code
from herodyno.diagnosis.report import Diagnosis
from herodyno.dynos import App as AppNoun
from herodyno.dynos import Dyno, Formation, Release
from herodyno.errors import NotFound, Unreachable, UsageError
from herodyno.logs.read import read_events
from herodyno.operations.durations import parse_duration
from herodyno.render.diagnosis_text import diagnosis_lines
from herodyno.render.words import zone_of

WIDEST = 100


def diagnose(
    ctx: typer.Context,
    more_files: Annotated[list[str] | None, typer.Argument(metavar="[FILE]...", hidden=True)] = None,
    app: App = None,
    remote: Remote = None,
    from_file: Annotated[
        list[str] | None,
        typer.Option("--from-file", metavar="FILE...", help="read logs from files (- is stdin), offline"),
    ] = None,
    dynos_file: Annotated[
        str | None,
        typer.Option("--dynos", metavar="FILE", help="with --from-file: the API's dynos, or what ps --json printed"),
    ] = None,
    listen: Annotated[
        str, typer.Option("--listen", metavar="DURATION", help="follow the log that long (5m), then judge")
    ] = "",
) -> None:
    """Say which dyno fails, by dyno id, with evidence and what to type next.

    Examples:
      herodyno diagnose --app example-app
      herodyno diagnose --app example-app --listen 5m
      herodyno diagnose --from-file app.log --dynos dynos.json
      heroku logs --num 1500 --app example-app | herodyno diagnose --from-file -

    Live, it asks the API and reads the last 1,500 lines of log. From files it
    opens no connection: log-session text, Papertrail exports and drain frames are
    told apart by themselves, packed with gzip or Zstandard or not.

    Exit code: 0 nothing found, 10 warning, 20 critical, 30 not enough data.
    """
    session = Session.of(ctx)
    if from_file:
        found = offline(session, [*from_file, *(more_files or ())], dynos_file, app or "")
    elif more_files or dynos_file:
        raise UsageError("files are read with --from-file", next_step="herodyno diagnose --from-file app.log")
    else:
        seconds = parse_duration(listen, flag="--listen") if listen else 0.0
        found = live(session, session.app_name(app, remote), listen_seconds=seconds)
    show(session, found)
    raise typer.Exit(exit_code(found))


def live(session: Session, app: str, *, listen_seconds: float = 0.0) -> Diagnosis:
    """Ask the API and one log session, followed for `listen_seconds` after the lines it holds."""
    platform = session.platform
    facts, dynos, formation, releases = platform.gather(
        lambda: platform.app(app),
        lambda: platform.dynos(app),
        lambda: platform.formation(app),
        lambda: platform.releases(app),
    )
    sizes, url, _ = platform.gather(
        lambda: platform.sizes(app),
        lambda: platform.log_session(app, lines=SESSION_CAP, tail=listen_seconds > 0, generation=facts.generation),
        session.output.prepare,
    )
    chunks, complete = _log(session, url, listen_seconds)
    events = list(read_events(chunks, year=session.now().year))
    return diagnosis_of(
        lambda: events,
        app=facts,
        at=session.now(),
        source=Source(kind="log-session", cap=None if listen_seconds else SESSION_CAP, complete=complete),
        dynos=dynos,
        formation=formation,
        releases=releases,
        sizes=sizes,
        zone=zone_of(session.now(), utc=session.output.utc),
        api_calls=platform.calls,
        rate_limit_remaining=platform.rate_limit_remaining,
    )


def _log(session: Session, url: str, listen_seconds: float) -> tuple[list[bytes], bool]:
    """The log's bytes, and whether it came whole: one that breaks off is used as far as it came."""
    chunks: list[bytes] = []
    end = session.now() + timedelta(seconds=listen_seconds)
    options = {"tail": True, "idle_seconds": listen_seconds} if listen_seconds else {}
    if listen_seconds:
        session.output.note(f"listening until {end.astimezone():%H:%M:%S}")
    try:
        for chunk in session.log_bytes(url, **options):
            chunks.append(chunk)
            if listen_seconds and session.now() >= end:
                break
    except Unreachable as error:
        if not chunks:
            raise
        session.output.note(error.message)
        return chunks, False
    return chunks, True


def offline(session: Session, names: Sequence[str], dynos_file: str | None, app: str) -> Diagnosis:
    """Read files only. The time of asking is the log's end, so that a file gives the same answer a year later."""
    dynos, formation, newest = _told_by(dynos_file) if dynos_file else (None, None, None)
    with Logs(names, year=session.now().year) as logs:
        return diagnosis_of(
            lambda: logs,
            app=AppNoun(name=app),
            at=session.now(),
            source=Source(kind="stdin" if names == [STDIN] else "file"),
            dynos=dynos,
            formation=formation,
            releases=[Release(version=newest, status="succeeded", current=True)] if newest else [],
            zone=zone_of(session.now(), utc=session.output.utc),
            at_log_end=True,
        )


def show(session: Session, found: Diagnosis) -> None:
    """The diagnosis as text or as JSON."""
    output = session.output
    if output.wants_json:
        output.json(document(found))
    else:
        width = min(output.width, WIDEST) if output.is_terminal else None
        output.lines(diagnosis_lines(found, width=width, utc=output.utc))


def _told_by(name: str) -> tuple[list[Dyno], list[Formation] | None, int | None]:
    """Dynos, formation and newest release of a file: the API's list of dynos, or a `herodyno.ps/1` document."""
    from herodyno.heroku.wire import dynos_from, formation_from

    try:
        told: Any = json.loads(Path(name).read_bytes())
    except FileNotFoundError:
        raise NotFound(f"there is no file {name}") from None
    except ValueError as error:
        raise UsageError(f"{name} is no JSON: {error}", next_step=f"herodyno ps --json > {name}") from None
    if isinstance(told, dict) and told.get("schema") == "herodyno.ps/1":
        return dynos_from(told["dynos"]), formation_from(told["formation"]), told["newest_release"]
    return dynos_from(told), None, None
