"""A packed log that breaks off (a full disk, a copy cut short): its whole lines are read, and it is said."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator

_LONGEST_LINE = 1 << 20  # longer ones are not held back until they are whole


def up_to_early_end(chunks: Iterable[bytes], told: Callable[[int], object]) -> Iterator[bytes]:
    """The chunks. Where they end in EOFError, the line that was cut is left out and `told` hears how many lines
    there were; EOFError is raised if there were none.
    """
    lines, held = 0, b""
    try:
        for chunk in chunks:
            end = chunk.rfind(b"\n") + 1
            lines += chunk.count(b"\n")
            if end:
                yield held + chunk[:end]
                held = chunk[end:]
            elif len(held) < _LONGEST_LINE:
                held += chunk
            else:
                yield held
                held = chunk
    except EOFError:
        if not lines:
            raise
        told(lines)
    else:
        if held:
            yield held


def say(text: str) -> None:
    """On stderr: in a process of a pool, which has no output of its own."""
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")
