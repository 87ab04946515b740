"""The rendezvous of attached one-off dynos: TLS, a secret, one line of greeting, then raw bytes both ways.

Source: the Heroku CLI and its predecessors (20-heroku-cli, "Rendezvous protocol").
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time

from herodyno.sandbox.api.state import Attachment, Desk
from herodyno.sandbox.doors import real_shell
from herodyno.sandbox.doors.console import Console
from herodyno.sandbox.world.nouns import Refused
from herodyno.sandbox.world.shell import Gone, Shell
from herodyno.sandbox.world.world import World

GREETING = b"rendezvous\r\n"
# The Heroku CLI throws the whole first packet away, output that came with the greeting too.
PAUSE_AFTER_GREETING = 0.25
HANDSHAKE_SECONDS = 10.0
LONGEST_SECRET = 256
LOOK = 0.05  # seconds between looks whether the dyno has started


class Rendezvous:
    """A listener on loopback, one thread for each client. `port` is where."""

    def __init__(self, world: World, desk: Desk, context: ssl.SSLContext, *, use_real_shell: bool = False) -> None:
        self._world, self._desk, self._context = world, desk, context
        self._use_real_shell = use_real_shell
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._attached: list[Attachment] = []

    def states(self) -> set[str]:
        """The states of the dynos that wait for a client or have one. Call it with the desk's lock held."""
        awaited = self._desk.attachments
        for secret in [secret for secret, each in awaited.items() if self._state(each) not in ("starting", "up")]:
            del awaited[secret]
        return {self._state(each) for each in [*awaited.values(), *self._attached]}

    def start(self) -> None:
        threading.Thread(target=self._accept, name="rendezvous", daemon=True).start()

    def stop(self) -> None:
        # Closing alone does not wake a thread that waits in accept().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), name="attached", daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        client.settimeout(HANDSHAKE_SECONDS)
        with contextlib.suppress(OSError), client, self._context.wrap_socket(client, server_side=True) as sock:
            secret = _secret(sock)
            with self._desk.lock:
                attachment = self._desk.attachments.pop(secret, None)
                if attachment is None:
                    return
                self._attached.append(attachment)
            try:
                self._attend(sock, attachment)
            finally:
                self._attached.remove(attachment)

    def _attend(self, sock: ssl.SSLSocket, attachment: Attachment) -> None:
        if not self._await_start(attachment):
            return
        sock.settimeout(None)
        sock.sendall(GREETING)
        time.sleep(PAUSE_AFTER_GREETING)
        console = Console(sock, tty=attachment.tty, running=lambda: self._state(attachment) == "up")
        try:
            if self._use_real_shell:
                status = real_shell.run(attachment.command, attachment.env, sock)
            else:
                status = Shell(console, attachment.env).run(attachment.command)
        except (Gone, OSError):
            self._finish(attachment, None)
        else:
            self._finish(attachment, status)
            with contextlib.suppress(OSError):
                sock.unwrap()

    def _await_start(self, attachment: Attachment) -> bool:
        """True once the dyno is up and has been told that its client is here; False when it will never be."""
        while (state := self._state(attachment)) == "starting":
            time.sleep(LOOK)
        if state != "up":
            return False
        if not attachment.inside:
            with self._desk.lock:
                self._world.client_came(attachment.app, attachment.dyno)
        return True

    def _state(self, attachment: Attachment) -> str:
        with self._desk.lock, contextlib.suppress(Refused):
            return self._world.dyno(attachment.app, attachment.dyno).state
        return "gone"

    def _finish(self, attachment: Attachment, status: int | None) -> None:
        """The command ended with `status`, or its client left (None)."""
        if attachment.inside or self._state(attachment) != "up":
            return
        with self._desk.lock:
            if status is None:
                self._world.client_left(attachment.app, attachment.dyno)
            else:
                self._world.exit(attachment.app, attachment.dyno, status)


def _secret(sock: ssl.SSLSocket) -> str:
    line = b""
    while not line.endswith(b"\n") and len(line) < LONGEST_SECRET:
        byte = sock.recv(1)
        if not byte:
            break
        line += byte
    return line.strip().decode("ascii", "replace")
