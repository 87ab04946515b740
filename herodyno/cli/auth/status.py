"""`herodyno auth status`: which token is used, what it may do and until when, and what every other source holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import typer

from herodyno.cli.auth.accounts import KeptLogin, entry_of, kept_logins, login_accounts, usual_account
from herodyno.cli.session import Session
from herodyno.errors import HerodynoError, NotAuthenticated, TwoFactorNeeded
from herodyno.heroku.login.authorizations import authorization_of
from herodyno.heroku.login.credentials import OURS, CredentialSource, credential_sources, is_herokus, no_token
from herodyno.heroku.login.flows import account_of
from herodyno.heroku.net.request_headers import checked_token
from herodyno.render.auth import (
    Account,
    TokenSource,
    accounts_line,
    auth_status_document,
    auth_status_table,
    ending,
    spoken_scope,
)
from herodyno.render.text import Line, line


class Check(NamedTuple):
    """Heroku's answer for the token in use: its account, its scope and its end, or the error."""

    account: str = ""
    scope: tuple[str, ...] = ()
    expires_at: datetime | None = None
    error: HerodynoError | None = None


def status(ctx: typer.Context) -> None:
    """Show which token is used, what it may do until when, and the accounts here.

    Examples:
      herodyno auth status
      herodyno auth status --json

    Exit code 0 when the token works, 4 when there is none or Heroku does not take
    it. What the other sources hold is told too; the token itself is never shown.
    A token that is not of scope global may not ask for its own scope and end: they
    are shown as Heroku told them when herodyno made it.
    """
    session = Session.of(ctx)
    host, chosen = session.api_host, session.account
    found = list(
        credential_sources(session.environ, host, account=chosen, usual=lambda: usual_account(session.api_host))
    )
    for finding in found:
        if finding.token:
            session.output.hide(finding.token.strip())
    used = next((finding for finding in found if finding.token), None)
    check = _check(session, used, host)
    accounts = sorted(set(_accounts(session, host)))
    if session.output.wants_json:
        session.output.json(
            auth_status_document(
                _sources(found, used),
                host=host,
                works=check.error is None,
                account=check.account,
                scope=check.scope,
                expires_at=check.expires_at,
                accounts=accounts,
            )
        )
    else:
        if used is not None:
            session.output.lines([*_verdict(session, host, used, check), line()])
        session.output.show(auth_status_table(_sources(found, used)))
        if len({each.account for each in accounts} | {check.account}) > 1:
            session.output.lines([line(), accounts_line(accounts)])
    if check.error:
        raise check.error


def _check(session: Session, used: CredentialSource | None, host: str) -> Check:
    if used is None:
        return Check(error=no_token(host, account=session.account, logins=login_accounts(host)))
    calls, api = session.login_calls, session.api_url
    try:
        token = checked_token(used.token, source=used.source)
        account = account_of(calls, api, token)
        own = authorization_of(calls, api, token)
    except HerodynoError as error:
        if used.source == "HEROKU_API_KEY" and isinstance(error, NotAuthenticated) and not _asks_for_more(error):
            error.next_step = "correct or unset HEROKU_API_KEY"
        return Check(error=error)
    if own is not None:
        return Check(account or used.account, own.scope, own.ends_at(session.now()))
    kept = KeptLogin()
    if used.source.startswith(OURS):
        kept = kept_logins().get(entry_of(host, session.account), kept)
    return Check(account or used.account, kept.scope, kept.ends_at)


def _accounts(session: Session, host: str) -> Iterator[Account]:
    """Every account with a token here, by its source. Lists what the Heroku CLI keeps in the keychain."""
    from herodyno.heroku.login.netrc import netrc_logins, netrc_path
    from herodyno.heroku.login.official_cli import keychain_accounts

    yield from (Account(name, OURS) for name in login_accounts(host))
    if is_herokus(host):
        yield from (Account(name, "Heroku CLI's keychain entry") for name in keychain_accounts(session.environ))
    path = netrc_path(session.environ)
    # A login that is no e-mail address may be anything, a token too.
    yield from (Account(name, str(path)) for name in netrc_logins(path, host) if "@" in name)


def _asks_for_more(error: HerodynoError) -> bool:
    return isinstance(error, TwoFactorNeeded)


def _verdict(session: Session, host: str, used: CredentialSource, check: Check) -> list[Line]:
    if check.error:
        if _asks_for_more(check.error):
            return [line(f"the token from {used.source} is taken at {host}, together with a second factor")]
        refused = isinstance(check.error, NotAuthenticated)
        return [line(f"the token from {used.source} {'does not work' if refused else 'could not be tried'} at {host}")]
    ends = ending(check.expires_at, session.now(), utc=session.output.utc)
    whose = f" as {check.account}" if check.account else " by a token whose scope does not show its account,"
    return [
        line(f"logged in{whose} at {host}"),
        line(f"token from {used.source}: works{spoken_scope(check.scope)}, {ends}"),
    ]


def _sources(found: list[CredentialSource], used: CredentialSource | None) -> list[TokenSource]:
    return [
        TokenSource(
            source=finding.source,
            holds="problem" if finding.problem else "token" if finding.token else "nothing",
            in_use=finding is used,
            detail=_holds(finding, used),
        )
        for finding in found
    ]


def _holds(finding: CredentialSource, used: CredentialSource | None) -> str:
    if finding.problem:
        return f"not usable: {finding.problem.message} ({finding.problem.next_step})"
    if not finding.token:
        return f"nothing: {finding.detail}" if finding.detail else "nothing"
    if finding is used:
        return "a token: in use"
    return "the same token" if used and finding.token.strip() == used.token.strip() else "another token"
