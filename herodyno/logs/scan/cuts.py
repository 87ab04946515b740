"""Where a large log may be cut so that its parts can be read apart: after a line, while no traceback is open."""

from __future__ import annotations

from herodyno.logs.decoding.frames import PIECE_BYTES
from herodyno.logs.scan.scanner import Scanner

WINDOW = 1 << 20
_STEP = 1 << 14
_WARM_UP = 1 << 17  # read before the first answer: a traceback from before the window ends in it


def quiet_place(window: bytes) -> int | None:
    """The place in some bytes from the middle of a log, None when there is none among them."""
    scanner = Scanner(year=1970)
    at = window.find(b"\n") + 1
    while end := window.rfind(b"\n", at, at + _STEP) + 1:
        lines = window[at:end]
        scanner.block(lines.replace(b"\r\n", b"\n"))
        at = end
        if at > _WARM_UP and not scanner.is_open and len(lines) - lines.rfind(b"\n", 0, -1) <= PIECE_BYTES:
            return at
    return None
