"""The rendezvous of attached one-off dynos: TLS, a secret, one line of greeting, then raw bytes both ways.

Source: the code of the Heroku CLI and of its predecessors.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time

from herodyno.sandbox.api.state import Attachment, State
from herodyno.sandbox.doors import real_shell
from herodyno.sandbox.doors.console import Console
from herodyno.sandbox.world.resources import Refused
from herodyno.sandbox.world.shell import Shell
from herodyno.sandbox.world.shell_console import Gone
from herodyno.sandbox.world.world import World

GREETING = b"rendezvous\r\n"
# The Heroku CLI drops the whole first packet, so output must not come in the packet of the greeting.
PAUSE_AFTER_GREETING = 0.25
HANDSHAKE_SECONDS = 10.0
LONGEST_SECRET = 256
POLL_INTERVAL = 0.05  # seconds between two checks whether the dyno has started


class Rendezvous:
    """A listener on loopback at `port`, with one thread for each client."""

    def __init__(self, world: World, state: State, context: ssl.SSLContext, *, use_real_shell: bool = False) -> None:
        self._world, self._state, self._context = world, state, context
        self._use_real_shell = use_real_shell
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._attached: list[Attachment] = []

    def states(self) -> set[str]:
        """The states of all dynos that wait for a client or have one. The caller holds the lock of the state."""
        awaited = self._state.attachments
        for secret in [secret for secret, each in awaited.items() if self._dyno_state(each) not in ("starting", "up")]:
            del awaited[secret]
        return {self._dyno_state(each) for each in [*awaited.values(), *self._attached]}

    def start(self) -> None:
        """Accept clients in a thread."""
        threading.Thread(target=self._accept, name="rendezvous", daemon=True).start()

    def stop(self) -> None:
        """Accept no more clients."""
        # close() alone does not wake a thread that waits in accept().
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
            with self._state.lock:
                attachment = self._state.attachments.pop(secret, None)
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
        console = Console(sock, tty=attachment.tty, running=lambda: self._dyno_state(attachment) == "up")
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
        """Wait until the dyno is up, and start its command. False when it will never be up."""
        while (state := self._dyno_state(attachment)) == "starting":
            time.sleep(POLL_INTERVAL)
        if state != "up":
            return False
        if not attachment.inside:
            with self._state.lock:
                self._world.client_connected(attachment.app, attachment.dyno)
        return True

    def _dyno_state(self, attachment: Attachment) -> str:
        with self._state.lock, contextlib.suppress(Refused):
            return self._world.dyno(attachment.app, attachment.dyno).state
        return "gone"

    def _finish(self, attachment: Attachment, status: int | None) -> None:
        """The command has ended with `status`, or its client has left (None)."""
        if attachment.inside or self._dyno_state(attachment) != "up":
            return
        with self._state.lock:
            if status is None:
                self._world.client_disconnected(attachment.app, attachment.dyno)
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
