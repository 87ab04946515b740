"""`herodyno diagnose`: which dyno fails, with evidence, and what to type; live, from files, from a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from herodyno.cli.diagnose.inputs import Typed
from herodyno.cli.diagnose.options import Wishes, check
from herodyno.cli.diagnose.work import found_and_shown
from herodyno.cli.options import App, Remote
from herodyno.cli.session import Session
from herodyno.diagnosis.judge import exit_code
from herodyno.errors import HerodynoError
from herodyno.render.text import line


def _option(*names: str, metavar: str, help: str) -> Any:  # noqa: A002 - typer's word
    return typer.Option(*names, metavar=metavar, help=help, show_default=False)


def diagnose(
    ctx: typer.Context,
    more_files: Annotated[list[str] | None, typer.Argument(metavar="[FILE]...", hidden=True)] = None,
    app: App = None,
    remote: Remote = None,
    from_file: Annotated[
        list[str] | None, _option("--from-file", metavar="FILE...", help="read logs from files (- is stdin), offline")
    ] = None,
    dynos_file: Annotated[
        str | None, _option("--dynos", metavar="FILE", help="with --from-file: the API's dynos, or a ps --json")
    ] = None,
    listen: Annotated[
        str, _option("--listen", metavar="DURATION", help="follow the log that long (5m), then judge")
    ] = "",
    since: Annotated[str, _option("--since", metavar="WHEN", help="count lines since then: 10m, 02:30, a date")] = "",
    until: Annotated[str, _option("--until", metavar="WHEN", help="count lines until then")] = "",
    kind: Annotated[list[str] | None, _option("--type", metavar="TYPE", help="look at this process type only")] = None,
    dyno: Annotated[
        list[str] | None, _option("--dyno", metavar="DYNO", help="judge this dyno (a name or id) beside its peers")
    ] = None,
    output_format: Annotated[
        str, _option("--output", "-o", metavar="FORMAT", help="text, json, or jsonl: one finding a line")
    ] = "",
    fail_on: Annotated[
        str, _option("--fail-on", metavar="LEVEL", help="exit 0 below critical or warning; never: always")
    ] = "",
    nagios: Annotated[
        bool, typer.Option("--nagios", help="one line for monitoring; exit code 0, 1, 2 or 3", show_default=False)
    ] = False,
    bundle: Annotated[
        str, _option("--bundle", metavar="FILE.zip", help="also keep all this was judged from, redacted")
    ] = "",
    from_bundle: Annotated[
        str, _option("--from-bundle", metavar="FILE.zip", help="judge a bundle again, offline")
    ] = "",
    no_redact: Annotated[
        bool, typer.Option("--no-redact", help="leave all but tokens as it is in a bundle", show_default=False)
    ] = False,
) -> None:
    """Say which dyno fails, by dyno id, with evidence and what to type next.

    Examples:
      herodyno diagnose --app example-app
      herodyno diagnose --app example-app --listen 5m
      herodyno diagnose --app example-app --dyno web.2 --since 10m
      herodyno diagnose --app example-app --bundle incident.zip
      herodyno diagnose --from-file app.log --dynos dynos.json
      heroku logs --num 1500 --app example-app | herodyno diagnose --from-file -

    Live, it asks the API and reads the last 1,500 lines of log. From files it
    opens no connection: log-session text, Papertrail exports and drain frames are
    told apart by themselves, packed with gzip or Zstandard or not.

    Exit code: 0 nothing found, 10 warning, 20 critical, 30 not enough data.
    """
    session = Session.of(ctx)
    if output_format in ("json", "jsonl"):
        session.output.wants_json = True
    wishes = Wishes(
        files=tuple(from_file or ()) + tuple((more_files or ()) if from_file else ()),
        dynos_file=dynos_file,
        listen=listen,
        log_filter=Typed(since=since, until=until, types=tuple(kind or ()), dynos=tuple(dyno or ())),
        format=output_format or ("json" if session.output.wants_json else "text"),
        nagios=nagios,
        fail_on=fail_on,
        bundle=Path(bundle) if bundle else None,
        from_bundle=Path(from_bundle) if from_bundle else None,
        redact=not no_redact,
    )
    if nagios:
        raise typer.Exit(_for_monitoring(session, wishes, app, remote))
    check(wishes, unclaimed=bool(more_files) and not from_file, names_app=bool(app or remote))
    raise typer.Exit(wishes.exit_code(exit_code(found_and_shown(session, wishes, app, remote))))


def _for_monitoring(session: Session, wishes: Wishes, app: str | None, remote: str | None) -> int:
    """The plug-in's way: whatever goes wrong is one line and "unknown"."""
    from herodyno.render.diagnosis.nagios import UNKNOWN, nagios_code, nagios_failure

    try:
        check(wishes, unclaimed=False, names_app=bool(app or remote))
        return nagios_code(found_and_shown(session, wishes, app, remote))
    except HerodynoError as error:
        session.output.lines([line(nagios_failure(error.message))])
        return UNKNOWN
