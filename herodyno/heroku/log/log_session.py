"""The bytes of one log session, as they come; no token ever goes there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from herodyno.errors import BadReply, NotFound, PlatformFailed, Unreachable
from herodyno.heroku.net.hosts import is_loopback
from herodyno.heroku.net.repeats import Lost
from herodyno.heroku.net.request_headers import USER_AGENT

if TYPE_CHECKING:
    import httpx

_HEADERS = {
    "accept": "text/event-stream, text/plain, */*;q=0.1",
    "accept-encoding": "identity",
    "cache-control": "no-cache",
    "user-agent": USER_AGENT,
}
_AGAIN = "ask for the log again"


def log_bytes(
    url: str,
    *,
    tail: bool = False,
    httpx_transport: httpx.BaseTransport | None = None,
    seconds: float = 60.0,
    idle_seconds: float = 900.0,
    opened: Callable[[str, Callable[[], object]], None] = lambda kind, cut: None,
    waiting: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> Iterator[bytes]:
    """Yield the session's bytes: text lines or server-sent events, with Logplex's NUL heartbeats left in.

    Without `tail` the whole must arrive within `seconds`; with it the stream goes on until the server
    ends it, or no byte came for `idle_seconds`. `opened` is told the content type ("text/plain") and what
    cuts the connection, which another thread may call. `waiting` is entered with the host for as long as the
    reading takes. Raises Unreachable ("log incomplete") after the bytes
    got so far, NotFound when the session is gone, BadReply when it is no log. The URL is a secret:
    no error holds more of it than the host.
    """
    # httpx is imported by the first log, not by `--help`.
    import httpx

    from herodyno.heroku.net.connections import Connection, lost_from, open_client, time_out

    host = _checked_host(url)
    line = Connection()
    guard = threading.Timer(seconds, line.cut)
    guard.daemon = True
    has_begun = False
    with waiting(host), open_client(url, httpx_transport=httpx_transport, keep_alive=False) as client:
        guard.start()
        try:
            limits = time_out(idle_seconds if tail else seconds)
            extensions = {"trace": line.trace}
            with client.stream("GET", url, headers=_HEADERS, timeout=limits, extensions=extensions) as response:
                opened(_check(response, host), line.cut)
                has_begun = True
                if tail:
                    guard.cancel()
                yield from (response.content,) if response.is_stream_consumed else response.iter_raw()
        except (httpx.HTTPError, httpx.InvalidURL, Lost) as error:
            lost = error if isinstance(error, Lost) else lost_from(error, host)
            what = f"log incomplete: {lost.what}" if has_begun else f"no log: {lost.what}"
            raise Unreachable(what, next_step=lost.next_step) from None
        finally:
            guard.cancel()


def _checked_host(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise BadReply("the address of the log session is no URL", next_step=_AGAIN) from None
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise BadReply("the address of the log session is not https", next_step=_AGAIN)
    return host


def _check(response: httpx.Response, host: str) -> str:
    """The content type; raises for a reply that is no log."""
    status = response.status_code
    kind: str = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if status in (403, 404, 410):
        raise NotFound(f"the log session has expired ({status} from {host})", next_step=_AGAIN)
    if status >= 500:
        raise PlatformFailed(f"{host} answered {status} instead of a log", next_step=_AGAIN)
    if status != 200:
        raise BadReply(f"{host} answered {status} instead of a log", next_step=_AGAIN)
    if kind in ("text/html", "application/xhtml+xml"):
        raise BadReply(f"got {kind} instead of a log from {host}: a proxy or a captive portal?", next_step=_AGAIN)
    if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise BadReply(f"{host} packed the log, which was not asked for", next_step=_AGAIN)
    return kind
