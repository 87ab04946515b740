"""The rendezvous connection of an attached one-off dyno: a checked address, TLS, the handshake, raw bytes.

The client speaks TLS from the first byte and sends the URL's path and CR LF. The server sends one line when the dyno
has attached. From then on raw bytes go both ways: no framing, no window size, no exit status. Source: the Heroku CLI
and its predecessors, observed from outside.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from herodyno.errors import BadReply, Refused, Unreachable
from herodyno.heroku.net.dialing import dial
from herodyno.heroku.net.hosts import is_heroku, is_loopback
from herodyno.heroku.net.tls import OTHER_AUTHORITY

# Ours: for the host to take the connection, and for the dyno to attach.
CONNECT_SECONDS = 15.0
BANNER_SECONDS = 60.0

_LONGEST_BANNER = 8192
_CHUNK = 65_536
_SECRET = re.compile(r"[!-~]+")
# Makes the system notice a peer that vanished silently within about a minute. Not every system has every option.
_KEEPALIVE = (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3), ("TCP_USER_TIMEOUT", 60_000))


@dataclass(frozen=True, slots=True)
class Address:
    """Where to attach. `secret` opens a shell on the dyno: never shown."""

    host: str
    port: int
    secret: str = field(repr=False)


def address_of(attach_url: str, *, api_host: str) -> Address:
    """The address in an attach URL (rendezvous://HOST:PORT/SECRET).

    The host must be Heroku's, or this machine when `api_host` is this machine too. Raises Refused, without the URL's
    secret, for any other scheme or host.
    """
    if not attach_url:
        raise Refused("Heroku gave no attach URL")
    try:
        parts = urlsplit(attach_url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Refused("Heroku's attach URL cannot be read") from None
    if parts.scheme in ("http", "https"):
        raise Refused(f"this dyno is attached with ssh through {host}, which herodyno does not do")
    if parts.scheme != "rendezvous":
        raise Refused(f"Heroku's attach URL has the unknown scheme {parts.scheme!r}")
    if not port:
        raise Refused("Heroku's attach URL names no port")
    if not is_heroku(host) and not (is_loopback(host) and is_loopback(api_host)):
        raise Refused(f"Heroku's attach URL names a host that is not Heroku's: {host}:{port}")
    secret = (parts.path + ("?" + parts.query if parts.query else "")).removeprefix("/")
    if not _SECRET.fullmatch(secret):
        raise Refused("Heroku's attach URL holds no usable secret")
    return Address(host, port, secret)


class Pipe:
    """The connection to an attached dyno. `early` are the bytes that came together with the server's first line."""

    def __init__(self, sock: ssl.SSLSocket, early: bytes) -> None:
        self._sock = sock
        self.early = early

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sock.close()

    def fileno(self) -> int:
        """The socket's file descriptor, for select()."""
        return self._sock.fileno()

    def has_bytes(self) -> bool:
        """Whether decrypted bytes wait here, which select() cannot see."""
        return self._sock.pending() > 0

    def receive(self) -> bytes | None:
        """The next bytes, b"" at the connection's end, None when there are none yet. Raises OSError when it is lost."""
        try:
            return self._sock.recv(_CHUNK)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None

    def send(self, data: bytes | bytearray) -> int:
        """Send what fits and return how many bytes that was. Raises OSError when the connection is lost."""
        try:
            return self._sock.send(data)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0


def attach(
    address: Address,
    tls: ssl.SSLContext,
    *,
    connect_seconds: float | None = None,
    banner_seconds: float | None = None,
    now: Callable[[], float] = time.monotonic,
) -> Pipe:
    """Connect, verify the server's certificate, and wait until the dyno has attached.

    `connect_seconds` (15 by default) limits the connection, `banner_seconds` (60) the wait for the server's first
    line. Raises Unreachable, saying what failed, and BadReply when the server is no rendezvous server.
    """
    where = f"{address.host}:{address.port}"
    try:
        plain = dial(address.host, address.port, connect_seconds or CONNECT_SECONDS)
    except OSError as error:
        raise Unreachable(
            f"cannot connect to {where} ({_reason(error)}); a firewall may block port {address.port}"
        ) from None
    try:
        _keep_alive(plain)
        sock = tls.wrap_socket(plain, server_hostname=address.host)
        sock.sendall(address.secret.encode() + b"\r\n")
    except ssl.SSLCertVerificationError as error:
        plain.close()
        why = error.verify_message.rstrip(".")
        raise Unreachable(f"{where} cannot prove that it is Heroku: {why}", next_step=OTHER_AUTHORITY) from None
    except OSError as error:
        plain.close()
        raise Unreachable(f"no secure connection to {where} ({_reason(error)})") from None
    except BaseException:
        plain.close()
        raise
    try:
        early = _after_first_line(sock, now() + (banner_seconds or BANNER_SECONDS), now)
        sock.setblocking(False)
    except BaseException:
        sock.close()
        raise
    return Pipe(sock, early)


def _after_first_line(sock: ssl.SSLSocket, deadline: float, now: Callable[[], float]) -> bytes:
    got = b""
    while b"\n" not in got:
        left = deadline - now()
        try:
            if left <= 0:
                raise TimeoutError
            sock.settimeout(left)
            chunk = sock.recv(_CHUNK)
        except TimeoutError:
            raise Unreachable("the dyno did not attach in time") from None
        except OSError as error:
            raise Unreachable(f"the connection was lost before the dyno attached ({_reason(error)})") from None
        if not chunk:
            raise Unreachable("the connection was closed before the dyno attached")
        got += chunk
        if len(got) > _LONGEST_BANNER and b"\n" not in got:
            raise BadReply("the rendezvous server answers, but not as a rendezvous server does")
    return got.partition(b"\n")[2]


def _keep_alive(plain: socket.socket) -> None:
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for name, value in _KEEPALIVE:
        if hasattr(socket, name):
            plain.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _reason(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "no answer"
    if isinstance(error, ssl.SSLError):
        return (error.reason or "TLS failed").replace("_", " ").lower()
    return (error.strerror or str(error)).lower()
