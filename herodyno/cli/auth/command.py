"""`herodyno auth`: log in, log out, and which token commands use."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import typer

from herodyno.cli.auth.accounts import keep_login_account
from herodyno.cli.auth.login import login
from herodyno.cli.auth.status import status
from herodyno.cli.options import switch
from herodyno.cli.session import Session
from herodyno.errors import HerodynoError
from herodyno.heroku.login.credentials import credential_sources
from herodyno.heroku.login.flows import revoke
from herodyno.heroku.login.keychain import Keychain
from herodyno.heroku.net.request_headers import checked_token
from herodyno.render.text import line


class LogoutOptions(NamedTuple):
    """The flag of `auth logout`."""

    keep_token: Annotated[bool, switch("--keep-token", help="remove it here, but leave it valid at Heroku")] = False


def logout(ctx: typer.Context, options: LogoutOptions) -> None:
    """Revoke the token of herodyno's login and remove it from the keyring.

    Examples:
      herodyno auth logout
      herodyno auth logout --keep-token

    The account's API key is removed here, but never revoked: it may be in use
    elsewhere. What other programs keep (the Heroku CLI's login, ~/.netrc) is left
    alone.
    """
    session = Session.of(ctx)
    host, keychain = session.api_host, Keychain(session.environ)
    token = keychain.read(host)
    revoked, failure = False, None
    if token and not options.keep_token:
        try:
            revoked = revoke(session.login_calls, session.api_url, checked_token(token, source="the keyring"))
        except HerodynoError as error:
            failure = error
    if token:
        keychain.delete(host)
        keep_login_account(host, "")
    if session.output.wants_json:
        session.output.json({"schema": "herodyno.auth-change/1", "removed": bool(token), "revoked": revoked})
    else:
        done = "removed" if token else "there was no login of herodyno's"
        session.output.lines([line(f"{done}{' and revoked' if revoked else ''}")])
    for other in credential_sources(session.environ, host):
        if other.token:
            session.output.note(f"commands will now use the token from {other.source}")
            break
    if failure:
        failure.message = f"removed here, but not revoked: {failure.message}"
        failure.next_step = "revoke it in the dashboard: Account settings, Applications"
        raise failure


def token(ctx: typer.Context) -> None:
    """Print the token that commands use, for another program.

    Examples:
      HEROKU_API_KEY=$(herodyno auth token) heroku ps --app example-app
    """
    session = Session.of(ctx)
    found = session.credential
    if session.output.wants_json:
        session.output.json({"schema": "herodyno.auth-token/1", "token": found.token, "source": found.source})
        return
    session.output.lines([line(found.token)])
    session.output.note(f"from {found.source}")


COMMANDS = {"login": login, "logout": logout, "status": status, "token": token}
