"""The gate of --probe: whether a URL answers. The token is never sent there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from herodyno.errors import Unreachable, UsageError

if TYPE_CHECKING:
    import httpx


def checked_probe_url(url: str) -> str:
    """The URL, when it is http or https. Raises UsageError for any other text, before anything is sent."""
    if not url.startswith(("https://", "http://")) or any(letter <= " " for letter in url):
        raise UsageError(f"--probe {url!r} is not a URL.", next_step="Write it as --probe https://example.com/health")
    return url


def probe(url: str, *, httpx_transport: httpx.BaseTransport | None = None, seconds: float = 10.0) -> str:
    """ "" when the URL answers with a status below 400, else what is wrong. Redirects are not followed.

    `seconds` limits each step of the request.
    """
    import httpx

    from herodyno.heroku.net.connections import open_client

    try:
        with (
            open_client(url, httpx_transport=httpx_transport, keep_alive=False) as client,
            client.stream("GET", url, timeout=seconds) as reply,
        ):
            return "" if reply.status_code < 400 else f"the probe answered {reply.status_code}"
    except Unreachable as error:
        return f"the probe failed: {error.message}"
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return f"the probe failed ({type(error).__name__})"
