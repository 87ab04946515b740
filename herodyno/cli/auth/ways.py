"""The ways to get a token for a login: stdin, a password, a browser. Each asks a person, but stdin."""

from __future__ import annotations

import os
import socket
import sys
import webbrowser
from datetime import timedelta

from herodyno.cli.auth.second_factor import hidden
from herodyno.cli.session import Session
from herodyno.errors import NotAuthenticated, UsageError
from herodyno.heroku.login.authorizations import Authorization
from herodyno.heroku.login.flows import account_of, login_by_browser, login_by_password, login_url
from herodyno.heroku.login.login_calls import LoginCalls
from herodyno.heroku.login.official_cli import login_account
from herodyno.heroku.net.request_headers import checked_token

_LONGEST_TOKEN = 4096


def by_token(session: Session, calls: LoginCalls) -> Authorization:
    """A token that is there already: from stdin, typed without echo on a terminal."""
    text = hidden("Token: ") if sys.stdin.isatty() else _all_of_stdin()
    given = checked_token(text, source="stdin")
    session.output.hide(given)
    return Authorization(account=account_of(calls, session.api_url, given), token=given)


def _all_of_stdin() -> str:
    return sys.stdin.buffer.read(_LONGEST_TOKEN).decode("utf-8", "replace")


def by_password(session: Session, calls: LoginCalls, expires_in: timedelta, scope: tuple[str, ...]) -> Authorization:
    """A new token by e-mail and password."""
    _need_a_terminal(session)
    known = session.account or login_account(session.environ)
    email = _ask(f"Heroku e-mail{f' [{known}]' if known else ''}: ") or known
    password = hidden("Password: ")
    if not email or not password:
        raise UsageError("an e-mail address and a password are needed")
    return login_by_password(
        calls, session.api_url, email, password, description=description_of("login"), expires_in=expires_in, scope=scope
    )


def by_browser(session: Session, calls: LoginCalls, browser: str) -> Authorization:
    """A new token, of scope global, by a login in the browser of that name ("" is the usual one)."""
    _need_a_terminal(session)
    if _ask("Press Enter to open the browser and log in there, q to leave: ").lower() == "q":
        raise KeyboardInterrupt

    def show(url: str) -> None:
        session.output.note(f"If no browser opens, visit:\n{url}")
        if not _open(url, browser) and browser:
            session.output.note(f"there is no browser {browser!r}")

    login_host = login_url(session.environ.get("HEROKU_LOGIN_HOST", ""))
    return login_by_browser(calls, session.api_url, login_host, description=description_of("login"), show=show)


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


def description_of(what: str) -> str:
    """What the dashboard shows of a "login" or "token" made here."""
    return f"herodyno {what} from {socket.gethostname()}"
