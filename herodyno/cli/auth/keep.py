"""A login's token goes into the keyring; the login of another account stays beside it."""

from __future__ import annotations

from contextlib import suppress

from herodyno.cli.auth.accounts import KeptLogin, keep_login, kept_logins
from herodyno.cli.session import Session
from herodyno.errors import HerodynoError
from herodyno.heroku.login.authorizations import GLOBAL, Authorization, revoke, revoke_by_id
from herodyno.heroku.login.keychain import Keychain, entry_name
from herodyno.render.auth import ending


def keep(session: Session, keychain: Keychain, made: Authorization) -> str:
    """Store the token and what is known of it. Returns the keyring's name.

    The login is the usual one from now on, unless --account chose the account of another. The login of this account
    before it is revoked, where herodyno made it.
    """
    host, logins = session.api_host, kept_logins()
    usual = logins.get(host, KeptLogin())
    is_another = usual.account not in ("", made.account)
    entry = entry_name(host, made.account if is_another and session.account else "")
    own = {entry_name(host, made.account)} if made.account else set()
    replaced = {name: keychain.read(name) for name in own | (set() if is_another else {host})}
    if is_another and entry == host and (token := keychain.read(host)):
        beside = entry_name(host, usual.account)
        keychain.write(beside, token)
        keep_login(beside, usual)
        session.output.note(f"the login of {usual.account} stays: --account {usual.account}")
    store = keychain.write(entry, made.token)
    login = login_of(session, made)
    for name, token in replaced.items():
        before = logins.get(name, KeptLogin())
        if token == made.token:
            login = login if login.scope else before  # typed in again: it is still the one that was made
        elif token and before.scope:
            end_login(session, "the login before", before, token, made.token)
        if name != entry and keychain.delete(name):
            keep_login(name, None)
    if not keep_login(entry, login) and made.scope and made.scope != GLOBAL:
        ends = ending(login.ends_at, session.now(), utc=session.output.utc)
        session.output.note(f"the id of this login could not be kept: auth logout cannot revoke it; it {ends}")
    return store


def login_of(session: Session, made: Authorization) -> KeptLogin:
    """What is known of a token that was made now."""
    return KeptLogin(made.account, made.scope, made.ends_at(session.now()), made.id)


def end_login(session: Session, what: str, login: KeptLogin, token: str, other_token: str = "") -> None:
    """Revoke a token: with itself, or with another where its scope does not let it. A failure is a note on `what`."""
    calls, api = session.login_calls, session.api_url
    with suppress(HerodynoError):  # the login that stands, or the first error, matters more
        if revoke(calls, api, token):
            return
    with suppress(HerodynoError):
        if other_token and revoke_by_id(calls, api, login.authorization, other_token):
            return
    ends = ending(login.ends_at, session.now(), utc=session.output.utc)
    session.output.note(f"{what} could not be revoked ({ends}); in the dashboard: Account settings, Applications")
