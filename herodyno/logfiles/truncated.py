"""Reads the whole lines of a packed log that breaks off (a full disk, a copy cut short), and says so."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator

_LONGEST_LINE = 1 << 20  # longer lines are not held back until they are whole


def whole_lines(chunks: Iterable[bytes], on_truncated: Callable[[int], object]) -> Iterator[bytes]:
    """The chunks. Where the chunks end in EOFError, the unfinished line is left out.

    `on_truncated` is then called with the number of lines that came out. Raises EOFError if there was no line.
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
    """Write a line to stderr: a process that reads a part has no Output."""
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")
