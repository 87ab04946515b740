"""A terminal at the end of a socket: what a pty does between an attached client and the shell.

With a terminal, input is echoed, Ctrl-C interrupts, Ctrl-D on an empty line ends the input, and output lines end
with CR LF. Without one (`force_no_tty`) bytes pass as they are, and Ctrl-D at the end of a packet ends the input,
because that is what the Heroku CLI sends when its own input ends.
"""

from __future__ import annotations

import select
import ssl
import time
from collections.abc import Callable

from herodyno.sandbox.world.shell import Gone, Interrupted

CTRL_C, CTRL_D, BACKSPACE = 0x03, 0x04, 0x7F
LOOK = 0.25  # seconds between looks whether the dyno still runs
PACKET = 65_536


class Console:
    """`running` says whether the dyno still runs; when not, every call raises Gone."""

    def __init__(self, sock: ssl.SSLSocket, *, tty: bool, running: Callable[[], bool]) -> None:
        self._sock = sock
        self._tty = tty
        self._running = running
        self._input = bytearray()
        self._ended = False

    def write(self, data: bytes) -> None:
        try:
            self._sock.sendall(data.replace(b"\n", b"\r\n") if self._tty else data)
        except OSError:
            raise Gone from None

    def read_line(self) -> bytes:
        while True:
            end = self._input.find(b"\n") + 1
            if end or (self._ended and self._input):
                line = bytes(self._input[: end or None])
                del self._input[: len(line)]
                return line
            if self._ended:
                self._ended = not self._tty  # a terminal can be read again after Ctrl-D
                return b""
            self._take(LOOK)

    def sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._ended:
                time.sleep(min(left, LOOK))
                self._look()
            else:
                self._take(min(left, LOOK))

    def _look(self) -> None:
        if not self._running():
            raise Gone

    def _take(self, timeout: float) -> None:
        """What arrives within `timeout` seconds goes into the input."""
        self._look()
        if not self._sock.pending() and not select.select([self._sock], [], [], timeout)[0]:
            return
        try:
            packet = self._sock.recv(PACKET)
        except OSError:
            raise Gone from None
        if not packet:
            if self._tty:
                raise Gone
            self._ended = True
        elif self._tty:
            self._typed(packet)
        else:
            self._ended = packet.endswith(bytes([CTRL_D]))
            self._input += packet[:-1] if self._ended else packet

    def _typed(self, packet: bytes) -> None:
        echo = bytearray()
        for byte in packet:
            if byte == CTRL_C:
                self._input.clear()
                self.write(bytes(echo) + b"^C\n")
                raise Interrupted
            if byte == CTRL_D:
                self._ended = True
            elif byte == BACKSPACE:
                if self._input and not self._input.endswith(b"\n"):
                    self._input.pop()
                    echo += b"\b \b"
            else:
                self._input.append(0x0A if byte == 0x0D else byte)
                echo.append(self._input[-1])
        if echo:
            self.write(bytes(echo))
