"""A login's token goes into the keyring; the login of another account stays beside it."""

from __future__ import annotations

from contextlib import suppress

from herodyno.cli.auth.accounts import KeptLogin, keep_login, kept_logins
from herodyno.cli.session import Session
from herodyno.errors import HerodynoError
from herodyno.heroku.login.authorizations import Authorization, revoke_by_id
from herodyno.heroku.login.keychain import Keychain, entry_name


def keep(session: Session, keychain: Keychain, made: Authorization) -> str:
    """Store the token and what is known of it. Returns the keyring's name.

    The login is the usual one from now on, unless --account chose the account of another. The login of this account
    before it is revoked, where herodyno made it.
    """
    host, logins = session.api_host, kept_logins()
    usual = logins.get(host, KeptLogin())
    is_another = usual.account not in ("", made.account)
    entry = entry_name(host, made.account if is_another and session.account else "")
    if is_another and entry == host and (token := keychain.read(host)):
        beside = entry_name(host, usual.account)
        keychain.write(beside, token)
        keep_login(beside, usual)
        session.output.note(f"the login of {usual.account} stays: --account {usual.account}")
    store = keychain.write(entry, made.token)
    ends_at = made.ends_at(session.now())
    keep_login(entry, KeptLogin(made.account, made.scope, ends_at, made.id))
    before = logins.get(entry_name(host, made.account), KeptLogin()) if made.account else KeptLogin()
    if entry == host and made.account and keychain.delete(entry_name(host, made.account)):
        keep_login(entry_name(host, made.account), None)
    for old in (before, KeptLogin() if is_another else usual):
        if old.authorization and old.authorization != made.id:
            with suppress(HerodynoError):  # the new login stands; the old one ends by itself
                revoke_by_id(session.login_calls, session.api_url, old.authorization, made.token)
    return store
