"""`herodyno auth token`: the token that commands use, or a new one of less power that soon ends. On stdout only."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, NamedTuple

import typer

from herodyno.cli.auth.accounts import KeptLogin, keep_made_token, usual_account
from herodyno.cli.auth.ways import description_of
from herodyno.cli.options import option
from herodyno.cli.session import Session
from herodyno.errors import RefusedByHeroku, UsageError
from herodyno.heroku.login.authorizations import authorize, bearer
from herodyno.heroku.login.credentials import account_flag
from herodyno.heroku.net.replies import is_of_scope
from herodyno.heroku.net.scopes import scopes_of
from herodyno.heroku_facts import LONGEST_TOKEN_SECONDS
from herodyno.render.auth import auth_token_document, ending, spoken_scope
from herodyno.render.text import line
from herodyno.typed_values import parse_duration
from herodyno.units import count

_USUAL_LIFE, _USUAL_SCOPE = "1h", "read"  # ours: the least
_DASHBOARD = "; in the dashboard: Account settings, Applications"


class TokenOptions(NamedTuple):
    """The flags of `auth token`."""

    # None and "" differ: a script's empty variable must not print the token of full power.
    life: Annotated[str | None, option("--for", metavar="TIME", help="a new token that ends after this long [1h]")] = (
        None
    )
    scope: Annotated[
        str | None, option("--scope", metavar="SCOPE", help="a new token that may do only this [read]")
    ] = None


def token(ctx: typer.Context, options: TokenOptions) -> None:
    """Print the token that commands use, or a new, lesser one, for another program.

    Examples:
      HEROKU_API_KEY=$(herodyno auth token) heroku ps --app example-app
      herodyno auth token --for 1h --scope read    a new one, for a script

    A new token needs a login of scope global. auth logout revokes it. Scopes:
    read and write are for all apps without account and config vars (write reads,
    too); read-protected and write-protected see config vars; identity reads the
    account; global is everything.
    """
    session = Session.of(ctx)
    life = _life(_USUAL_LIFE if options.life is None else options.life)
    scope = scopes_of(_USUAL_SCOPE if options.scope is None else options.scope)
    found = session.credential
    if options.life is None and options.scope is None:
        if session.output.wants_json:
            session.output.json(auth_token_document(found.token, found.source))
            return
        session.output.lines([line(found.token)])
        session.output.note(f"from {found.source}")
        return
    now = session.now()
    try:
        made = authorize(
            session.login_calls,
            session.api_url,
            bearer(found.token),
            description=f"{description_of('token')} (scope {', '.join(scope)})",
            expires_in=life,
            scope=scope,
        )
    except RefusedByHeroku as refused:
        if is_of_scope(refused):
            refused.next_step = (
                "only a token of scope global makes another:"
                f" {'unset HEROKU_API_KEY, then ' if found.source.isupper() else ''}herodyno auth login"
            )
        raise
    session.output.hide(made.token)
    ends_at = made.ends_at(now)
    # Before it is printed: what nobody read can still be revoked.
    lost = keep_made_token(session.api_host, KeptLogin(made.account, made.scope, ends_at, made.id), now=now)
    is_kept = all(each.authorization != made.id for each in lost)
    if lost and is_kept:
        last = ending(lost[-1].ends_at, now, utc=session.output.utc)
        session.output.note(
            f"too many live: {count(len(lost), 'older token')} cannot be revoked from here; the last {last}"
        )
    ends = ending(ends_at, now, utc=session.output.utc)
    if not is_kept:
        session.output.note(f"the new token's id could not be kept: it cannot be revoked from here; {ends}{_DASHBOARD}")
    if session.output.wants_json:
        session.output.json(auth_token_document(made.token, found.source, scope=made.scope, expires_at=ends_at))
        return
    session.output.lines([line(made.token)])
    if is_kept:
        session.output.note(
            f"a new token{spoken_scope(made.scope)}, {ends}; revoked {_way_to_revoke(session, made.account)}"
        )


def _way_to_revoke(session: Session, account: str) -> str:
    """Which logout is the token's: the bare one is that of the usual account, or of HERODYNO_ACCOUNT's."""
    command = "herodyno auth logout"
    usual, chosen = usual_account(session.api_host), session.account
    if chosen:
        is_bare = chosen == usual == (session.environ.get("HERODYNO_ACCOUNT", "").strip() or usual)
        return f"by: {command}" if is_bare else f"by: {command} {account_flag(chosen)}"
    if account and usual not in ("", account):  # of HEROKU_API_KEY, beside which logout ends the login of another
        return f"after a login of {account}, by: {command} {account_flag(account)}"
    return f"by: {command}"


def _life(text: str) -> timedelta:
    seconds = parse_duration(text, flag="--for", unit_needed=True)
    if not 1 <= seconds <= LONGEST_TOKEN_SECONDS:
        raise UsageError(f"--for {text!r}: a token lives 1s to 30d, Heroku's longest", next_step="--for 1h")
    return timedelta(seconds=int(seconds))
