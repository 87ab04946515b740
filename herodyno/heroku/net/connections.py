"""HTTP connections: how they are opened (TLS, proxies, time-outs) and cut, and what their failures mean."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import httpx

from herodyno.errors import BadReply, Unreachable
from herodyno.heroku.net.proxies import Proxy, is_direct, proxy_for, require_port, why_unusable
from herodyno.heroku.net.repeats import Lost
from herodyno.heroku.net.tls import OTHER_AUTHORITY, shared_context

# Time for each address of a host. Short enough to fall back from a dead IPv6 to IPv4 within five seconds. Long enough
# for a first packet that was lost twice (sent again after 1 and 3 s). `dialing.ADDRESS_SECONDS` has the same reasons.
CONNECT_SECONDS = 4.0

_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def open_client(url: str, *, httpx_transport: httpx.BaseTransport | None, keep_alive: bool) -> httpx.Client:
    """A client for this URL's host: no redirects, no token, our TLS context, the proxy of the environment.

    A loopback URL never goes through a proxy, which would see the token in plain text. `httpx_transport` takes the
    place of the network (in tests). Raises Unreachable for a proxy that cannot be used.
    """
    if httpx_transport is not None:
        return httpx.Client(transport=httpx_transport, follow_redirects=False)
    parts = urlsplit(url)
    # For plain http a context without certificates is enough: it is made at once, and it still verifies.
    tls = shared_context() if parts.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    limits = httpx.Limits(max_keepalive_connections=20 if keep_alive else 0)
    try:
        if not (direct := is_direct(url)):
            require_port(os.environ)
        return httpx.Client(verify=tls, trust_env=not direct, follow_redirects=False, limits=limits)
    except (ImportError, ValueError, httpx.InvalidURL):
        raise Unreachable(why_unusable(os.environ), next_step="as in http://proxy.example:3128; or https://") from None


def time_out(seconds: float) -> httpx.Timeout:
    """The limits of one try that has `seconds` left: those for each step, at most CONNECT_SECONDS to connect."""
    seconds = max(seconds, 0.001)
    return httpx.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))


class Connection:
    """One request's connection: whether the request has left this machine, and how to cut the connection."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._has_left = False
        self._is_cut = False
        self._socket: socket.socket | None = None

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """httpx's trace hook, called at each step of the request. Raises Lost when the connection was cut before."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
        elif event.endswith(".send_request_headers.started") and info["request"].method != b"CONNECT":
            with self._lock:
                if self._is_cut:
                    raise Lost("given up before it was sent", unsent=True)
                self._has_left = True

    def cut(self) -> bool:
        """End the connection while another thread reads from it. False: the request has not left, and never will."""
        with self._lock:
            self._is_cut = True
        if self._socket is not None:
            with suppress(OSError):
                # close() does not wake the reader, and ssl's own shutdown() must not run beside a read.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        return self._has_left


def lost_from(error: httpx.HTTPError | httpx.InvalidURL, host: str) -> Lost:
    """What a failure of httpx means. Its own text is never used: it may hold a header, and so the token."""
    unsent, proxy = isinstance(error, _UNSENT), proxy_for(host)
    if isinstance(error, httpx.ProxyError):
        return Lost(f"{proxy or 'the proxy'} refused to connect to {host}", unsent=True, next_step=_step(proxy))
    if isinstance(error, httpx.TimeoutException):
        what = f"no connection to {_way(host, proxy)}" if unsent else f"no complete reply from {host}"
        return Lost(f"{what} in time", unsent=unsent, passing=unsent, next_step=_step(proxy))
    if isinstance(error, httpx.RemoteProtocolError):
        # h11 has two messages for an early end of the connection. All its others are about bytes that are not HTTP.
        if "without sending" in str(error):
            return Lost(f"{host} closed the connection before a complete reply: it was cut short", passing=True)
        step = "something else than Heroku's API answers there"
        return Lost(f"what {host} sent is not an HTTP reply", error=BadReply, next_step=step)
    if isinstance(error, httpx.NetworkError):
        return _lost_network(error, host, proxy, unsent=unsent)
    return Lost(f"the request to {host} could not be made ({type(error).__name__})", unsent=True)


def _lost_network(error: httpx.NetworkError, host: str, proxy: Proxy | None, *, unsent: bool) -> Lost:
    cause = _cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        what = f"the certificate of {host} is not trusted: {cause.verify_message}"
        return Lost(what, unsent=True, next_step=OTHER_AUTHORITY)
    if isinstance(cause, ssl.SSLError):
        return Lost(f"no TLS with {host}: {cause.reason or 'handshake failed'}", unsent=unsent, passing=True)
    if isinstance(cause, socket.gaierror):
        # With a proxy, only the proxy's own name is looked up here.
        step = f"correct or unset {proxy.variable}" if proxy else "look at the network and DNS"
        return Lost(f"no address found for {proxy or host}", unsent=True, passing=True, next_step=step)
    why = f": {cause.strerror}" if isinstance(cause, OSError) and cause.strerror else ""
    what = f"no connection to {_way(host, proxy)}{why}" if unsent else f"{host} cut the connection off{why}"
    return Lost(what, unsent=unsent, passing=True, next_step=_step(proxy))


def _cause(error: BaseException) -> BaseException | None:
    """The operating system's or TLS's own error inside the libraries' errors, or None."""
    found: BaseException | None = error
    while found is not None and not isinstance(found, OSError):
        found = found.__cause__ or found.__context__
    return found


def _way(host: str, proxy: Proxy | None) -> str:
    return f"{host} through {proxy}" if proxy else host


def _step(proxy: Proxy | None) -> str:
    return f"look at the network, and at the proxy of {proxy.variable}" if proxy else "look at the network"
