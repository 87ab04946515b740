"""Session: what a command is handed. Each connection to the outside is opened at its first use."""

from __future__ import annotations

import os
import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import typer

from herodyno.errors import UsageError
from herodyno.heroku_facts import LOG_BUFFER_LINES, UUID_PATTERN
from herodyno.render.output import Output

if TYPE_CHECKING:
    import httpx

    from herodyno.cli.settings import Settings
    from herodyno.dynos import Generation
    from herodyno.heroku.api.platform import Platform
    from herodyno.heroku.log.tail import Tail
    from herodyno.heroku.login.credentials import Credential
    from herodyno.heroku.login.login_calls import LoginCalls
    from herodyno.heroku.net.hosts import LogHosts
    from herodyno.heroku.which_app import AppChoice

_AT_ONCE = nullcontext()
MOST_CALLS = 500  # API calls that are remembered; ours


class Session:
    """Output, clock, environment, and the Platform API of one run.

    Tests and the demo pass an in-process sandbox as `httpx_transport`, and an `environ`, `clock` and `sleep` of theirs.
    """

    def __init__(
        self,
        output: Output,
        *,
        environ: Mapping[str, str] = os.environ,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        httpx_transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.output = output
        self.environ = environ
        self.httpx_transport = httpx_transport
        self.now = clock
        self.sleep = sleep
        self.no_input = False
        self.ask: Callable[[str], str] | None = None  # answers confirmations in place of the terminal
        self.verbose = False
        self.debug = bool(environ.get("HERODYNO_DEBUG"))
        self.calls: deque[str] = deque(maxlen=MOST_CALLS)  # the last ones, for --debug
        self.otp_stdin = False
        self.account_flag = ""
        self.zone_is_of_file = False
        self.seen: dict[tuple[str, str], list[str]] = {}  # (kind, app) -> names, for TAB

    @staticmethod
    def of(ctx: typer.Context) -> Session:
        """The session of the running command."""
        session = ctx.find_object(Session)
        assert session is not None, "main() puts a Session into every context"
        return session

    @cached_property
    def settings(self) -> Settings:
        """What the config file says."""
        from herodyno.cli.settings import read_settings, settings_path

        return read_settings(settings_path())

    def adopt_settings(self) -> None:
        """Use the config file's colours and time zone, unless a flag or a variable says otherwise."""
        from herodyno.cli.settings import adopt_time_zone

        self.output.usual_color = self.settings.color
        if self.settings.time_zone and not self.environ.get("TZ"):
            self.zone_is_of_file = True
            adopt_time_zone(self.settings.time_zone)

    def second_factor(self) -> str:
        """A second-factor code from stdin or from a person. Raises TwoFactorNeeded when neither can give one."""
        from herodyno.cli.auth.second_factor import ask_for_code

        return ask_for_code(from_stdin=self.otp_stdin, may_ask=not self.no_input)

    @cached_property
    def api_url(self) -> str:
        """The one host the token may go to, from HEROKU_HOST."""
        from herodyno.heroku.net.hosts import api_url

        return api_url(self.environ.get("HEROKU_HOST", ""))

    @property
    def api_host(self) -> str:
        """The API's host with its port, as netrc and the keyring write it."""
        return urlsplit(self.api_url).netloc

    @cached_property
    def credential(self) -> Credential:
        """The API token and its source. Raises NotAuthenticated when there is none."""
        from herodyno.heroku.login.credentials import find_token

        account = self.account
        found = find_token(
            self.environ,
            self.api_host,
            account=account,
            usual=self._usual_account,
            logins=self._login_accounts,
            note=self.output.note,
        )
        self.output.hide(found.token)
        if found.source != "HEROKU_API_KEY":
            from herodyno.cli.auth.accounts import accounts_beside

            if account or accounts_beside(self.environ, self.api_host, found.account):
                self.output.note(f"as {found.account or 'an account not known'}, by the token from {found.source}")
        return found

    @property
    def account(self) -> str:
        """The account that --account or HERODYNO_ACCOUNT chooses, "" for the usual one.

        Raises UsageError for what is no account's name, and beside HEROKU_API_KEY, which does not tell its account.
        """
        account = self.account_flag or self.environ.get("HERODYNO_ACCOUNT", "").strip()
        if not account:
            return ""
        told = f"--account {account}" if self.account_flag else f"HERODYNO_ACCOUNT={account}"
        if account.startswith("-") or not account.isprintable() or len(account.split()) != 1:
            raise UsageError(
                f"{told!r} is no account", next_step="an e-mail address; they are listed by: herodyno auth status"
            )
        if self.environ.get("HEROKU_API_KEY", "").strip():
            raise UsageError(
                f"HEROKU_API_KEY is set, and does not tell its account; {told} chooses another token",
                next_step="unset one of them",
            )
        return account

    def _usual_account(self) -> str:
        from herodyno.cli.auth.accounts import usual_account

        return usual_account(self.api_host)

    def _login_accounts(self) -> list[str]:
        from herodyno.cli.auth.accounts import login_accounts

        return login_accounts(self.api_host)

    @cached_property
    def platform(self) -> Platform:
        """The Platform API with this run's token."""
        from herodyno.cli.completion.recording import RecordingPlatform
        from herodyno.heroku.api.transport import Transport

        transport = Transport(
            self.api_url,
            self.credential.token,
            httpx_transport=self.httpx_transport,
            note=self.output.note,
            trace=self._note_call,
            two_factor=self.second_factor,
            token_source=self.credential.source,
            heroku_headers=self.environ.get("HEROKU_HEADERS", ""),
            seconds=self.timeout_seconds,
            clock=self.now,
            waiting=self.output.waiting_for(self.api_host),
        )
        return RecordingPlatform(transport, self.seen)

    def _note_call(self, text: str) -> None:
        self.calls.append(text)
        if self.verbose:
            self.output.note(text)

    def api_now(self) -> datetime:
        """The time for ages of what the API shows: this machine's, or the API's where they differ much."""
        return self.platform.transport.corrected(self.now())

    @cached_property
    def login_calls(self) -> LoginCalls:
        """The calls for logging in and out, which carry credentials of their own."""
        from herodyno.heroku.login.login_calls import LoginCalls

        return LoginCalls(code=self.second_factor, httpx_transport=self.httpx_transport)

    @property
    def timeout_seconds(self) -> float:
        """Seconds for one API call, its repeats included: HERODYNO_TIMEOUT, 30 by default."""
        text = self.environ.get("HERODYNO_TIMEOUT", "30")
        try:
            seconds = float(text)
        except ValueError:
            seconds = 0.0
        if not 0.1 <= seconds <= 3600:
            raise UsageError(f"HERODYNO_TIMEOUT is {text!r}", next_step="seconds from 0.1 to 3600")
        return seconds

    def app_choice(self, app: str | None, remote: str | None) -> AppChoice:
        """The app that -a, -r, HEROKU_APP or the git remotes name, and which of them names it."""
        from herodyno.heroku.which_app import which_app

        return which_app(app, remote, self.environ, api_host=self.api_host)

    def app_name(self, app: str | None, remote: str | None) -> str:
        """The app's name, as `app_choice` finds it."""
        return self.app_choice(app, remote).name

    def named(self, app: str) -> str:
        """The app's name, which is asked for where its id was given."""
        return self.platform.app(app).name if re.fullmatch(UUID_PATTERN, app) else app

    @property
    def log_hosts(self) -> LogHosts:
        """The hosts that logs are read from."""
        from herodyno.heroku.net.hosts import LogHosts

        return LogHosts(self.api_url, self.settings.log_hosts)

    def log_bytes(self, url: str, **options: Any) -> Iterator[bytes]:
        """The bytes of a log session. On a terminal, say which host we wait for; a quiet tail is normal."""
        from herodyno.heroku.log.log_session import log_bytes

        if not (options.get("tail") or self.httpx_transport):
            options["waiting"] = self.output.waiting_for
        return log_bytes(url, hosts=self.log_hosts, httpx_transport=self.httpx_transport, **options)

    def tail(
        self,
        app: str,
        *,
        generation: Generation = "cedar",
        calls: AbstractContextManager[object] = _AT_ONCE,
        **options: Any,
    ) -> Tail:
        """An app's log as it grows, through breaks and renewed sessions; begins with the lines that Heroku keeps.

        Notes on stderr say what happens to the connection. `calls` is entered around each API call. `options` are those
        of `Tail`.
        """
        from herodyno.heroku.log.tail import Tail

        platform = self.platform

        def new_session() -> str:
            with calls:
                return platform.log_session(app, lines=LOG_BUFFER_LINES, tail=True, generation=generation)

        usual = {"note": self.output.note, "httpx_transport": self.httpx_transport}
        return Tail(new_session, year=self.now(), hosts=self.log_hosts, **(usual | options))
