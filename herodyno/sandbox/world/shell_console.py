"""What the harmless shell needs of its console: input, output, and two ways to be interrupted."""

from __future__ import annotations

from typing import Protocol


class Console(Protocol):
    """Where a shell reads and writes. Each call may raise Interrupted or Gone."""

    def read_line(self) -> bytes:
        """One line with its newline, b"" at the end of the input."""

    def write(self, data: bytes) -> None:
        """Write output."""

    def sleep(self, seconds: float) -> None:
        """Wait in real time."""


class Interrupted(Exception):
    """Ctrl-C. The command ends with status 130."""


class Gone(Exception):
    """The client has hung up or the dyno has ended."""
