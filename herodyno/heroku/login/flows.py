"""Getting, checking and revoking tokens, by the calls that the Heroku CLI makes.

The browser login waits at Heroku's login host until a person has logged in. The password login sends the password once,
to the API, and never keeps it.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from herodyno.errors import BadReply, NotAuthenticated, PlatformFailed, Unreachable, UsageError
from herodyno.heroku.login.login_calls import LoginCalls, refusal, text_in
from herodyno.heroku.net.hosts import api_url
from herodyno.heroku.net.request_headers import checked_token
from herodyno.heroku_facts import LONGEST_TOKEN_SECONDS

LOGIN_URL = "https://cli-auth.heroku.com"
LONGEST = timedelta(seconds=LONGEST_TOKEN_SECONDS)
BROWSER_SECONDS = 600.0  # for a person to log in; ours
_REDACTED = "*" * 10  # the API shows an older token as "HRKU-1234**********abcd"
_FEWEST_SHOWN = 8  # characters that the API must show to identify a token; all tokens begin with "HRKU-"


@dataclass(frozen=True, slots=True)
class Login:
    """A token that works, and the e-mail address of its account."""

    token: str = field(repr=False)
    account: str


def login_url(heroku_login_host: str) -> str:
    """The login host's URL from the value of HEROKU_LOGIN_HOST. Raises UsageError unless it is Heroku's or loopback."""
    if not heroku_login_host:
        return LOGIN_URL
    try:
        return api_url(heroku_login_host if "://" in heroku_login_host else f"https://{heroku_login_host}")
    except UsageError as error:
        raise UsageError(error.message.replace("HEROKU_HOST", "HEROKU_LOGIN_HOST"), next_step="unset it") from None


def account_of(calls: LoginCalls, api: str, token: str) -> str:
    """The e-mail address of the token's account. Raises NotAuthenticated when Heroku refuses the token."""
    return text_in(calls.ask("GET", f"{api}/account", _bearer(token)), "email")


def login_by_password(
    calls: LoginCalls,
    api: str,
    email: str,
    password: str,
    *,
    description: str,
    expires_in: timedelta = LONGEST,
) -> Login:
    """A new token by the account's password. `calls` asks for a second factor when Heroku wants one.

    `description` is shown in the dashboard. The token lives for `expires_in` (30 days at most).
    """
    basic = base64.b64encode(f"{email}:{password}".encode()).decode()
    body = {"description": description, "expires_in": int(expires_in.total_seconds()), "scope": ["global"]}
    reply = calls.ask("POST", f"{api}/oauth/authorizations", {"Authorization": f"Basic {basic}"}, body)
    token = checked_token(text_in(reply, "access_token", "token"), source="Heroku's reply")
    return Login(token, text_in(reply, "user", "email"))


def login_by_browser(
    calls: LoginCalls,
    api: str,
    login_host: str,
    *,
    description: str,
    show: Callable[[str], object],
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
) -> Login:
    """A new token by a login in the browser. `show` gets the URL to open. Waits up to ten minutes."""
    start = calls.ask("POST", f"{login_host}/auth", {}, {"description": description})
    show(login_host + _path_in(start, "browser_url"))
    waiting = login_host + _path_in(start, "cli_url")
    reply = _wait(calls, waiting, _bearer(checked_token(text_in(start, "token"), source="the login host")), now, sleep)
    if reply.get("error"):
        raise NotAuthenticated(f"Heroku's login says: {reply['error']}", next_step="herodyno auth login")
    token = checked_token(text_in(reply, "access_token"), source="the login host")
    return Login(token, account_of(calls, api, token))


def _wait(
    calls: LoginCalls, url: str, headers: dict[str, str], now: Callable[[], float], sleep: Callable[[float], object]
) -> dict[str, Any]:
    """The login host's reply. It holds the request until the person is done; a router in between may end it first."""
    give_up, quick_failures = now() + BROWSER_SECONDS, 0
    while True:
        began = now()
        try:
            return calls.ask("GET", url, headers, seconds=60.0)
        except (PlatformFailed, Unreachable) as error:
            quick_failures = quick_failures + 1 if now() - began < 5 else 0
            if isinstance(error, BadReply) or quick_failures > 3 or now() >= give_up:
                raise
            sleep(1.0)


def expires_at(calls: LoginCalls, api: str, token: str, at: datetime) -> datetime | None:
    """When the token expires, `at` being now; None when it never does, or is a browser login's session."""
    own = _authorization_of(calls, api, token)
    seconds = own["access_token"].get("expires_in") if own else None
    return at + timedelta(seconds=seconds) if isinstance(seconds, int) else None


def revoke(calls: LoginCalls, api: str, token: str) -> bool:
    """Revoke the token's session or authorization. False when there was nothing to revoke.

    The account's API key (the authorization "~") is never revoked: the dashboard shows it, and other programs may use
    it. The Heroku CLI spares it too.
    """
    revoked = _delete(calls, f"{api}/oauth/sessions/~", token)
    own = _authorization_of(calls, api, token)
    if own is None:
        return revoked
    reply = calls.send("GET", f"{api}/oauth/authorizations/~", _bearer(token))
    api_key = reply.json() if reply.is_success else None
    if isinstance(api_key, dict) and api_key.get("id") == own.get("id"):
        return revoked
    return _delete(calls, f"{api}/oauth/authorizations/{quote(text_in(own, 'id'), safe='')}", token) or revoked


def _authorization_of(calls: LoginCalls, api: str, token: str) -> dict[str, Any] | None:
    """The token's authorization; None when the API shows too little of the tokens to identify it."""
    reply = calls.send("GET", f"{api}/oauth/authorizations", _bearer(token))
    entries = reply.json() if reply.is_success else []
    own = [entry for entry in entries if _is_of(token, entry)] if isinstance(entries, list) else []
    return own[0] if len(own) == 1 else None


def _is_of(token: str, entry: Any) -> bool:
    access = entry.get("access_token") if isinstance(entry, dict) else None
    shown = access.get("token") if isinstance(access, dict) else None
    if not isinstance(shown, str) or not shown:
        return False
    begin, hidden, end = shown.partition(_REDACTED)
    if not hidden:
        return token == shown
    return len(begin + end) >= _FEWEST_SHOWN and token.startswith(begin) and token.endswith(end)


def _delete(calls: LoginCalls, url: str, token: str) -> bool:
    reply = calls.send("DELETE", url, _bearer(token))
    if reply.is_success:
        return True
    if reply.status in (401, 404):
        return False  # revoked already, or no session (or authorization) at all
    raise refusal(reply)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _path_in(reply: dict[str, Any], key: str) -> str:
    path = text_in(reply, key)
    # Anything else could lead to another host ("@evil.example", "//evil.example", ".evil.example").
    if not path.startswith("/") or path.startswith("//") or not path.isascii() or not path.isprintable():
        raise BadReply(f"the login host's {key} is not a path")
    return path
