"""`herodyno logs`: lines of an app's log, filtered, followed or counted, in the format that is wanted."""

from __future__ import annotations

import typer

from herodyno.cli.logs.formats import choose_format
from herodyno.cli.logs.options import LogOptions
from herodyno.cli.logs.query import parse_query
from herodyno.cli.options import is_for_several, reads_archive
from herodyno.cli.session import Session
from herodyno.errors import UsageError


def logs(ctx: typer.Context, options: LogOptions) -> None:
    """Show lines of an app's log; filters are applied here, to all that Heroku keeps.

    Examples:
      herodyno logs --app example-app
      herodyno logs web.1 router --not web.2 --tail --app example-app
      herodyno logs web.2 'status>=500' 'path~^/api' --app example-app
      herodyno logs router 'status>=500' --tail --apps 'example-*'
      herodyno logs web --previous --app example-app
      herodyno logs --stats 'count,p95(service) by dyno,code' --app example-app
      herodyno logs --stats 'count,p95(service) by 1m,dyno' --app example-app
      herodyno logs router --table dyno,code,service,path --app example-app
      herodyno logs --patterns --since-release --app example-app
      herodyno logs code=H12 --since 14:30 -o jsonl --from-file app.log.gz
      herodyno logs --stats 'count by 1h,dyno' code=H12 --since 7d --archive logs

    A word is a dyno (web.1), a process type (web), router, a source (app,
    heroku), the beginning of a dyno id, or a filter on a field (= != ~ !~ > >=
    < <=). A dyno's lines are its own and the router's about it. On a terminal
    times are local, each dyno has its colour and router lines are short; in a pipe
    lines are as Heroku sent them. Without filters the last 100 are shown. On Fir,
    which keeps no log, new lines are shown for a minute, or until -n of them fit.
    csv has LF line ends. The Heroku CLI's -d, -p and -s are understood.
    """
    session = Session.of(ctx)
    if options.force_colors:
        session.output.color = "always"
    query = parse_query(session, options)
    choose_format(session, query)  # raises UsageError for an unknown format before anything is sent
    # Help needs neither the files' modules nor the network's. Files do not need the network's.
    if is_for_several(options):
        from herodyno.cli.fleet.logs import logs_of_several

        logs_of_several(session, query)
        return
    if options.from_file and reads_archive(options):
        raise UsageError("--from-file and --archive are two sources", next_step="leave one out")
    if reads_archive(options) and options.tail:
        raise UsageError("an archive does not grow here", next_step="leave out --archive to follow the app's log")
    if options.from_file:
        from herodyno.cli.logs.offline import offline

        if options.tail:
            raise UsageError("a file does not grow here", next_step="tail -f FILE | herodyno logs --from-file -")
        offline(session, query, options.from_file)
        return
    if reads_archive(options):
        from herodyno.cli.archive.engine import archive_of
        from herodyno.cli.logs.archived import archived

        with archive_of(session, options) as archive:
            archived(session, query, archive)
        return
    from herodyno.cli.logs.live import live

    live(session, query, session.app_name(options.app, options.remote))
