"""`archive password`: a password for a drain, shown once, in the address to give to Heroku."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

import typer

from herodyno.archive.drains import new_password
from herodyno.cli.options import App, Archive, Remote, option, switch
from herodyno.cli.session import Session
from herodyno.errors import UsageError
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
      herodyno archive password --archive logs -a example-app --url https://logs.example.com
      herodyno archive password --archive logs --app example-app --drop-old

    The password is shown once; the archive keeps a digest. The one before works
    on until --drop-old or the next one, so that a drain can change without loss.
    """
    session = Session.of(ctx)
    output, app = session.output, session.app_name(options.app, options.remote)
    where = _checked(options.url)
    secret = new_password(Path(options.archive), app, app=app, drops_old=options.drop_old)
    scheme, _, host = where.partition("://")
    address = f"{scheme}://{app}:{secret}@{host}/"
    command = f"heroku drains:add '{address}' --app {app}"
    if output.wants_json:
        output.json({"schema": "herodyno.archive-password/1", "app": app, "url": address})
        return
    output.lines([line(command)])
    output.note("type this line; the password in it is not shown again")


def _checked(url: str) -> str:
    """The address without its end; without one, that of `archive receive` on this machine."""
    parts = urlsplit(url or "http://127.0.0.1:8601")
    if parts.scheme not in ("https", "http") or not parts.netloc or "@" in parts.netloc or parts.query:
        raise UsageError(f"--url {url!r} is no address of a receiver", next_step="write https://logs.example.com")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
