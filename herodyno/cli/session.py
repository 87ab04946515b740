"""Session: what a command is handed. Each door to the outside is opened when it is first used."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import typer

from herodyno.errors import NotAuthenticated, UsageError
from herodyno.render.output import Output

if TYPE_CHECKING:
    import httpx

    from herodyno.heroku.platform import Platform


class Session:
    """Output, clock, environment, and the Platform API of one run.

    Tests and the demo pass `httpx_transport` (an in-process sandbox), `environ` and `clock`.
    """

    def __init__(
        self,
        output: Output,
        *,
        environ: Mapping[str, str] = os.environ,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        httpx_transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.output = output
        self.environ = environ
        self.httpx_transport = httpx_transport
        self.now = clock
        self.no_input = False

    @staticmethod
    def of(ctx: typer.Context) -> Session:
        """The session of the running command."""
        session = ctx.find_object(Session)
        assert session is not None, "main() puts a Session into every context"
        return session

    @cached_property
    def token(self) -> str:
        """The API token, or NotAuthenticated."""
        token = self.environ.get("HEROKU_API_KEY", "").strip()
        if not token:
            raise NotAuthenticated("no Heroku API token found", next_step="set HEROKU_API_KEY, or try: herodyno demo")
        return token

    @cached_property
    def platform(self) -> Platform:
        """The Platform API with this run's token."""
        from herodyno.heroku.platform import Platform
        from herodyno.heroku.transport import Transport

        host = self.environ.get("HEROKU_HOST") or "https://api.heroku.com"
        return Platform(Transport(host, self.token, httpx_transport=self.httpx_transport, note=self.output.note))

    def app_name(self, app: str = "", remote: str = "") -> str:
        """The app that -a, -r, HEROKU_APP or the git remote names, in the order of the Heroku CLI."""
        name = app or self.environ.get("HEROKU_APP", "")
        if not name:
            raise UsageError("which app?", next_step="say it with --app NAME, or set HEROKU_APP")
        return name

    def log_bytes(self, url: str, **options: Any) -> Iterator[bytes]:
        """The bytes of a log session."""
        from herodyno.heroku.log_session import log_bytes

        return log_bytes(url, httpx_transport=self.httpx_transport, **options)
