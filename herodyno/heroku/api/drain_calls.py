"""The log drains of an app at Heroku: listed, added, removed. On Fir they are telemetry drains."""

from __future__ import annotations

from base64 import b64encode
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from herodyno.dynos import App, LogDrain
from herodyno.errors import BadReply, WriteUnclear
from herodyno.heroku.api.fields import Fields, list_from
from herodyno.heroku.api.pages import decoded, read_pages
from herodyno.heroku.api.transport import Transport
from herodyno.heroku.net.paths import app_segment

# What a drain of a Fir app is asked to send. Runtime metrics are in no log there.
SIGNALS = ("logs", "metrics")
_HIDDEN = "[hidden]"


class DrainAddress(NamedTuple):
    """Where a new drain sends to: an address without credentials and without a query, a user, and the password."""

    url: str
    user: str
    password: str = _HIDDEN

    @property
    def with_credentials(self) -> str:
        """The address as a log drain has it."""
        scheme, _, rest = self.url.partition("://")
        return f"{scheme}://{self.user}:{self.password}@{rest}"

    @property
    def authorization(self) -> str:
        """The header as a telemetry drain sends it."""
        if self.password == _HIDDEN:
            return _HIDDEN
        return f"Basic {b64encode(f'{self.user}:{self.password}'.encode()).decode()}"

    def is_that_of(self, url: str) -> bool:
        """Whether an address of Heroku's leads to the same place, whatever credentials and query it has."""
        try:
            return _target(self.url) == _target(url)
        except ValueError:
            return False


class DrainCalls:
    """The calls. A write is sent once and may raise WriteUnclear; each may raise what `Platform` raises."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def listed(self, app: App) -> list[LogDrain]:
        """The drains of the app, oldest first. Those that a Fir app has from its space are not among them."""
        kind = "telemetry" if app.generation == "fir" else "log"
        found = read_pages(self._transport, f"/apps/{app_segment(app.name)}/{kind}-drains", _drains_from)
        return sorted(found, key=lambda each: each.created_at.timestamp() if each.created_at else 0.0)

    def add(self, app: App, address: DrainAddress) -> LogDrain:
        """Add a drain."""
        method, path, body = added(app, address)
        reply = self._transport.request(method, path, body=body)
        try:
            return decoded(reply, _drain_from)
        except BadReply as bad:
            raise WriteUnclear(f"Heroku answered {reply.status}, but {bad.message}") from None

    def remove(self, app: App, drain: LogDrain) -> None:
        """Remove a drain."""
        method, path = removed(app, drain)
        self._transport.request(method, path)


def added(app: App, address: DrainAddress) -> tuple[str, str, dict[str, object]]:
    """(method, path, body) of the call that adds a drain."""
    if app.generation != "fir":
        return "POST", f"/apps/{app_segment(app.name)}/log-drains", {"url": address.with_credentials}
    headers = {"Authorization": address.authorization}
    exporter = {"type": "otlphttp", "endpoint": address.url, "headers": headers}
    owner = {"id": app.id, "type": "app"}
    return "POST", "/telemetry-drains", {"owner": owner, "signals": list(SIGNALS), "exporter": exporter}


def removed(app: App, drain: LogDrain) -> tuple[str, str]:
    """(method, path) of the call that removes a drain."""
    name = quote(drain.id, safe="")
    if app.generation == "fir":
        return "DELETE", f"/telemetry-drains/{name}"
    return "DELETE", f"/apps/{app_segment(app.name)}/log-drains/{name}"


def _drains_from(json: object) -> list[LogDrain]:
    """GET /apps/{app}/log-drains and /apps/{app}/telemetry-drains."""
    return list_from(json, "drains", _drain_from)


def _drain_from(json: object, path: str = "drain") -> LogDrain:
    """One item of the lists, and the reply of a POST."""
    fields = Fields(json, path)
    signals = json.get("signals") if isinstance(json, dict) else None
    return LogDrain(
        id=fields.text("id"),
        url=fields.text("url") or fields.inner("exporter").text("endpoint"),
        token=fields.text("token"),
        addon=fields.inner("addon").text("name"),
        signals=tuple(map(str, signals)) if isinstance(signals, list) else (),
        created_at=fields.time("created_at"),
    )


def _target(url: str) -> tuple[str, str | None, int | None, str]:
    """What two addresses share when they lead to one place. Raises ValueError for what is no address."""
    parts = urlsplit(url)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or usual, parts.path.rstrip("/")
