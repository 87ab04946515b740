"""The Platform API: one method for each call, in the nouns of `herodyno.dynos`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar, overload
from urllib.parse import quote

from herodyno.dynos import App, Dyno, DynoSize, Formation, Generation, Release
from herodyno.errors import BadReply, NotFound, UsageError, WriteUnclear
from herodyno.heroku.api import wire
from herodyno.heroku.api.in_threads import in_threads
from herodyno.heroku.api.pages import decoded, read_pages
from herodyno.heroku.api.transport import Transport
from herodyno.heroku.api.wire import Account, FormationUpdate, OneOff
from herodyno.heroku.net.paths import app_segment, dyno_segment, type_segment
from herodyno.heroku.net.replies import Reply
from herodyno.heroku_facts import LARGEST_PAGE_ITEMS, LOG_BUFFER_LINES

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")

_WHOLE_PAGES = f"id ..; max={LARGEST_PAGE_ITEMS}"


class Platform:
    """The calls that herodyno makes. A read may be repeated. A write is sent once and may raise WriteUnclear.

    Names and ids are checked first: UsageError means that nothing was sent. Every method may raise NotAuthenticated,
    TwoFactorNeeded, NotFound, RefusedByHeroku, RateLimited, PlatformFailed, Unreachable or BadReply. Times, sizes and
    names of fields are those of Heroku's published API schema.
    """

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

    @property
    def last_request_id(self) -> str:
        """The Request-Id of the last reply, which Heroku's support asks for; "" when the reply had none."""
        return self.transport.last_request_id

    @property
    def in_sandbox(self) -> bool:
        """Whether the last reply was a sandbox's, by its X-Herodyno-Sandbox header. False before the first reply."""
        return self.transport.in_sandbox

    def account(self) -> Account:
        """The account that the token belongs to."""
        return decoded(self.transport.request("GET", "/account"), wire.account_from)

    def rate_limit(self) -> int:
        """The account's remaining API calls. This call does not count against them (Platform API Reference)."""
        return decoded(self.transport.request("GET", "/account/rate-limits"), wire.remaining_from)

    def app(self, app: str) -> App:
        """The app, by name or UUID."""
        return decoded(self.transport.request("GET", f"/apps/{app_segment(app)}"), wire.app_from)

    def apps(self) -> list[App]:
        """All apps that the account can see."""
        return read_pages(self.transport, "/apps", wire.apps_from, first_range=_WHOLE_PAGES)

    def feature(self, app: str, name: str) -> bool:
        """Whether an app feature ("preboot") is on; False when the app has no feature of that name."""
        try:
            reply = self.transport.request("GET", f"/apps/{app_segment(app)}/features/{quote(name, safe='')}")
        except NotFound:
            return False
        return decoded(reply, wire.enabled_from)

    def dynos(self, app: str) -> list[Dyno]:
        """The app's dynos, one-offs too, in natural order."""
        return read_pages(self.transport, f"/apps/{app_segment(app)}/dynos", wire.dynos_from, first_range=_WHOLE_PAGES)

    def dyno(self, app: str, name_or_id: str) -> Dyno:
        """One dyno, by name or UUID."""
        path = f"/apps/{app_segment(app)}/dynos/{dyno_segment(name_or_id)}"
        return decoded(self.transport.request("GET", path), wire.dyno_from)

    def formation(self, app: str) -> list[Formation]:
        """The quantity and size of each process type."""
        return read_pages(self.transport, f"/apps/{app_segment(app)}/formation", wire.formation_from)

    def releases(self, app: str, *, limit: int = 20) -> list[Release]:
        """The newest `limit` releases (1,000 at most, the API's largest page), newest first."""
        newest = f"version ..; order=desc, max={max(1, min(limit, LARGEST_PAGE_ITEMS))}"
        reply = self.transport.request("GET", f"/apps/{app_segment(app)}/releases", headers={"range": newest})
        return decoded(reply, wire.releases_from)[:limit]

    def release(self, app: str, version: int) -> Release:
        """One release, by its version."""
        path = f"/apps/{app_segment(app)}/releases/{version}"
        return decoded(self.transport.request("GET", path), wire.release_from)

    def roll_back(self, app: str, release_id: str) -> Release:
        """Make a new release with the code and config vars of an earlier one. Returns the new release."""
        path = f"/apps/{app_segment(app)}/releases"
        reply = self.transport.request("POST", path, body={"release": release_id})
        return _decoded_write(reply, wire.release_from)

    def sizes(self, app: str) -> list[DynoSize]:
        """The dyno sizes that the app may use, with a price where the API gives one."""
        return read_pages(self.transport, f"/apps/{app_segment(app)}/available-dyno-sizes", wire.sizes_from)

    def log_session(
        self,
        app: str,
        *,
        lines: int = LOG_BUFFER_LINES,
        tail: bool = False,
        dyno: str = "",
        type: str = "",
        source: str = "",
        generation: Generation = "cedar",
    ) -> str:
        """The URL of a new log session: a secret.

        Logplex takes the last `lines` lines of the app (1,500 at most), then filters them by `dyno`, `type` (a process
        type) and `source` ("app" or "heroku"). Fir keeps no log: there `lines` and `tail` mean nothing and are not
        sent.
        """
        wanted: dict[str, object] = {} if generation == "fir" else {"lines": lines, "tail": tail}
        if dyno:
            wanted["dyno"] = dyno_segment(dyno)
        if type:
            # On Cedar the dyno filter takes a process type too.
            wanted["type" if generation == "fir" else "dyno"] = type_segment(type)
        if source:
            wanted["source"] = source
        path = f"/apps/{app_segment(app)}/log-sessions"
        # A log session that nobody reads does no harm, so a lost reply may be asked for again.
        return decoded(self.transport.request("POST", path, body=wanted, is_read=True), wire.log_url_from)

    def scale(self, app: str, updates: Sequence[FormationUpdate]) -> list[Formation]:
        """Set quantities (absolute numbers) and sizes, all or nothing. Returns the changed formation."""
        for update in updates:
            type_segment(update.type)
        path = f"/apps/{app_segment(app)}/formation"
        reply = self.transport.request("PATCH", path, body=wire.updates_json(updates))
        return _decoded_write(reply, wire.formation_from)

    def restart(self, app: str, *, type: str = "", dyno: str = "") -> None:
        """Restart one dyno, one process type, or all dynos when neither is given. Heroku answers at once."""
        self.transport.request("DELETE", _target(app, type, dyno))

    def stop(self, app: str, *, type: str = "", dyno: str = "") -> None:
        """Stop one dyno or one process type. Heroku starts dynos of the formation again; one-offs stay stopped."""
        if not (type or dyno):
            raise UsageError("stop needs a dyno or a process type", next_step="such as web.1, run.1234 or worker")
        self.transport.request("POST", _target(app, type, dyno) + "/actions/stop")

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
        """Start a one-off dyno.

        `attach` asks for an attach URL; `force_no_tty` attaches without a terminal. `size`, `type` and `env` are those
        of the new dyno. Heroku ends it after `time_to_live` seconds (None: Heroku's own limit, 24 hours).
        """
        wanted: dict[str, object] = {"command": command, "attach": attach, "env": dict(env or {})}
        if force_no_tty:
            wanted["force_no_tty"] = True
        if size:
            wanted["size"] = wire.private_size(size)
        if type:
            wanted["type"] = type_segment(type)
        if time_to_live is not None:
            wanted["time_to_live"] = time_to_live
        reply = self.transport.request("POST", f"/apps/{app_segment(app)}/dynos", body=wanted)
        return _decoded_write(reply, wire.one_off_from)

    def pre_authorize(self, app: str, code: str) -> None:
        """Send a second-factor code for one app. The next calls for that app need no code."""
        self.transport.pre_authorize(app, code)

    @overload
    def gather(self, a: Callable[[], A], b: Callable[[], B], /) -> tuple[A, B]: ...
    @overload
    def gather(self, a: Callable[[], A], b: Callable[[], B], c: Callable[[], C], /) -> tuple[A, B, C]: ...
    @overload
    def gather(
        self, a: Callable[[], A], b: Callable[[], B], c: Callable[[], C], d: Callable[[], D], /
    ) -> tuple[A, B, C, D]: ...
    @overload
    def gather(
        self, a: Callable[[], A], b: Callable[[], B], c: Callable[[], C], d: Callable[[], D], e: Callable[[], E], /
    ) -> tuple[A, B, C, D, E]: ...
    @overload
    def gather(
        self,
        a: Callable[[], A],
        b: Callable[[], B],
        c: Callable[[], C],
        d: Callable[[], D],
        e: Callable[[], E],
        f: Callable[[], F],
        /,
    ) -> tuple[A, B, C, D, E, F]: ...
    def gather(self, *thunks: Callable[[], object]) -> tuple[object, ...]:
        """The results of several reads made at the same time; see `in_threads`."""
        return in_threads(*thunks)


def _target(app: str, type: str, dyno: str) -> str:
    if type and dyno:
        raise UsageError("a dyno or a process type, not both", next_step="nothing was sent")
    if type:
        return f"/apps/{app_segment(app)}/formations/{type_segment(type)}"
    return f"/apps/{app_segment(app)}/dynos" + (f"/{dyno_segment(dyno)}" if dyno else "")


def _decoded_write(reply: Reply, decode: Callable[[object], A]) -> A:
    """The decoded reply of a write. An unreadable one is WriteUnclear: Heroku has accepted the write."""
    try:
        return decoded(reply, decode)
    except BadReply as bad:
        text = f"Heroku answered {reply.status}, but {bad.message}"
        raise WriteUnclear(text, next_step="look before sending it again: herodyno ps") from None
