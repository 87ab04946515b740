"""A Heroku for `logs` alone: in this process for one command line, or on loopback for a process of its own."""

from __future__ import annotations

import io
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import httpx

from herodyno.cli.app import run
from herodyno.cli.session import Session
from herodyno.render.output import Output
from tests.conftest import TOKEN, Terminal

NOW = datetime(2026, 11, 23, 2, 10, tzinfo=UTC)
APP = {"id": "01234567-89ab-cdef-0123-456789abcdef", "name": "example-app", "generation": {"name": "cedar"}}
Body = Iterable[bytes | Exception]


class Told(NamedTuple):
    """What a command line printed, and how it ended."""

    stdout: str
    stderr: str
    code: int


class Heroku(httpx.BaseTransport):
    """Each wish for a session gives the next body; an Exception in it breaks the connection."""

    def __init__(self, *bodies: Body, kind: str = "text/plain", app: Mapping[str, object] = APP) -> None:
        self.bodies, self.kind, self.app = list(bodies), kind, app
        self.asked: list[tuple[str, str, object]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append((request.method, path, json.loads(request.content or b"null")))
        if path.endswith("/log-sessions"):
            return httpx.Response(201, json={"logplex_url": "https://logs-api.heroku.com/sessions/7?srv=secret"})
        if path.endswith("/dynos"):
            return httpx.Response(200, json=[])
        if request.url.host == "logs-api.heroku.com":
            return httpx.Response(200, headers={"content-type": self.kind}, stream=Stream(self.bodies.pop(0)))
        return httpx.Response(200, json=self.app)


class Stream(httpx.SyncByteStream):
    """Bytes as they are given; an Exception is raised."""

    def __init__(self, body: Body) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._body:
            if isinstance(piece, Exception):
                raise piece
            yield piece


def logs(
    heroku: httpx.BaseTransport, *words: str, terminal: bool = False, environ: Mapping[str, str] | None = None
) -> Told:
    """Run `herodyno logs` with these words."""
    kind = Terminal if terminal else io.TextIOWrapper
    out, err = (kind(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2))
    surroundings = {**os.environ, "HEROKU_API_KEY": TOKEN, **(environ or {})}
    session = Session(Output(out, err, surroundings), environ=surroundings, clock=lambda: NOW, httpx_transport=heroku)
    code = run(["logs", "-a", "example-app", *words], session)
    return Told(_text(out), _text(err), code)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


@contextmanager
def served(body: Callable[[threading.Event], Iterator[bytes]]) -> Iterator[dict[str, str]]:
    """The same on loopback; gives the variables for a process. `body` makes what every session says."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if not self.path.startswith("/sessions/"):
                self._json(200, APP)
                return
            self.send_response(200)
            self.send_header("content-type", "text/plain")
            self.send_header("connection", "close")
            self.end_headers()
            try:
                for piece in body(over):
                    self.wfile.write(piece)
            except OSError:
                pass  # the reader has gone
            self.close_connection = True

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self._json(201, {"logplex_url": f"{url}/sessions/7"})

        def _json(self, status: int, document: object) -> None:
            data = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    server = Quiet(("127.0.0.1", 0), Handler)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield {**os.environ, "HEROKU_HOST": url, "HEROKU_API_KEY": TOKEN}
    finally:
        over.set()
        server.shutdown()
        server.server_close()


def text_of(lines: Sequence[str]) -> bytes:
    """The lines as a session gives them."""
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
