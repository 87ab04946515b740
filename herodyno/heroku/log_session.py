"""The bytes of one log session, as they come; no token ever goes there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx


def log_bytes(
    url: str,
    *,
    tail: bool = False,
    httpx_transport: httpx.BaseTransport | None = None,
    seconds: float = 60.0,
    idle_seconds: float = 900.0,
) -> Iterator[bytes]:
    """Yield the session's bytes: text lines or server-sent events, with Logplex's NUL heartbeats left in.

    Without `tail` the whole must arrive within `seconds`; with it the stream goes on until the server
    ends it, or no byte came for `idle_seconds`. Raises Unreachable ("log incomplete") after the bytes
    got so far, NotFound when the session is gone, BadReply when it is no log.
    """
    raise NotImplementedError
    yield b""
