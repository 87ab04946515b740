"""The Platform API, one method for each call, in Heroku's nouns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar, overload

from herodyno.dynos import App, Dyno, DynoSize, Formation, Generation, Release
from herodyno.heroku.transport import Transport
from herodyno.heroku.wire import Account, FormationUpdate, OneOff

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")


class Platform:
    """The calls herodyno makes. Reads may be repeated; a write is sent once and may raise WriteUnclear."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    @property
    def calls(self) -> int:
        """How many API calls were sent, repeats included."""
        return self.transport.calls

    @property
    def retries(self) -> int:
        """How many of the calls were repeats."""
        return self.transport.retries

    @property
    def rate_limit_remaining(self) -> int | None:
        """The last RateLimit-Remaining header, or None before the first reply."""
        return self.transport.rate_limit_remaining

    def account(self) -> Account:
        """Whose token it is."""
        raise NotImplementedError

    def rate_limit(self) -> int:
        """The account's remaining calls, asked afresh (this call is free of charge)."""
        raise NotImplementedError

    def app(self, app: str) -> App:
        """The app, by name or UUID."""
        raise NotImplementedError

    def dynos(self, app: str) -> list[Dyno]:
        """All living dynos of the app, one-offs too."""
        raise NotImplementedError

    def dyno(self, app: str, name_or_id: str) -> Dyno:
        """One dyno, by name or UUID."""
        raise NotImplementedError

    def formation(self, app: str) -> list[Formation]:
        """What is wanted for each process type."""
        raise NotImplementedError

    def releases(self, app: str, *, limit: int = 20) -> list[Release]:
        """The newest `limit` releases, newest first."""
        raise NotImplementedError

    def sizes(self, app: str) -> list[DynoSize]:
        """The dyno sizes this app may use, with prices where the API tells them."""
        raise NotImplementedError

    def log_session(
        self,
        app: str,
        *,
        lines: int = 1500,
        tail: bool = False,
        dyno: str = "",
        type: str = "",
        source: str = "",
        generation: Generation = "cedar",
    ) -> str:
        """The URL of a new log session: a secret. On Fir `lines` and `tail` mean nothing and are not sent."""
        raise NotImplementedError

    def scale(self, app: str, updates: Sequence[FormationUpdate]) -> list[Formation]:
        """Set quantities and sizes (absolute numbers), all or nothing; returns the changed formation."""
        raise NotImplementedError

    def restart(self, app: str, *, type: str = "", dyno: str = "") -> None:
        """Restart one dyno, one process type, or (neither given) all dynos."""
        raise NotImplementedError

    def stop(self, app: str, *, type: str = "", dyno: str = "") -> None:
        """Stop one dyno or one process type; one of the two must be given."""
        raise NotImplementedError

    def run(
        self,
        app: str,
        command: str,
        *,
        attach: bool = False,
        size: str = "",
        type: str = "",
        env: Mapping[str, str] | None = None,
        force_no_tty: bool = False,
        time_to_live: int | None = None,
    ) -> OneOff:
        """Start a one-off dyno. `time_to_live` in seconds."""
        raise NotImplementedError

    def pre_authorize(self, app: str, code: str) -> None:
        """Give a second-factor code for one app; the calls that follow need none."""
        raise NotImplementedError

    @overload
    def gather(self, a: Callable[[], A], b: Callable[[], B], /) -> tuple[A, B]: ...
    @overload
    def gather(self, a: Callable[[], A], b: Callable[[], B], c: Callable[[], C], /) -> tuple[A, B, C]: ...
    @overload
    def gather(
        self, a: Callable[[], A], b: Callable[[], B], c: Callable[[], C], d: Callable[[], D], /
    ) -> tuple[A, B, C, D]: ...
    def gather(self, *thunks: Callable[[], object]) -> tuple[object, ...]:
        """Run reads side by side in threads; answers in the order asked, the first failure is raised."""
        raise NotImplementedError
