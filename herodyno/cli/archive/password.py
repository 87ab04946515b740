"""`archive password`: a password for a drain, shown once, in the address to give to Heroku."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from herodyno.archive.drains import new_password
from herodyno.archive.folder import ArchiveFolder
from herodyno.cli.archive.address import receiver_address
from herodyno.cli.options import App, Archive, Remote, option, switch
from herodyno.cli.session import Session
from herodyno.render.text import line


class PasswordOptions(NamedTuple):
    """The flags of `archive password`."""

    archive: Archive
    app: App = None
    remote: Remote = None
    url: Annotated[str, option("--url", metavar="URL", help="where Heroku reaches the receiver: https://…")] = ""
    drop_old: Annotated[bool, switch("--drop-old", help="refuse the password before this one from now on")] = False


def password(ctx: typer.Context, options: PasswordOptions) -> None:
    """Make a password for the drain of an app, and print the line that adds the drain.

    Examples:
      herodyno archive password --archive logs --url https://logs.example.com
      herodyno archive password --archive logs --app example-app --drop-old

    The password is shown once; the archive keeps a digest. The one before works
    on until --drop-old or the next one, so that a drain can change without loss.
    archive drain add makes the password and adds the drain, too.
    """
    session = Session.of(ctx)
    output, app = session.output, session.app_name(options.app, options.remote)
    where = receiver_address(options.url or "http://127.0.0.1:8601")
    ArchiveFolder(Path(options.archive)).require_ours()
    secret = new_password(Path(options.archive), app, app=app, drops_old=options.drop_old)
    scheme, _, host = where.partition("://")
    address = f"{scheme}://{app}:{secret}@{host}"
    command = f"heroku drains:add '{address}' --app {app}"
    if output.wants_json:
        output.json({"schema": "herodyno.archive-password/1", "app": app, "url": address})
        return
    output.lines([line(command)])
    output.note("type this line; the password in it is not shown again")
