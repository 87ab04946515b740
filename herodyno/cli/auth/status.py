"""`herodyno auth status`: which token is used, whether the token works, and what every other source holds."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import typer

from herodyno.cli.session import Session
from herodyno.errors import HerodynoError, NotAuthenticated, TwoFactorNeeded
from herodyno.heroku.login.credentials import WAYS, CredentialSource, credential_sources
from herodyno.heroku.login.flows import account_of, expires_at
from herodyno.heroku.net.request_headers import checked_token
from herodyno.render.auth import TokenSource, auth_status_document, auth_status_table
from herodyno.render.text import Line, line
from herodyno.units import stamp, zone_name, zone_of


class Check(NamedTuple):
    """Heroku's answer for the token in use: its account and its end, or the error."""

    account: str = ""
    expires_at: datetime | None = None
    error: HerodynoError | None = None


def status(ctx: typer.Context) -> None:
    """Show which token is used, where it comes from, and whether it works.

    Examples:
      herodyno auth status
      herodyno auth status --json

    Exit code 0 when the token works, 4 when there is none or Heroku does not take
    it. What the other sources hold is told too; the token itself is never shown.
    """
    session = Session.of(ctx)
    host = session.api_host
    found = list(credential_sources(session.environ, host))
    for finding in found:
        if finding.token:
            session.output.hide(finding.token.strip())
    used = next((finding for finding in found if finding.token), None)
    check = _check(session, used, host)
    if session.output.wants_json:
        session.output.json(
            auth_status_document(
                _sources(found, used),
                host=host,
                works=check.error is None,
                account=check.account,
                expires_at=check.expires_at,
            )
        )
    else:
        _show(session, host, found, used, check)
    if check.error:
        raise check.error


def _check(session: Session, used: CredentialSource | None, host: str) -> Check:
    if used is None:
        return Check(error=NotAuthenticated(f"no Heroku token for {host}", next_step=WAYS.format(host=host)))
    calls = session.login_calls
    try:
        token = checked_token(used.token, source=used.source)
        account = account_of(calls, session.api_url, token)
        return Check(account, expires_at(calls, session.api_url, token, session.now()))
    except HerodynoError as error:
        if used.source == "HEROKU_API_KEY" and isinstance(error, NotAuthenticated) and not _asks_for_more(error):
            error.next_step = "correct or unset HEROKU_API_KEY"
        return Check(error=error)


def _asks_for_more(error: HerodynoError) -> bool:
    return isinstance(error, TwoFactorNeeded)


def _show(
    session: Session, host: str, found: list[CredentialSource], used: CredentialSource | None, check: Check
) -> None:
    if used is not None:
        session.output.lines([*_verdict(session, host, used, check), line()])
    session.output.show(auth_status_table(_sources(found, used)))


def _verdict(session: Session, host: str, used: CredentialSource, check: Check) -> list[Line]:
    if check.error:
        if _asks_for_more(check.error):
            return [line(f"the token from {used.source} is taken at {host}, together with a second factor")]
        refused = isinstance(check.error, NotAuthenticated)
        return [line(f"the token from {used.source} {'does not work' if refused else 'could not be tried'} at {host}")]
    zone = zone_of(session.now(), utc=session.output.utc)
    at = check.expires_at
    ends = f"ends {stamp(at, zone)} {zone_name(at, zone)}" if at else "no end known"
    return [line(f"logged in as {check.account} at {host}"), line(f"token from {used.source}: works, {ends}")]


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
