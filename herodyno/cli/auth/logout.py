"""`herodyno auth logout`: what herodyno made is revoked and removed; what others made is left alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, NamedTuple

import typer

from herodyno.cli.auth.accounts import KeptLogin, entry_of, forget_made_tokens, keep_login, kept_logins, made_tokens
from herodyno.cli.options import switch
from herodyno.cli.session import Session
from herodyno.errors import HerodynoError, RefusedByHeroku
from herodyno.heroku.login.authorizations import revoke, revoke_by_id
from herodyno.heroku.login.credentials import OURS, credential_sources
from herodyno.heroku.login.keychain import Keychain
from herodyno.heroku.net.replies import is_of_scope
from herodyno.heroku.net.request_headers import checked_token
from herodyno.render.text import line
from herodyno.units import count


class LogoutOptions(NamedTuple):
    """The flag of `auth logout`."""

    keep_token: Annotated[bool, switch("--keep-token", help="remove it here, but leave it valid at Heroku")] = False


def logout(ctx: typer.Context, options: LogoutOptions) -> None:
    """Revoke the token of herodyno's login and remove it from the keyring.

    Examples:
      herodyno auth logout
      herodyno auth logout --keep-token

    The tokens that auth token made for the account are revoked, too. The account's
    API key is removed here, but never revoked: it may be in use elsewhere. What
    other programs keep (the Heroku CLI's login, ~/.netrc) is left alone.
    """
    session = Session.of(ctx)
    host, keychain = session.api_host, Keychain(session.environ)
    entry = entry_of(host, session.account)
    token = keychain.read(entry)
    login = kept_logins().get(entry, KeptLogin(session.account))
    session.output.hide(token)
    ended: Sequence[str] = ()
    revoked, failure = False, None
    if not options.keep_token:
        try:
            ended = _end_made_tokens(session, token, login)
            revoked = bool(token) and _end_login(session, token, login)
        except HerodynoError as error:
            failure = error
    if token:
        keychain.delete(entry)
    keep_login(entry, None)
    forget_made_tokens(host, ended)
    if session.output.wants_json:
        session.output.json(
            {
                "schema": "herodyno.auth-change/1",
                "removed": bool(token),
                "revoked": revoked,
                "tokens_revoked": len(ended),
            }
        )
    else:
        done = "removed" if token else "there was no login of herodyno's"
        more = f"; {count(len(ended), 'token')} of auth token revoked" if ended else ""
        session.output.lines([line(f"{done}{' and revoked' if revoked else ''}{more}")])
    for other in credential_sources(session.environ, host):
        if other.token:
            session.output.note(f"commands will now use the token from {other.source}")
            break
    if failure:
        failure.message = f"{'removed here, but ' if token else ''}not revoked: {failure.message}"
        failure.next_step = "revoke it in the dashboard: Account settings, Applications"
        raise failure


def _end_login(session: Session, token: str, login: KeptLogin) -> bool:
    """Revoke the login's token: with itself, or with another token where its scope does not let it."""
    calls, api = session.login_calls, session.api_url
    try:
        return revoke(calls, api, checked_token(token, source="the keyring"))
    except RefusedByHeroku as refused:
        if not is_of_scope(refused):
            raise
        if not any(_ended(session, login.authorization, other) for other in _other_tokens(session)):
            raise
        return True


def _end_made_tokens(session: Session, token: str, login: KeptLogin) -> list[str]:
    """Revoke what `auth token` made for the account and has not ended. Returns the ids."""
    ended = []
    for made in made_tokens(session.api_host):
        is_over = made.ends_at is not None and made.ends_at <= session.now()
        if not is_over and login.account in ("", made.account):
            others = _other_tokens(session)
            if any(_ended(session, made.authorization, each) for each in ((token, *others) if token else others)):
                ended.append(made.authorization)
    return ended


def _ended(session: Session, authorization: str, token: str) -> bool:
    try:
        return bool(authorization) and revoke_by_id(session.login_calls, session.api_url, authorization, token)
    except RefusedByHeroku as refused:
        if is_of_scope(refused):
            return False
        raise


def _other_tokens(session: Session) -> Iterator[str]:
    """The tokens of the sources that are no login of herodyno's."""
    for source in credential_sources(session.environ, session.api_host):
        if source.token and not source.source.startswith(OURS):
            session.output.hide(source.token)
            yield checked_token(source.token, source=source.source)
