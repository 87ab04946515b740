"""The endpoint: one request of a drain, answered 204 once its frame is on the disk. An ASGI application.

A frame is not read before it is stored: one that nobody can parse is kept as it came, and acknowledged.
Logplex sends a frame three times at most, and counts a refused connection as no try. So an answer is held back as
long as Logplex waits for one, rather than given as an early 503; and a full disk closes the listener. A sender of OTLP
repeats a request as often as it takes, after the time that it is told.
"""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

from herodyno.archive.drains.known import Drains
from herodyno.archive.receive.admission import (
    LONGEST_BODY_BYTES,
    Rejected,
    Request,
    admitted,
    authenticated,
    credentials,
    signal_of,
)
from herodyno.archive.receive.commits import Commits, NotKept
from herodyno.archive.receive.counters import Counters
from herodyno.archive.receive.metrics import receive_samples
from herodyno.archive.receive.otlp_answers import body_id, refused, stored, without_traces
from herodyno.archive.records import TRACES
from herodyno.heroku_facts import DRAIN_ANSWER_SECONDS
from herodyno.openmetrics import CONTENT_TYPE, TEXT_TYPE, Samples

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

BODY_SECONDS = 30.0  # ours: for a whole body
HOLD_SECONDS = DRAIN_ANSWER_SECONDS - 1.0
BODIES_AT_ONCE = 64  # ours: memory for bodies is bounded; further ones wait in the network
BODIES_OF_DRAIN = 8  # ours: a drain whose senders hang half-way leaves room for the others


class Reply(NamedTuple):
    """An answer. One that `closes` ends the connection."""

    status: int
    text: str | bytes = ""
    headers: tuple[tuple[str, str], ...] = ()
    closes: bool = False


class Endpoint:
    """The application. `drains` gives those that may send now: a password may change while it runs.

    `more` gives what `/metrics` has beside the counters, in a thread of its own.
    """

    def __init__(
        self, drains: Callable[[], Drains], commits: Commits, counters: Counters, more: Callable[[], Samples] = Samples
    ) -> None:
        self._drains = drains
        self._commits = commits
        self._counters = counters
        self._more = more
        self._room = asyncio.Semaphore(BODIES_AT_ONCE)
        self._rooms: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._traces = asyncio.Lock()  # a request that is read takes many times its bytes: one at a time

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request.of(scope)
        is_otlp = request.method == "POST" and bool(signal_of(request))
        try:
            reply = await self._answer(request, receive)
        except Rejected as no:
            self._counters.refused[no.status] += 1
            asks = (("www-authenticate", 'Basic realm="herodyno"'),) if no.status == 401 else ()
            reply = Reply(no.status, no.why + "\n", asks, closes=True)
        if request.method == "POST":
            self._counters.answered[reply.status] += 1
        if is_otlp and reply.status >= 400:
            text, headers_of_otlp = refused(request, reply.status, str(reply.text).strip())
            reply = reply._replace(text=text, headers=(*reply.headers, *headers_of_otlp))
        body = reply.text if isinstance(reply.text, bytes) else reply.text.encode()
        headers = [*reply.headers, *([] if reply.status == 204 else [("content-length", str(len(body)))])]
        headers += [("connection", "close")] if reply.closes else []
        raw = [(name.encode(), value.encode()) for name, value in headers]
        await send({"type": "http.response.start", "status": reply.status, "headers": raw})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, request: Request, receive: Receive) -> Reply:
        if request.method in ("GET", "HEAD"):
            return await self._told(request)
        frame = admitted(request, self._drains(), at_us=time.time_ns() // 1000)
        async with AsyncExitStack() as room:
            async with self._room_of(request):
                await room.enter_async_context(self._room)
                body = await _body(receive)
            if request.headers.get("content-encoding") == "gzip":
                body = unpacked(body)
            frame = frame._replace(body=body)
            if is_otlp := bool(signal_of(request)):
                if frame.origin == TRACES:
                    async with self._traces:
                        spans, text, headers = await asyncio.to_thread(without_traces, request, body)
                    self._counters.dropped_spans += spans
                    return Reply(200, text, headers)
                frame = frame._replace(frame_id=body_id(body))
            began = time.monotonic()
            try:
                async with asyncio.timeout(HOLD_SECONDS):
                    is_new = await self._commits.keep(frame)
            except TimeoutError:
                return Reply(503, closes=True)
            except NotKept:
                if not is_otlp:  # three quick answers would use up all tries of a frame of Logplex
                    await asyncio.sleep(HOLD_SECONDS - (time.monotonic() - began))
                return Reply(503, closes=True)
        self._counters.kept(frame, is_new=is_new)
        return Reply(200, *stored(request)) if is_otlp else Reply(204)

    def _room_of(self, request: Request) -> asyncio.Semaphore:
        """The room for bodies of one drain, by its name here: its token is what a sender says."""
        return self._rooms.setdefault(credentials(request)[0], asyncio.Semaphore(BODIES_OF_DRAIN))

    async def _told(self, request: Request) -> Reply:
        """`/health` for a balancer says nothing else; `/metrics` names apps and drains, so it wants a password."""
        if "origin" in request.headers:
            raise Rejected(403, "requests of web pages are refused")
        if request.path == "/health":
            if self._counters.trouble or self._commits.seconds_at_work() > HOLD_SECONDS:
                return Reply(503, "the disk takes nothing\n")
            return Reply(200, "ok\n")
        if request.path == "/metrics":
            authenticated(request, self._drains())
            is_openmetrics = "application/openmetrics-text" in request.headers.get("accept", "")
            text = await asyncio.to_thread(self._metrics, is_openmetrics)
            return Reply(200, text, (("content-type", CONTENT_TYPE if is_openmetrics else TEXT_TYPE),))
        raise Rejected(404, "there are /health and /metrics; a drain sends POST")

    def _metrics(self, is_openmetrics: bool) -> str:
        samples = receive_samples(self._counters)
        samples.merge(self._more())
        return samples.text(is_openmetrics=is_openmetrics)


async def _body(receive: Receive) -> bytes:
    """The whole body. Raises Rejected for one that is too large, too slow, or not finished."""
    parts, size, more = [], 0, True
    with suppress(TimeoutError):
        async with asyncio.timeout(BODY_SECONDS):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Rejected(400, "the body ended early")
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                more = message.get("more_body", False)
                if size > LONGEST_BODY_BYTES:
                    raise Rejected(413, f"a frame has at most {LONGEST_BODY_BYTES:,} bytes")
    if more:
        # Not 408, which Logplex and senders of OTLP take as final.
        raise Rejected(503, f"the body took longer than {BODY_SECONDS:g} s")
    return b"".join(parts)


def unpacked(body: bytes) -> bytes:
    """The bytes of a gzip body. Raises Rejected for one that is damaged, or too large when unpacked."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, LONGEST_BODY_BYTES + 1)
    except zlib.error:
        raise Rejected(400, "the body is no gzip") from None
    if len(plain) > LONGEST_BODY_BYTES:
        raise Rejected(413, f"a frame has at most {LONGEST_BODY_BYTES:,} bytes, unpacked")
    if not unpacker.eof:
        raise Rejected(400, "the body ended early")
    return plain
