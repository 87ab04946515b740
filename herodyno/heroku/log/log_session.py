"""The bytes of one log session as they arrive. The token is never sent to the log's host."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from herodyno.errors import BadReply, NotFound, PlatformFailed, Unreachable
from herodyno.heroku.net.hosts import LogHosts
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
    hosts: LogHosts,
    tail: bool = False,
    httpx_transport: httpx.BaseTransport | None = None,
    seconds: float = 60.0,
    idle_seconds: float = 900.0,
    opened: Callable[[str, Callable[[], object]], None] = lambda content_type, cut: None,
    waiting: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> Iterator[bytes]:
    """Yield the session's bytes: text lines or server-sent events, with Logplex's NUL heartbeats left in.

    Without `tail` the whole log must arrive within `seconds`. With `tail` the stream goes on until the server ends it
    or no byte came for `idle_seconds`. `opened` gets the content type ("text/plain") and a function that cuts the
    connection, which another thread may call. `waiting` is entered with the host for as long as the reading takes.
    `hosts` are those that may be read from. One redirect from https to https is followed.

    Raises Unreachable ("log incomplete") after the bytes received so far, NotFound when the session has expired,
    PlatformFailed for a 5xx status, BadReply for anything that is no log. The URL is a secret: errors hold its host
    alone.
    """
    # Imported here, so that `--help` does not load httpx.
    import httpx

    from herodyno.heroku.net.connections import Connection, lost_from, open_client, time_out

    ends_at = time.monotonic() + seconds

    def read(url: str, host: str) -> Generator[bytes, None, str]:
        """Yield the bytes at this URL. Returns the URL that it redirects to, "" for a log."""
        connection, left = Connection(), ends_at - time.monotonic()
        guard = threading.Timer(left, connection.cut)
        guard.daemon = True
        has_begun = False
        with waiting(host), open_client(url, httpx_transport=httpx_transport, keep_alive=False) as client:
            guard.start()
            try:
                limits = time_out(idle_seconds if tail else left)
                extensions = {"trace": connection.trace}
                with client.stream("GET", url, headers=_HEADERS, timeout=limits, extensions=extensions) as response:
                    if response.has_redirect_location:
                        return response.headers["location"]
                    opened(_check(response, host), connection.cut)
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
        return ""

    host = hosts.checked(url)
    location = yield from read(url, host)
    if location:
        target, target_host = _redirected(url, host, location, hosts)
        location = yield from read(target, target_host)
        if location:
            raise _not_followed(target_host, urljoin(target, location))


def _redirected(url: str, host: str, location: str, hosts: LogHosts) -> tuple[str, str]:
    """The URL and host of a redirect that may be followed. Raises BadReply, naming the target, for any other."""
    try:
        target = urljoin(url, location)
        schemes = {urlsplit(url).scheme, urlsplit(target).scheme}
    except ValueError:
        raise BadReply(f"{host} redirects the log session to what is no URL", next_step=_AGAIN) from None
    if schemes != {"https"}:
        raise _not_followed(host, target)
    try:
        return target, hosts.checked(target)
    except BadReply as error:
        raise _not_followed(host, target, next_step=error.next_step) from None


def _not_followed(host: str, target: str, *, next_step: str = _AGAIN) -> BadReply:
    parts = urlsplit(target)  # its path is a secret
    to = f"{parts.scheme}://{parts.hostname or ''}"
    return BadReply(f"{host} redirects the log session to {to}: not followed", next_step=next_step)


def _check(response: httpx.Response, host: str) -> str:
    """The content type of a log's reply. Raises for any other reply."""
    status = response.status_code
    content_type: str = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if status in (403, 404, 410):
        raise NotFound(f"the log session has expired ({status} from {host})", next_step=_AGAIN)
    if status >= 500:
        raise PlatformFailed(f"{host} answered {status} instead of a log", next_step=_AGAIN)
    if status != 200:
        raise BadReply(f"{host} answered {status} instead of a log", next_step=_AGAIN)
    if content_type in ("text/html", "application/xhtml+xml"):
        raise BadReply(
            f"got {content_type} instead of a log from {host}: a proxy or a captive portal?", next_step=_AGAIN
        )
    if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise BadReply(f"{host} packed the log, which was not asked for", next_step=_AGAIN)
    return content_type
