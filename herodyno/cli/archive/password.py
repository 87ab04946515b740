"""`archive password`: a password for a drain, shown once, in the address to give to Heroku."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

import typer

from herodyno.archive.drains.changes import drop_older, new_password
from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.receive.listening import is_loopback
from herodyno.cli.archive.address import receiver_address
from herodyno.cli.options import App, Archive, Remote, option, switch
from herodyno.cli.session import Session
from herodyno.errors import UsageError
from herodyno.render.text import line


class PasswordOptions(NamedTuple):
    """The flags of `archive password`."""

    archive: Archive
    app: App = None
    remote: Remote = None
    url: Annotated[str, option("--url", metavar="URL", help="https address at which Heroku reaches the receiver")] = ""
    drop_old: Annotated[bool, switch("--drop-old", help="make none, and refuse all but the newest")] = False


def password(ctx: typer.Context, options: PasswordOptions) -> None:
    """Make a password for the drain of an app, and print the line that adds the drain.

    Examples:
      herodyno archive password --archive logs --url https://logs.example.com
      herodyno archive password --archive logs --app example-app --drop-old

    The password is shown once; the archive keeps a digest. The one before works
    on until the next one, so that a drain can change without loss. --drop-old ends
    it: type it once Heroku sends with the newest. archive drain add makes the
    password and adds the drain, too.
    """
    session = Session.of(ctx)
    output, app = session.output, session.app_name(options.app, options.remote)
    if options.drop_old:
        if options.url:
            raise UsageError("--drop-old makes no password for --url", next_step="leave one of them out")
        dropped = drop_older(Path(options.archive), app)
        if output.wants_json:
            output.json({"schema": "herodyno.archive-password/1", "app": app, "url": None, "dropped": dropped})
        else:
            newest = f"the newest password of {app} works alone"
            output.lines([line(f"{newest} from now on" if dropped else f"{newest} already: nothing was changed")])
        return
    where = receiver_address(options.url or "http://127.0.0.1:8601")
    if where.startswith("http:") and not is_loopback(urlsplit(where).hostname or ""):
        raise UsageError(
            "over http, others could read the password and the log; nothing was made",
            next_step=f"write https{where.removeprefix('http').rstrip('/')}",
        )
    ArchiveFolder(Path(options.archive)).require_ours()
    secret = new_password(Path(options.archive), app, app=app)
    scheme, _, host = where.partition("://")
    address = f"{scheme}://{app}:{secret}@{host}"
    command = f"heroku drains:add '{address}' --app {app}"
    if output.wants_json:
        output.json({"schema": "herodyno.archive-password/1", "app": app, "url": address, "dropped": 0})
        return
    output.lines([line(command)])
    output.note("type this line; the password in it is not shown again")
