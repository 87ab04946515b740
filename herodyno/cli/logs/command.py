"""`herodyno logs`: lines of an app's log, chosen, followed, counted, in the format that is wanted."""

# No "annotations" from __future__ here: typer would have to compile these twenty-five anew, twice each (4 ms).
from typing import Annotated

import typer

from herodyno.cli.logs.query import Typed, format_of, understood
from herodyno.cli.options import App, Remote
from herodyno.cli.session import Session
from herodyno.errors import UsageError


def _option(*names: str, metavar: str, help: str) -> typer.models.OptionInfo:  # noqa: A002 - typer's word
    return typer.Option(*names, metavar=metavar, help=help, show_default=False)  # type: ignore[no-any-return] # typer's Option() is Any


def logs(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[DYNO|TYPE|SOURCE|ID|FIELD=VALUE]...", show_default=False)
    ] = None,
    app: App = None,
    remote: Remote = None,
    tail: Annotated[bool, typer.Option("--tail", "-t", help="follow the log", show_default=False)] = False,
    num: Annotated[int | None, _option("--num", "-n", metavar="N", help="the last N lines that fit")] = None,
    since: Annotated[str, _option("--since", metavar="WHEN", help="10m, 14:30, yesterday, 2026-11-23T02:00Z")] = "",
    until: Annotated[str, _option("--until", metavar="WHEN", help="the same forms; ends --tail")] = "",
    grep: Annotated[list[str] | None, _option("--grep", "-g", metavar="REGEX", help="text to be found")] = None,
    exclude: Annotated[list[str] | None, _option("--exclude", metavar="REGEX", help="text to be left out")] = None,
    highlight: Annotated[list[str] | None, _option("--highlight", metavar="REGEX", help="text to stand out")] = None,
    without: Annotated[
        list[str] | None, _option("--not", metavar="TARGET", help="dyno, type, source to leave out")
    ] = None,
    request_id: Annotated[str, _option("--request-id", metavar="ID", help="one request, router and app lines")] = "",
    previous: Annotated[
        bool, typer.Option("--previous", help="the last lines of dynos that ended", show_default=False)
    ] = False,
    output: Annotated[
        str, _option("--output", "-o", metavar="FORMAT", help="text, json, jsonl, logfmt, csv, combined, plain, raw")
    ] = "",
    template: Annotated[str, _option("--template", metavar="TEXT", help="'{time} {dyno} {service} {text}'")] = "",
    times: Annotated[str, _option("--time", metavar="HOW", help="local, utc, relative, delta, none")] = "",
    stats: Annotated[str, _option("--stats", metavar="WHAT", help="'count,p95(service) by dyno,code'")] = "",
    gaps: Annotated[str, _option("--gaps", metavar="TIME", help="mark silences at least that long (30s)")] = "",
    fuse: Annotated[str, _option("--fuse", metavar="TIME", help="fuse lines alike within that time (5s)")] = "",
    redact: Annotated[
        bool, typer.Option("--redact", help="mask addresses, queries, tokens", show_default=False)
    ] = False,
    dyno: Annotated[list[str] | None, typer.Option("--dyno-name", "--dyno", "-d", hidden=True)] = None,
    process_type: Annotated[list[str] | None, typer.Option("--process-type", "--ps", "-p", hidden=True)] = None,
    source: Annotated[list[str] | None, typer.Option("--source", hidden=True)] = None,
    from_file: Annotated[
        list[str] | None, _option("--from-file", metavar="FILE", help="read a file (gz, zst; - is stdin), offline")
    ] = None,
) -> None:
    """Show lines of an app's log; filters are applied here, to all that Heroku keeps.

    Examples:
      herodyno logs --app example-app
      herodyno logs web.1 router --not web.2 --tail --app example-app
      herodyno logs 'status>=500' 'service>2s' 'path~^/api' --app example-app
      herodyno logs web --previous --app example-app
      herodyno logs --stats 'count,p95(service) by dyno,code' --app example-app
      herodyno logs code=H12 --since 14:30 -o jsonl --from-file app.log.gz

    A word is a dyno (web.1), a process type (web), router, a source (app,
    heroku), the beginning of a dyno id, or a filter on a field (= != ~ !~ > >=
    < <=). On a terminal times are local and each dyno has its colour; in a pipe
    lines are as Heroku sent them. Without filters the last 100 are shown. On Fir,
    which keeps no log, new lines are shown for a minute, or until -n of them fit.
    csv has LF line ends. The Heroku CLI's -d, -p and --source are understood.
    """
    session = Session.of(ctx)
    wishes = understood(
        session,
        Typed(
            words=[*(words or ()), *(dyno or ()), *(process_type or ()), *(source or ())],
            without=without or (),
            grep=grep or (),
            exclude=exclude or (),
            highlight=highlight or (),
            since=since,
            until=until,
            request_id=request_id,
            num=num,
            tail=tail,
            previous=previous,
            output=output,
            template=template,
            time=times,
            stats=stats,
            gaps=gaps,
            fuse=fuse,
            redact=redact,
            offline=bool(from_file),
        ),
    )
    format_of(session, wishes)  # whatever is wrong with it is said before anything is sent
    # Help needs neither the files' modules nor the network's; files not the network's.
    if from_file:
        from herodyno.cli.logs.offline import offline

        if tail:
            raise UsageError("a file does not grow here", next_step="tail -f FILE | herodyno logs --from-file -")
        offline(session, wishes, from_file)
        return
    from herodyno.cli.logs.live import live

    live(session, wishes, session.app_name(app, remote))
