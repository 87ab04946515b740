"""herodyno auth login: a token by browser, by password, or from stdin, kept in the keyring and nowhere else."""

from __future__ import annotations

import os
import socket
import sys
import webbrowser
from contextlib import suppress
from datetime import timedelta
from typing import Annotated

import typer

from herodyno.cli.second_factor import hidden
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
from herodyno.render.text import line

_LONGEST_TOKEN = 4096

Interactive = Annotated[bool, typer.Option("--interactive", "-i", help="e-mail, password, second factor; no browser")]
TokenStdin = Annotated[bool, typer.Option("--token-stdin", help="read a token you already have from stdin")]
Browser = Annotated[str, typer.Option("--browser", metavar="NAME", help="browser to open")]
Expires = Annotated[
    int,
    typer.Option(
        "--expires-in", "-e", metavar="SECONDS", show_default=False, help="how long the token lives: at most 30 days"
    ),
]
Insecure = Annotated[bool, typer.Option("--insecure-storage", help="allow a keyring that is a plain-text file")]


def login(
    ctx: typer.Context,
    interactive: Interactive = False,
    token_stdin: TokenStdin = False,
    browser: Browser = "",
    expires_in: Expires = 0,
    insecure_storage: Insecure = False,
) -> None:
    """Log in, and keep the token in the system's keyring and nowhere else.

    Examples:
      herodyno auth login                          in the browser
      herodyno auth login --interactive            e-mail, password, second factor
      herodyno auth login --token-stdin < file     a token that you have already
    """
    session = Session.of(ctx)
    _refuse_contradictions(session, interactive or bool(expires_in), token_stdin, browser, expires_in)
    keychain = Keychain(session.environ, plain=insecure_storage)
    keychain.probe()  # before anybody types a password for a token that could not be kept
    calls = session.login_calls
    if token_stdin:
        made = _by_token(session, calls)
    elif interactive or expires_in:
        made = _by_password(session, calls, timedelta(seconds=expires_in) if expires_in else LONGEST)
    else:
        made = _by_browser(session, calls, browser)
    session.output.hide(made.token)
    try:
        store = keychain.write(session.api_host, made.token)
    except HerodynoError:
        if not token_stdin:
            with suppress(HerodynoError):  # why it could not be kept matters more
                revoke(calls, session.api_url, made.token)
        raise
    if session.output.wants_json:
        session.output.json({"schema": "herodyno.auth-change/1", "account": made.account, "store": store})
    else:
        session.output.lines([line(f"logged in as {made.account}; the token is in {store}")])


def _refuse_contradictions(session: Session, by_password: bool, by_token: bool, browser: str, expires_in: int) -> None:
    if session.environ.get("HEROKU_API_KEY", "").strip():
        raise UsageError("HEROKU_API_KEY is set, and would win over this login", next_step="unset HEROKU_API_KEY")
    ways = {"--interactive or --expires-in": by_password, "--token-stdin": by_token, "--browser": bool(browser)}
    given = [name for name, is_given in ways.items() if is_given]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} are different ways to log in; give one of them")
    if expires_in and not 0 < expires_in <= LONGEST.total_seconds():
        raise UsageError("--expires-in takes 1 to 2592000 seconds: Heroku's longest is thirty days")


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
    """Open a browser; one that nobody asked for only if it has a window of its own, not this terminal."""
    named = browser or os.environ.get("BROWSER", "")
    try:
        chosen = webbrowser.get(browser or None)
        return bool(named or type(chosen) is not webbrowser.GenericBrowser) and chosen.open(url)
    except (webbrowser.Error, OSError):
        return False  # the address stands there to be copied


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
