"""One try of one request: the whole reply within its limits of time and size, or Lost."""

from __future__ import annotations

import queue
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import httpx

from herodyno.errors import BadReply
from herodyno.heroku.net.connections import Connection, lost_from, time_out
from herodyno.heroku.net.repeats import Lost
from herodyno.heroku.net.replies import Reply
from herodyno.units import byte_size

LARGEST = 32 * 1024 * 1024  # bytes of one decoded reply
_STEP = 1024 * 1024


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request. `headers` hold the token, so no repr shows them."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes | None = field(repr=False)

    @property
    def host(self) -> str:
        """The host of the URL, for an error's text."""
        return httpx.URL(self.url).host


def one_try(client: httpx.Client, request: HttpRequest, *, seconds: float, in_process: bool) -> Reply:
    """Send the request and read the whole reply within `seconds`. Raises Lost.

    The try runs in a thread of its own. httpx's time-outs count from byte to byte: they end neither a name server that
    hangs nor a reply of one byte a second. `in_process` says that the client has no network, and needs no thread.
    """
    connection, ends_at = Connection(), time.monotonic() + seconds
    if in_process:
        return _attempt(client, request, connection, ends_at)
    box: queue.SimpleQueue[Reply | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            box.put(_attempt(client, request, connection, ends_at))
        except Exception as error:
            box.put(error)

    threading.Thread(target=work, name="herodyno-request", daemon=True).start()
    try:
        outcome = box.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise _too_late(request.host, unsent=not connection.cut()) from None
    except BaseException:
        connection.cut()
        raise
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _attempt(client: httpx.Client, request: HttpRequest, connection: Connection, ends_at: float) -> Reply:
    try:
        with client.stream(
            request.method,
            request.url,
            headers=dict(request.headers),
            content=request.content,
            timeout=time_out(ends_at - time.monotonic()),
            extensions={"trace": connection.trace},
        ) as response:
            body = b"".join(_bounded(_decoded(response, request.host), request.host, ends_at))
            return Reply(request.method, request.url, response.status_code, response.headers, body)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise lost_from(error, request.host) from None


def _bounded(chunks: Iterator[bytes], host: str, ends_at: float) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST:
            raise Lost(f"the reply of {host} is larger than {byte_size(LARGEST)}", error=BadReply)
        if time.monotonic() > ends_at:
            raise _too_late(host, unsent=False)
        yield chunk


def _decoded(response: httpx.Response, host: str) -> Iterator[bytes]:
    """The body, unpacked in steps of at most 1 MB. httpx would unpack a chunk of a zip bomb whole."""
    if response.is_stream_consumed:  # an in-process transport has read it already
        yield response.content
        return
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding in ("", "identity"):
        yield from response.iter_raw()
        return
    if coding not in ("gzip", "x-gzip"):
        raise Lost(f"the reply of {host} is packed in a way that was not asked for", error=BadReply)
    try:
        yield from _gunzipped(response.iter_raw(), host)
    except zlib.error:
        raise Lost(f"the reply of {host} is not the gzip it claims to be", error=BadReply) from None


def _gunzipped(chunks: Iterator[bytes], host: str) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=31)
    has_begun = False
    for chunk in chunks:
        left = chunk
        while left and not unpacker.eof:
            has_begun = True
            yield unpacker.decompress(left, _STEP)
            left = unpacker.unconsumed_tail
    if has_begun and not unpacker.eof:
        raise Lost(f"the reply of {host} was cut short", passing=True)


def _too_late(host: str, *, unsent: bool) -> Lost:
    what = "no connection to" if unsent else "no complete reply from"
    return Lost(f"{what} {host} in time", unsent=unsent)
