"""A rendezvous server for tests: real TLS from a test authority, and whatever the test says once a client is there."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.heroku.certificates import certificates

SECRET = "a-secret-that-opens-a-shell"
BANNER = b"rendezvous\r\n"


@dataclass
class Client:
    """One client's connection, seen from the dyno."""

    sock: ssl.SSLSocket
    secret: bytes = b""

    def send(self, *parts: bytes) -> None:
        """Send each part in a packet of its own."""
        for part in parts:
            self.sock.sendall(part)

    def read_until(self, end: bytes) -> bytes:
        """Everything up to and with `end`, or up to the end of the connection."""
        got = b""
        while end not in got:
            byte = self.sock.recv(1)
            if not byte:
                break
            got += byte
        return got

    def read_to_end(self) -> bytes:
        """Everything the client sends until it hangs up."""
        got = b""
        with contextlib.suppress(OSError):
            while chunk := self.sock.recv(65536):
                got += chunk
        return got

    def reset(self) -> None:
        """End the connection with a TCP reset instead of a close."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


Script = Callable[[Client], object]


@dataclass
class RendezvousServer:
    """Listens on loopback; each client gets the script that is current when it comes, in a thread."""

    script: Script
    certificate: Path
    host: str = "localhost"
    port: int = 0
    clients: int = 0
    secrets: list[bytes] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self.certificate)
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"rendezvous://{self.host}:{self.port}/{SECRET}"

    def close(self) -> None:
        # close() alone does not wake the thread that waits in accept().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            self.clients += 1
            thread = threading.Thread(target=self._serve, args=(plain,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, plain: socket.socket) -> None:
        plain.settimeout(20)
        try:
            with self._context.wrap_socket(plain, server_side=True) as sock:
                client = Client(sock)
                client.secret = client.read_until(b"\n")
                self.secrets.append(client.secret)
                self.script(client)
                # Closing with input unread would reset the connection and throw away what was sent last.
                sock.shutdown(socket.SHUT_WR)
                client.read_to_end()
        except OSError:
            pass  # a client that refuses our certificate or hangs up is part of the tests
        except BaseException as error:
            self.failures.append(error)
        finally:
            plain.close()
            self.done.set()


@contextlib.contextmanager
def serving(script: Script, *, certificate: str = "good") -> Iterator[RendezvousServer]:
    """A server that runs `script` for each client; `certificate` is good, other-name or unknown-authority."""
    server = RendezvousServer(script, certificates()[certificate])
    try:
        yield server
    finally:
        server.close()
        assert not server.failures, server.failures
