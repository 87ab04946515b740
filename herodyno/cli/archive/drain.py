"""`archive drain add|remove|list`: the drains of an app at Heroku, those into an archive among them."""

from __future__ import annotations

import typer

from herodyno.cli.archive.drain_options import DrainAddOptions, DrainListOptions, DrainRemoveOptions
from herodyno.cli.session import Session


def drain_add(ctx: typer.Context, options: DrainAddOptions) -> None:
    """Make a drain's password in the archive, and add the drain at Heroku.

    Examples:
      herodyno archive drain add --archive logs --url https://logs.example.com
      herodyno archive drain add -a my-app --archive logs --url https://my.org/logs

    On Cedar it is a log drain, on Fir a telemetry drain with logs and metrics. The
    password goes to Heroku alone; the archive keeps its digest, and the drain's
    id and token. A second drain to the same address would double every line, and
    is refused.
    """
    # Here and below: the client of Heroku's API is not loaded for the other archive commands.
    from herodyno.cli.archive.drain_work import add

    add(Session.of(ctx), options)


def drain_remove(ctx: typer.Context, options: DrainRemoveOptions) -> None:
    """Remove a drain at Heroku, by its host, token or id.

    Examples:
      herodyno archive drain remove logs.example.com -a example-app --archive logs
      herodyno archive drain remove d.5d7a2b1c-7e3f-4c0a-9d7e-0a1b2c3d4e5f -a my-app

    Asks for the app's name: no line of the app comes to that address any more.
    What the archive holds stays. The drain's password works for an hour more, so
    that lines on their way still come in, unless another drain sends with it. An
    archive that does not know the drain is refused, and nothing is sent.
    """
    from herodyno.cli.archive.drain_work import remove

    remove(Session.of(ctx), options)


def drain_list(ctx: typer.Context, options: DrainListOptions) -> None:
    """List the drains of an app; with --archive, which are of it and when they sent.

    Examples:
      herodyno archive drain list -a example-app
      herodyno archive drain list -a example-app --archive logs --json

    LOST is how many messages Heroku says that it dropped (L10), in all days of the
    archive. Of addresses scheme, host and port are shown: the rest may hold keys.
    """
    from herodyno.cli.archive.drain_work import show_list

    show_list(Session.of(ctx), options)
