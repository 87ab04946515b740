"""A drain of Heroku's as tests play it: heads of requests, frames, an endpoint to answer them in this process."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256
from importlib.util import find_spec
from typing import Any, NamedTuple

from herodyno.archive.drains.known import Drain, Drains
from herodyno.archive.receive.commits import Commits
from herodyno.archive.receive.counters import Counters
from herodyno.archive.receive.endpoint import Endpoint
from herodyno.archive.receive.remembered import Remembered
from herodyno.archive.records import Frame
from tests.real_parts import need

PASSWORD, OLD_PASSWORD = "new-password", "old-password"
MESSAGE = b"<45>1 2026-03-02T12:00:00.000000+00:00 host heroku web.1 - State changed from starting to up\n"
BODY = b"%d %s" % (len(MESSAGE), MESSAGE)
DRAINS = Drains(
    {
        "example-app": Drain("example-app", "", tuple(sha256(it.encode()).digest() for it in (PASSWORD, OLD_PASSWORD))),
        "many": Drain("", "", (sha256(b"of-many").digest(),)),
        "bound": Drain("bound-app", "d.bound", (sha256(b"of-bound").digest(),)),
    }
)


def need_uvicorn() -> None:
    """The server of the extra [archive]."""
    need("uvicorn", present=find_spec("uvicorn") is not None, install="pip install 'herodyno[archive]'")


def credentials(name: str = "example-app", password: str = PASSWORD) -> dict[str, str]:
    """The header of basic authentication."""
    return {"authorization": "Basic " + b64encode(f"{name}:{password}".encode()).decode()}


def logplex(frame_id: str = "a" * 32, **headers: str) -> dict[str, str]:
    """The headers that Logplex sends."""
    told = {"logplex-frame-id": frame_id, "logplex-drain-token": "d.1", "logplex-msg-count": "1"}
    return credentials() | told | headers


class Answer(NamedTuple):
    """What the endpoint answered."""

    status: int
    text: str
    headers: dict[str, str]
    body: bytes = b""


class Drained:
    """An endpoint and what it stored. `write` replaces the disk."""

    def __init__(self, write: Callable[[Sequence[Frame]], None] | None = None) -> None:
        self.stored: list[Frame] = []
        self.failures: list[Exception] = []
        self.counters = Counters()
        self.commits = Commits(write or self.stored.extend, Remembered(), self.failures.append)
        self.endpoint = Endpoint(lambda: DRAINS, self.commits, self.counters)

    def ask(
        self,
        headers: dict[str, str],
        body: bytes = BODY,
        *,
        method: str = "POST",
        path: str = "/",
        query: str = "",
    ) -> Answer:
        """One request, answered."""
        return asyncio.run(self.answered(headers, parts(body), method=method, path=path, query=query))

    async def answered(
        self,
        headers: dict[str, str],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        *,
        method: str = "POST",
        path: str = "/",
        query: str = "",
    ) -> Answer:
        """One request in a running loop, its body as `receive` gives it."""
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": pairs}
        await self.endpoint(scope, receive, send)
        told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], sent[1]["body"].decode("latin-1"), told, sent[1]["body"])


def parts(*bodies: bytes) -> Callable[[], Awaitable[dict[str, Any]]]:
    """A body that comes in these parts."""
    left = list(bodies)

    async def receive() -> dict[str, Any]:
        part = left.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    return receive
