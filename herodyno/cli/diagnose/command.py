"""`herodyno diagnose`: which dyno fails, with evidence, and what to type; live, from files, from a bundle."""

from __future__ import annotations

import typer

from herodyno.cli.diagnose.options import DiagnoseOptions, about_one, parse_request
from herodyno.cli.diagnose.work import diagnose_and_show
from herodyno.cli.options import is_for_several
from herodyno.cli.session import Session
from herodyno.diagnosis.report.exit_codes import exit_code
from herodyno.errors import HerodynoError
from herodyno.render.text import line


def diagnose(ctx: typer.Context, options: DiagnoseOptions) -> None:
    """Say which dyno fails, by dyno id, with evidence and what to type next.

    Examples:
      herodyno diagnose --app example-app
      herodyno diagnose --app example-app --listen 5m
      herodyno diagnose --app example-app --watch 30s
      herodyno diagnose --app example-app --watch 60s --on change -- ./notify.sh
      herodyno diagnose --apps 'example-*' --top 3
      herodyno diagnose --apps 'example-*' -o openmetrics --file verdicts.prom
      herodyno diagnose --app example-app --dyno web.2 --since 10m
      herodyno diagnose --app example-app --bundle incident.zip
      herodyno diagnose --app example-app --html incident.html
      herodyno diagnose --from-file app.log --dynos dynos.json
      heroku logs --num 1500 --app example-app | herodyno diagnose --from-file -

    Live, it asks the API and reads the last 1,500 lines of log. From files it
    opens no connection, unless --app names the app of a log that reaches now:
    then the API says how many dynos there are. Log-session text, Papertrail
    exports and drain frames are told apart by themselves, packed or not.

    Exit code: 0 nothing found, 10 warning, 20 critical, 30 not enough data.
    """
    session = Session.of(ctx)
    if options.output in ("json", "jsonl"):
        session.output.wants_json = True
    options, argv = _apart_from_command(ctx, options)
    as_metrics = options.output == "openmetrics"
    if as_metrics or options.file:
        from herodyno.cli.fleet.metrics import check_metrics

        check_metrics(session, options.output, options.file)
    if is_for_several(options) or (as_metrics and not about_one(options)):
        from herodyno.cli.fleet.diagnose import diagnose_several

        raise typer.Exit(diagnose_several(session, options))
    if options.nagios:
        raise typer.Exit(_for_monitoring(session, options))
    request = parse_request(session, options)
    alerting = None
    if options.on:
        from herodyno.cli.diagnose.alerts.alerting import Alerting
        from herodyno.cli.diagnose.alerts.options import parse_alerts

        alerts = parse_alerts(session, options, argv)
        alerting = Alerting(session, alerts, no_redact=options.no_redact, goes_on=bool(options.watch))
    if options.watch:
        from herodyno.cli.live.diagnose_watch import watch_diagnosis

        app = session.app_name(options.app, options.remote)
        log_filter, every, in_full = request.log_filter, options.watch, options.full
        watch_diagnosis(session, app, log_filter, every=every, in_full=in_full, alerting=alerting)
    found = diagnose_and_show(session, request)
    if alerting:
        from herodyno.diagnosis.sections.coverage import BROKE_OFF

        alerting.look(found, is_whole=found.coverage.lines > 0 and BROKE_OFF not in found.coverage.notes)
    raise typer.Exit(exit_code(found, **options.exit_rules))


def _apart_from_command(ctx: typer.Context, options: DiagnoseOptions) -> tuple[DiagnoseOptions, tuple[str, ...]]:
    if not (options.on or options.more_files):
        return options, ()
    from herodyno.cli.diagnose.alerts.options import apart_from_command

    return apart_from_command(ctx, options)


def _for_monitoring(session: Session, options: DiagnoseOptions) -> int:
    """The exit code for monitoring. Every error is one line and "unknown"."""
    from herodyno.render.diagnosis.nagios import UNKNOWN, nagios_code, nagios_failure

    try:
        return nagios_code(diagnose_and_show(session, parse_request(session, options)), **options.exit_rules)
    except HerodynoError as error:
        session.output.lines([line(nagios_failure(error.message))])
        return UNKNOWN
