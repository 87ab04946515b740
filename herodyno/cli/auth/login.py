"""`herodyno auth login`: a token by browser, by password or from stdin; only the keyring keeps the token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated, NamedTuple

import typer

from herodyno.cli.auth.keep import end_login, keep, login_of
from herodyno.cli.auth.ways import by_browser, by_password, by_token, description_of
from herodyno.cli.options import option, switch
from herodyno.cli.session import Session
from herodyno.errors import UsageError
from herodyno.heroku.login.authorizations import GLOBAL, Authorization, authorize, bearer
from herodyno.heroku.login.flows import LONGEST
from herodyno.heroku.login.keychain import Keychain
from herodyno.heroku.net.scopes import scopes_of
from herodyno.heroku_facts import LONGEST_TOKEN_SECONDS
from herodyno.render.auth import auth_login_document, spoken_scope
from herodyno.render.text import line


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
    scope: Annotated[
        str | None, option("--scope", metavar="SCOPE", help="what the token may do, such as read or write")
    ] = None
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
      herodyno auth login --scope read             a token that can change nothing
      herodyno auth login --token-stdin < file     a token that you have already

    A login of another account leaves the one before it in the keyring: --account
    chooses between them.
    """
    session = Session.of(ctx)
    scope = _checked(session, options)
    keychain = Keychain(session.environ, plain=options.insecure_storage)
    keychain.probe()  # first: nobody should type a password for a token that cannot be kept
    with _made(session, options, scope) as made:
        if session.account not in ("", made.account):
            whose = made.account or "an account that its scope does not show"
            raise UsageError(f"that is a login of {whose}, not of {session.account}; it was not kept")
        store = keep(session, keychain, made)
    if session.output.wants_json:
        session.output.json(
            auth_login_document(made.account, made.scope, store=store, ends_at=made.ends_at(session.now()))
        )
    else:
        whose = f" as {made.account}" if made.account else " with a token whose scope does not show its account"
        able = spoken_scope(made.scope) if options.scope is not None else ""
        session.output.lines([line(f"logged in{whose}{able}; the token is in {store}")])


@contextmanager
def _made(session: Session, options: LoginOptions, scope: tuple[str, ...]) -> Iterator[Authorization]:
    """A token, to be kept within the block: where that fails, what was made is revoked."""
    calls = session.login_calls
    if options.token_stdin:
        yield by_token(session, calls)
        return
    if options.by_password:
        expires_in = timedelta(seconds=options.expires_in) if options.expires_in else LONGEST
        with _or_ended(session, by_password(session, calls, expires_in, scope)) as made:
            yield made
        return
    with _or_ended(session, by_browser(session, calls, options.browser)) as made:
        if scope == GLOBAL:
            yield made
            return
        # The browser's login is global: it makes the lesser token, revokes it where it cannot be kept, and ends last.
        lesser = authorize(
            calls, session.api_url, bearer(made.token), description=description_of("login"), expires_in=LONGEST,
            scope=scope,
        )  # fmt: skip
        with _or_ended(session, lesser, made.token):
            yield lesser
    end_login(session, "the browser's login", login_of(session, made), made.token)


@contextmanager
def _or_ended(session: Session, made: Authorization, stronger: str = "") -> Iterator[Authorization]:
    session.output.hide(made.token)
    try:
        yield made
    except BaseException:  # Ctrl-C as well
        end_login(session, "a token that was made", login_of(session, made), made.token, stronger)
        raise


def _checked(session: Session, options: LoginOptions) -> tuple[str, ...]:
    """The scopes to ask for. Raises UsageError for flags that contradict each other."""
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
    if options.scope is not None and options.token_stdin:
        raise UsageError(
            "--scope is for a new token; one on stdin has its scope already",
            next_step="a lesser token: herodyno auth token --for 1h --scope read",
        )
    return GLOBAL if options.scope is None else scopes_of(options.scope)
