"""A packed log that breaks off (a full disk, a copy cut short): its whole lines are read, and it is said."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO

_LONGEST_LINE = 1 << 20  # longer ones are not held back until they are whole


def up_to_early_end(
    read: Callable[[], bytes], told: Callable[[int], object], again: Callable[[int], bytes] = lambda done: b""
) -> Iterator[bytes]:
    """The chunks that `read` gives, b"" being the end. Where it raises EOFError, the line that was cut is left out
    and `told` hears how many lines there were; EOFError is raised if there were none.

    `again` is asked then for what lies behind so many bytes: a fast unpacker loses its last chunk.
    """
    lines, done, held = 0, 0, b""
    is_cut = False
    while not is_cut:
        try:
            chunk = read()
        except EOFError:
            is_cut = True
            chunk = again(done)
            if not lines and b"\n" not in chunk:
                raise
        if not (chunk or is_cut):
            break
        end = chunk.rfind(b"\n") + 1
        lines += chunk.count(b"\n")
        done += len(chunk)
        if end:
            yield held + chunk[:end]
            held = chunk[end:]
        elif len(held) < _LONGEST_LINE or is_cut:
            held += chunk
        else:
            yield held
            held = chunk
    if is_cut:
        told(lines)
    elif held:
        yield held


def unpacked_behind(packed: IO[bytes], done: int) -> bytes:
    """Of a gzip file, what Python's own unpacker gets out of it behind so many bytes, until it breaks off."""
    if not packed.seekable():
        return b""
    packed.seek(0)
    rest = bytearray()
    with suppress(EOFError), gzip.GzipFile(fileobj=packed, mode="rb") as stream:
        while chunk := stream.read1(1 << 18):
            rest += chunk[max(0, done) :]
            done -= min(len(chunk), max(0, done))
    return bytes(rest)


def say(text: str) -> None:
    """On stderr: in a process of a pool, which has no output of its own."""
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")
