"""`herodyno auth login`: a token by browser, by password or from stdin; only the keyring keeps the token."""

from __future__ import annotations

import os
import socket
import sys
import webbrowser
from contextlib import suppress
from datetime import timedelta
from typing import Annotated, NamedTuple

import typer

from herodyno.cli.auth.accounts import keep_login_account
from herodyno.cli.auth.second_factor import hidden
from herodyno.cli.options import option, switch
from herodyno.cli.session import Session
from herodyno.errors import HerodynoError, NotAuthenticated, UsageError
from herodyno.heroku.login.flows import (
    LONGEST,
    Login,
    account_of,
    login_by_browser,
    login_by_password,
    login_url,
    revoke,
)
from herodyno.heroku.login.keychain import Keychain
from herodyno.heroku.login.login_calls import LoginCalls
from herodyno.heroku.login.official_cli import login_account
from herodyno.heroku.net.request_headers import checked_token
from herodyno.heroku_facts import LONGEST_TOKEN_SECONDS
from herodyno.render.text import line

_LONGEST_TOKEN = 4096


class LoginOptions(NamedTuple):
    """The flags of `auth login`."""

    interactive: Annotated[bool, switch("--interactive", "-i", help="e-mail, password, second factor; no browser")] = (
        False
    )
    token_stdin: Annotated[bool, switch("--token-stdin", help="read a token you already have from stdin")] = False
    browser: Annotated[str, option("--browser", metavar="NAME", help="browser to open")] = ""
    expires_in: Annotated[
        int, option("--expires-in", "-e", metavar="SECONDS", help="how long the token lives: at most 30 days")
    ] = 0
    insecure_storage: Annotated[
        bool, switch("--insecure-storage", help="allow a keyring that is a plain-text file")
    ] = False

    @property
    def by_password(self) -> bool:
        """Whether to ask for a password. Only a login by password can choose how long its token lives."""
        return self.interactive or bool(self.expires_in)


def login(ctx: typer.Context, options: LoginOptions) -> None:
    """Log in, and keep the token in the system's keyring and nowhere else.

    Examples:
      herodyno auth login                          in the browser
      herodyno auth login --interactive            e-mail, password, second factor
      herodyno auth login --token-stdin < file     a token that you have already
    """
    session = Session.of(ctx)
    _refuse_contradictions(session, options)
    keychain = Keychain(session.environ, plain=options.insecure_storage)
    keychain.probe()  # first: nobody should type a password for a token that cannot be kept
    calls = session.login_calls
    if options.token_stdin:
        made = _by_token(session, calls)
    elif options.by_password:
        made = _by_password(session, calls, timedelta(seconds=options.expires_in) if options.expires_in else LONGEST)
    else:
        made = _by_browser(session, calls, options.browser)
    session.output.hide(made.token)
    try:
        store = keychain.write(session.api_host, made.token)
    except HerodynoError:
        if not options.token_stdin:
            with suppress(HerodynoError):  # the first error matters more
                revoke(calls, session.api_url, made.token)
        raise
    keep_login_account(session.api_host, made.account)
    if session.output.wants_json:
        session.output.json({"schema": "herodyno.auth-change/1", "account": made.account, "store": store})
    else:
        session.output.lines([line(f"logged in as {made.account}; the token is in {store}")])


def _refuse_contradictions(session: Session, options: LoginOptions) -> None:
    if session.environ.get("HEROKU_API_KEY", "").strip():
        raise UsageError("HEROKU_API_KEY is set, and would win over this login", next_step="unset HEROKU_API_KEY")
    ways = {
        "--interactive or --expires-in": options.by_password,
        "--token-stdin": options.token_stdin,
        "--browser": bool(options.browser),
    }
    given = [name for name, is_given in ways.items() if is_given]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} are different ways to log in; give one of them")
    if options.expires_in and not 0 < options.expires_in <= LONGEST_TOKEN_SECONDS:
        raise UsageError(f"--expires-in takes 1 to {LONGEST_TOKEN_SECONDS} seconds: Heroku's longest is thirty days")


def _by_token(session: Session, calls: LoginCalls) -> Login:
    text = hidden("Token: ") if sys.stdin.isatty() else _all_of_stdin()
    given = checked_token(text, source="stdin")
    session.output.hide(given)
    return Login(given, account_of(calls, session.api_url, given))


def _all_of_stdin() -> str:
    return sys.stdin.buffer.read(_LONGEST_TOKEN).decode("utf-8", "replace")


def _by_password(session: Session, calls: LoginCalls, expires_in: timedelta) -> Login:
    _need_a_terminal(session)
    known = login_account(session.environ)
    email = _ask(f"Heroku e-mail{f' [{known}]' if known else ''}: ") or known
    password = hidden("Password: ")
    if not email or not password:
        raise UsageError("an e-mail address and a password are needed")
    return login_by_password(calls, session.api_url, email, password, description=_description(), expires_in=expires_in)


def _by_browser(session: Session, calls: LoginCalls, browser: str) -> Login:
    _need_a_terminal(session)
    if _ask("Press Enter to open the browser and log in there, q to leave: ").lower() == "q":
        raise KeyboardInterrupt

    def show(url: str) -> None:
        session.output.note(f"If no browser opens, visit:\n{url}")
        if not _open(url, browser) and browser:
            session.output.note(f"there is no browser {browser!r}")

    login_host = login_url(session.environ.get("HEROKU_LOGIN_HOST", ""))
    return login_by_browser(calls, session.api_url, login_host, description=_description(), show=show)


def _open(url: str, browser: str) -> bool:
    """Open a browser. A browser in this terminal opens only when --browser or BROWSER names it."""
    named = browser or os.environ.get("BROWSER", "")
    try:
        chosen = webbrowser.get(browser or None)
        return bool(named or type(chosen) is not webbrowser.GenericBrowser) and chosen.open(url)
    except (webbrowser.Error, OSError):
        return False  # the address is on the screen, to be copied


def _ask(prompt: str) -> str:
    sys.stderr.write(prompt)
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        raise KeyboardInterrupt
    return answer.strip()


def _need_a_terminal(session: Session) -> None:
    if session.no_input or not sys.stdin.isatty():
        raise NotAuthenticated(
            "this way to log in needs a terminal, and nobody can be asked here",
            next_step="set HEROKU_API_KEY, or: herodyno auth login --token-stdin < file",
        )


def _description() -> str:
    return f"herodyno login from {socket.gethostname()}"
