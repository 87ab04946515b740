"""The console of an attached one-off dyno: what a pty does between the socket of the client and the shell.

With a terminal, input is echoed, Ctrl-C interrupts, Ctrl-D ends the input, and output lines end with CR LF. Without a
terminal (`force_no_tty`) bytes pass unchanged, and Ctrl-D at the end of a packet ends the input: the Heroku CLI sends
it when its own input ends.
"""

from __future__ import annotations

import select
import ssl
import time
from collections.abc import Callable

from herodyno.sandbox.world.shell_console import Gone, Interrupted

CTRL_C, CTRL_D, BACKSPACE = 0x03, 0x04, 0x7F
POLL_INTERVAL = 0.25  # seconds between two checks that the dyno still runs
PACKET_BYTES = 65_536


class Console:
    """Reads and writes as the shell's Console. Every call raises Gone once `running()` is False or the client left."""

    def __init__(self, sock: ssl.SSLSocket, *, tty: bool, running: Callable[[], bool]) -> None:
        self._sock = sock
        self._tty = tty
        self._running = running
        self._input = bytearray()
        self._ended = False

    def write(self, data: bytes) -> None:
        """Send output to the client."""
        try:
            self._sock.sendall(data.replace(b"\n", b"\r\n") if self._tty else data)
        except OSError:
            raise Gone from None

    def read_line(self) -> bytes:
        """One line with its newline, b"" at the end of the input. Raises Interrupted on Ctrl-C."""
        while True:
            end = self._input.find(b"\n") + 1
            if end or (self._ended and self._input):
                line = bytes(self._input[: end or None])
                del self._input[: len(line)]
                return line
            if self._ended:
                self._ended = not self._tty  # after Ctrl-D a terminal can be read again
                return b""
            self._take(POLL_INTERVAL)

    def sleep(self, seconds: float) -> None:
        """Wait in real time and take input meanwhile. Raises Interrupted on Ctrl-C."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._ended:
                time.sleep(min(left, POLL_INTERVAL))
                self._check_running()
            else:
                self._take(min(left, POLL_INTERVAL))

    def _check_running(self) -> None:
        if not self._running():
            raise Gone

    def _take(self, timeout: float) -> None:
        """Add what arrives within `timeout` seconds to the input."""
        self._check_running()
        if not self._sock.pending() and not select.select([self._sock], [], [], timeout)[0]:
            return
        try:
            packet = self._sock.recv(PACKET_BYTES)
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
