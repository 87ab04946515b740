"""A TCP connection to the first address of a host that answers: a dead IPv6 costs seconds, not the whole limit."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

# Time for each address but the last. Enough for a first packet that was lost twice (sent again after 1 and 3 s), and
# short enough to reach IPv4 within five seconds. As `connections.CONNECT_SECONDS`, but without loading httpx.
ADDRESS_SECONDS = 4.0


def dial(
    host: str,
    port: int,
    seconds: float,
    *,
    address_seconds: float = ADDRESS_SECONDS,
    now: Callable[[], float] = time.monotonic,
) -> socket.socket:
    """Connect within `seconds` in all. The socket's time-out is then `seconds` too.

    Raises the OSError of the last address tried, or of the look-up of the name.
    """
    deadline = now() + seconds
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    failed: OSError = TimeoutError("timed out")
    for number, (family, socket_type, protocol, _, address) in enumerate(found, start=1):
        left = deadline - now()
        if left <= 0:
            break
        sock = socket.socket(family, socket_type, protocol)
        try:
            sock.settimeout(left if number == len(found) else min(left, address_seconds))
            sock.connect(address)
        except OSError as error:
            sock.close()
            failed = error
        else:
            sock.settimeout(seconds)  # as socket.create_connection leaves it: for the TLS handshake
            return sock
    raise failed
