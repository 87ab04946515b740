"""A packed log that breaks off (a full disk, a copy cut short): its whole lines are read, and it is said."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator

_LONGEST_LINE = 1 << 20  # longer ones are not held back until they are whole


def whole_lines(chunks: Iterable[bytes], on_truncated: Callable[[int], object]) -> Iterator[bytes]:
    """The chunks. Where they end in EOFError, the line that was cut is left out.

    `on_truncated` is called with the number of lines that came before. EOFError is raised if there were none.
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
        on_truncated(lines)
    else:
        if held:
            yield held


def say(text: str) -> None:
    """Say it on stderr. A process of a pool has no output of its own."""
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")
