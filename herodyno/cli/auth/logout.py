"""`herodyno auth logout`: what herodyno made is revoked and removed; what others made is left alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, NamedTuple

import typer

from herodyno.cli.auth.accounts import (
    KeptLogin,
    entry_of,
    forget_made_tokens,
    keep_login,
    kept_logins,
    login_accounts,
    made_tokens,
)
from herodyno.cli.options import switch
from herodyno.cli.session import Session
from herodyno.errors import HerodynoError, Refused, RefusedByHeroku
from herodyno.heroku.login.authorizations import revoke, revoke_by_id
from herodyno.heroku.login.credentials import OURS, account_flag, credential_sources
from herodyno.heroku.login.keychain import Keychain, NoKeyring
from herodyno.heroku.net.replies import is_of_scope
from herodyno.heroku.net.request_headers import checked_token
from herodyno.render.auth import ending
from herodyno.render.text import line
from herodyno.units import count

_DASHBOARD = "revoke it in the dashboard: Account settings, Applications"


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
    token = _read(keychain, entry, host)
    session.output.hide(token)
    login = kept_logins().get(entry, KeptLogin(session.account))
    ended, left, failures = 0, [], []
    revoked = False
    if not options.keep_token:
        for made in _alive(session, login):
            left.append(made)
            try:
                answer = _end_made_token(session, made, token)
            except HerodynoError as error:
                failures.append(error)
                continue
            # An account that has no such token has lost it, where it is the account that had it.
            if answer or (answer is False and login.account and login.account == made.account):
                left.pop()
                ended += bool(answer)
                forget_made_tokens(host, [made.authorization])
        try:  # last: it revoked the others
            revoked = bool(token) and _end_login(session, token, login)
        except HerodynoError as error:
            failures.append(error)
    if token:
        keychain.delete(entry)
    keep_login(entry, None)
    _show(session, removed=bool(token), revoked=revoked, ended=ended)
    _note_what_is_left(session)
    if left:
        last = max((each.ends_at for each in left if each.ends_at), default=None)
        ends = ending(last, session.now(), utc=session.output.utc)
        told = f"{count(len(left), 'token')} of auth token could not be revoked; the last {ends}"
        if not failures:
            raise Refused(told, next_step=_way_to_revoke(session, left))
        session.output.note(told)
    if failures:
        failure = failures[-1]
        ends = f" ({ending(login.ends_at, session.now(), utc=session.output.utc)})" if token and login.ends_at else ""
        failure.message = f"{'removed here, but ' if token else ''}not revoked{ends}: {failure.message}"
        failure.next_step = _DASHBOARD
        raise failure


def _read(keychain: Keychain, entry: str, host: str) -> str:
    try:
        return keychain.read(entry)
    except NoKeyring:
        if not made_tokens(host):
            raise
        return ""  # tokens can be made without a keyring, and revoked


def _show(session: Session, *, removed: bool, revoked: bool, ended: int) -> None:
    if session.output.wants_json:
        session.output.json(
            {"schema": "herodyno.auth-change/1", "removed": removed, "revoked": revoked, "tokens_revoked": ended}
        )
        return
    others = login_accounts(session.api_host)
    whose = session.account or ("herodyno's that is the usual one" if others else "herodyno's")
    done = "removed" if removed else f"there was no login of {whose}"
    more = f"; {count(ended, 'token')} of auth token revoked" if ended else ""
    session.output.lines([line(f"{done}{' and revoked' if revoked else ''}{more}")])


def _note_what_is_left(session: Session) -> None:
    host, note = session.api_host, session.output.note
    for other in credential_sources(session.environ, host):
        if other.token:
            note(f"commands will now use the token from {other.source}")
            break
    for account in login_accounts(host):
        note(f"{account} is still logged in: --account {account}")


def _way_to_revoke(session: Session, left: Sequence[KeptLogin]) -> str:
    accounts = {made.account for made in left}
    here = [account for account in login_accounts(session.api_host) if account in accounts]
    ways = [f"herodyno auth logout {account_flag(account)}" for account in here]
    return " · ".join([*ways, *([_DASHBOARD] if accounts - set(here) else [])])


def _alive(session: Session, login: KeptLogin) -> list[KeptLogin]:
    """What `auth token` made for the login's account and has not ended. All of it where the account is not known."""
    return [
        made
        for made in made_tokens(session.api_host)
        if login.account in ("", made.account) and not (made.ends_at and made.ends_at <= session.now())
    ]


def _end_made_token(session: Session, made: KeptLogin, token: str) -> bool | None:
    """True when a token revoked it, else what Heroku answered the login's token."""
    first = _ended(session, made.authorization, token) if token else None
    return first or any(_ended(session, made.authorization, each) for each in _other_tokens(session)) or first


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


def _ended(session: Session, authorization: str, token: str) -> bool | None:
    try:
        return revoke_by_id(session.login_calls, session.api_url, authorization, token) if authorization else None
    except RefusedByHeroku as refused:
        if is_of_scope(refused):
            return None
        raise


def _other_tokens(session: Session) -> Iterator[str]:
    """The tokens of the sources that are no login of herodyno's."""
    for source in credential_sources(session.environ, session.api_host, account=session.account):
        if source.token and not source.source.startswith(OURS):
            session.output.hide(source.token)
            yield checked_token(source.token, source=source.source)
