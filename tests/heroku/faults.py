"""A server on raw sockets that misbehaves as it is told, and counts what it was sent.

A script is a function over one connection whose request has been read. The first request meets the first
script, the second the second; the last script meets all that follow.
"""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple


class Asked(NamedTuple):
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Line(NamedTuple):
    """What a script works on. `stop` is set when the test is over."""

    connection: socket.socket
    stop: threading.Event


Script = Callable[[Line], None]


class FaultServer:
    """`url`, and the requests that were read whole. With a certificate (PEM, key and all) it speaks TLS."""

    def __init__(self, *scripts: Script, certificate: Path | None = None, before: Script | None = None) -> None:
        self.scripts = scripts
        self._before = before
        self.asked: list[Asked] = []
        self.connections = 0
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._tls: ssl.SSLContext | None = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        self.url = f"https://localhost:{self.port}" if certificate else f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._spawn(self._accept)

    def stop(self) -> None:
        self._stop.set()
        # A listener that is closed does not wake its accept; a last connection does.
        with suppress(OSError), socket.create_connection(self._listener.getsockname()):
            pass
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _spawn(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._stop.is_set():
                connection.close()
                return
            self.connections += 1
            self._spawn(lambda connection=connection: self._serve(connection))  # type: ignore[misc]  # a default binds it

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        with suppress(OSError), self._secured(connection) as secured:
            if self._before:
                self._before(Line(secured, self._stop))
            while asked := _read_request(secured):
                self.asked.append(asked)
                script = self.scripts[min(len(self.asked), len(self.scripts)) - 1]
                script(Line(secured, self._stop))

    @contextmanager
    def _secured(self, connection: socket.socket) -> Iterator[socket.socket]:
        with connection:
            if self._tls is None:
                yield connection
                return
            with self._tls.wrap_socket(connection, server_side=True) as secured:
                yield secured


@contextmanager
def faults(*scripts: Script, certificate: Path | None = None, before: Script | None = None) -> Iterator[FaultServer]:
    """A running server; `before` meets each connection before its first request is read."""
    server = FaultServer(*scripts, certificate=certificate, before=before)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _read_request(connection: socket.socket) -> Asked | None:
    raw = b""
    while b"\r\n\r\n" not in raw:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        raw += chunk
        if raw.startswith(b"\x16\x03"):  # TLS spoken to a server that has none
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return None
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    method, path, _ = first.split(" ")
    return Asked(method, path, headers, body)


def head(status: int = 200, **headers: object) -> bytes:
    """Status line and headers; `retry_after=1` is Retry-After: 1."""
    lines = [f"HTTP/1.1 {status} Said", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def raw(data: bytes, *, then: Script | None = None) -> Script:
    """Send these bytes, then go on as `then` says, or close."""

    def script(line: Line) -> None:
        line.connection.sendall(data)
        (then or closed)(line)

    return script


def reply(status: int = 200, body: object = None, **headers: object) -> Script:
    """A correct reply; the connection stays open. `body` is bytes, or becomes JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    stated = {"content_type": "application/json", "request_id": "req-7", "content_length": len(content), **headers}
    data = head(status, **stated) + content
    return lambda line: line.connection.sendall(data)


def closed(line: Line) -> None:
    """Close in good order."""
    line.connection.shutdown(socket.SHUT_RDWR)
    line.connection.close()


def reset(line: Line) -> None:
    """Close with RST."""
    line.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.connection.close()


def hang(line: Line) -> None:
    """Say nothing."""
    line.stop.wait(10)


def dribble(data: bytes, *, every: float = 0.02) -> Script:
    """One byte at a time, for ever from its last byte."""

    def script(line: Line) -> None:
        for index in range(100_000):
            line.connection.sendall(data[index : index + 1] or data[-1:])
            if line.stop.wait(every):
                return

    return script


def bomb(megabytes: int) -> Script:
    """A gzip body that unpacks to so many MB of blanks."""
    body = gzip.compress(b" " * (megabytes << 20), 1)
    return reply(200, body, content_encoding="gzip")
