"""`herodyno restart`: replace dynos, at once or rolling, and compare whether that helped."""

from __future__ import annotations

import typer

from herodyno.cli.options import is_for_several
from herodyno.cli.restart.options import RestartOptions, parse_request
from herodyno.cli.restart.work import restart_dynos
from herodyno.cli.session import Session
from herodyno.cli.writing import Writing


def restart(ctx: typer.Context, options: RestartOptions) -> None:
    """Replace dynos by new ones: the whole app, a process type, a dyno, a dyno id.

    Examples:
      herodyno restart web.2 --if-id 6f1c02ab --verify 5m --app example-app
      herodyno restart web --rolling --batch 25% --app example-app
      herodyno restart --rolling --resume --app example-app
      herodyno restart --over-memory 90% --max-per-hour 4 --app example-app
      herodyno restart --app example-app --confirm example-app
      herodyno restart web --stale-release --apps 'example-*'

    Without --rolling all dynos meant restart at once; all of a type or of the app
    ask for the app's name. Each selector (--over-memory, --older-than,
    --stale-release, --crashed) narrows. --if-id does nothing when it is gone.
    Several apps are planned first, and their number is asked for.
    """
    request = parse_request(ctx, options)
    if is_for_several(options):
        from herodyno.cli.restart.several import restart_several

        restart_several(Session.of(ctx), request)
        return
    restart_dynos(Writing(Session.of(ctx), options), request)
