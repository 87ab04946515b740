"""Whether lines need no mending (logs/decoding/mending.py), found by the compiled part in a fifth of the time."""

from __future__ import annotations

from herodyno.logs.decoding import mending
from herodyno.logs.scan.compiled.library import library


def is_sound(lines: bytes) -> bool:
    """Whether surely each of some lines, each ended by LF, has a head, and none has two."""
    part = library()
    found = part.herodyno_is_sound(lines, len(lines)) if part else -1
    return bool(found) if found >= 0 else mending.is_sound(lines)
