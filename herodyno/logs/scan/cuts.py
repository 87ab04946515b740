"""Where a large log may be cut into parts that are read separately: after a line, while no traceback is open."""

from __future__ import annotations

from herodyno.logs.decoding.frames import PIECE_BYTES
from herodyno.logs.decoding.mending import may_be_cut_behind
from herodyno.logs.scan.scanner import Scanner

WINDOW = 1 << 20  # bytes around the place where a cut is wanted
_STEP = 1 << 14  # bytes between two places that are tried
_WARM_UP = 1 << 17  # bytes; a traceback that began before the window ends within them


def cut_place(window: bytes) -> int | None:
    """The offset of a place to cut, in a window from the middle of a log; None for a window without such a place."""
    scanner = Scanner(year=1970)
    at = window.find(b"\n") + 1
    while end := window.rfind(b"\n", at, at + _STEP) + 1:
        lines = window[at:end]
        scanner.block(lines.replace(b"\r\n", b"\n"))
        at = end
        last = lines[lines.rfind(b"\n", 0, -1) + 1 :].rstrip(b"\r\n")
        if at > _WARM_UP and not scanner.is_open and len(last) < PIECE_BYTES and may_be_cut_behind(last):
            return at
    return None
