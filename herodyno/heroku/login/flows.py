"""The ways to log in, by the calls that the Heroku CLI makes.

The browser login waits at Heroku's login host until a person has logged in. The password login sends the password once,
to the API, and never keeps it.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from herodyno.errors import (
    BadReply,
    HerodynoError,
    NotAuthenticated,
    PlatformFailed,
    RefusedByHeroku,
    Unreachable,
    UsageError,
)
from herodyno.heroku.login.authorizations import GLOBAL, Authorization, authorize, bearer, revoke
from herodyno.heroku.login.login_calls import LoginCalls, text_in
from herodyno.heroku.net.hosts import api_url
from herodyno.heroku.net.replies import is_of_scope
from herodyno.heroku.net.request_headers import checked_token
from herodyno.heroku_facts import LONGEST_TOKEN_SECONDS

LOGIN_URL = "https://cli-auth.heroku.com"
LONGEST = timedelta(seconds=LONGEST_TOKEN_SECONDS)
BROWSER_SECONDS = 600.0  # for a person to log in; ours


def login_url(heroku_login_host: str) -> str:
    """The login host's URL from the value of HEROKU_LOGIN_HOST. Raises UsageError unless it is Heroku's or loopback."""
    if not heroku_login_host:
        return LOGIN_URL
    try:
        return api_url(heroku_login_host if "://" in heroku_login_host else f"https://{heroku_login_host}")
    except UsageError as error:
        raise UsageError(error.message.replace("HEROKU_HOST", "HEROKU_LOGIN_HOST"), next_step="unset it") from None


def account_of(calls: LoginCalls, api: str, token: str) -> str:
    """The e-mail address of the token's account, "" when the token works and its scope does not show the account.

    Raises NotAuthenticated when Heroku refuses the token.
    """
    try:
        return text_in(calls.ask("GET", f"{api}/account", bearer(token)), "email")
    except RefusedByHeroku as refused:
        if is_of_scope(refused):
            return ""
        raise


def login_by_password(
    calls: LoginCalls,
    api: str,
    email: str,
    password: str,
    *,
    description: str,
    expires_in: timedelta = LONGEST,
    scope: Sequence[str] = GLOBAL,
) -> Authorization:
    """A new token by the account's password. `calls` asks for a second factor when Heroku wants one.

    `description` is shown in the dashboard. The token lives for `expires_in` (30 days at most).
    """
    basic = {"Authorization": f"Basic {base64.b64encode(f'{email}:{password}'.encode()).decode()}"}
    return authorize(calls, api, basic, description=description, expires_in=expires_in, scope=scope)


def login_by_browser(
    calls: LoginCalls,
    api: str,
    login_host: str,
    *,
    description: str,
    show: Callable[[str], object],
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
) -> Authorization:
    """A new token by a login in the browser. `show` gets the URL to open. Waits up to ten minutes."""
    start = calls.ask("POST", f"{login_host}/auth", {}, {"description": description})
    show(login_host + _path_in(start, "browser_url"))
    waiting = login_host + _path_in(start, "cli_url")
    reply = _wait(calls, waiting, bearer(checked_token(text_in(start, "token"), source="the login host")), now, sleep)
    if reply.get("error"):
        raise NotAuthenticated(f"Heroku's login says: {reply['error']}", next_step="herodyno auth login")
    token = checked_token(text_in(reply, "access_token"), source="the login host")
    try:
        return Authorization(account=account_of(calls, api, token), scope=GLOBAL, token=token)
    except HerodynoError:
        with suppress(HerodynoError):  # nobody else will have the token
            revoke(calls, api, token)
        raise


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


def _path_in(reply: dict[str, Any], key: str) -> str:
    path = text_in(reply, key)
    # Anything else could lead to another host ("@evil.example", "//evil.example", ".evil.example").
    if not path.startswith("/") or path.startswith("//") or not path.isascii() or not path.isprintable():
        raise BadReply(f"the login host's {key} is not a path")
    return path
