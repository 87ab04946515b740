"""Lines that cannot hold a wanted text are dropped before they are read: bytes in, fewer bytes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from herodyno.logs.frames import PIECE_BYTES
from herodyno.logs.framing import RECORD_LIMIT, sniff

_LONGEST = 4 * RECORD_LIMIT


def sieved(chunks: Iterable[bytes], needle: str) -> Iterator[bytes]:
    """The chunks without lines of text that lack the needle; other framings pass through as they are.

    A line next to one that is as long as a piece of a split message stays, since the two may be one.
    """
    rest = iter(chunks)
    head = b""
    while sniff(head) is None and (chunk := next(rest, None)) is not None:
        head += chunk
    stream = chain([head], rest)
    is_text = sniff(head, is_all=True) == "text" and head[:2] not in (b"\xff\xfe", b"\xfe\xff")
    return _sieved(stream, needle.encode()) if is_text and needle else stream


def _sieved(chunks: Iterable[bytes], needle: bytes) -> Iterator[bytes]:
    left = b""
    for chunk in chunks:
        data = left + chunk
        end = data.rfind(b"\n") + 1
        if not end and len(data) < _LONGEST:
            left = data
            continue
        end = end or len(data)
        left = data[end:]
        if kept := _with(needle, data[:end]):
            yield kept
    if kept := _with(needle, left):
        yield kept


def _with(needle: bytes, lines: bytes) -> bytes:
    kept = []
    at = 0
    while (found := lines.find(needle, at)) >= 0:
        start = lines.rfind(b"\n", at, found) + 1 or at
        while start > at and start - 1 - (before := lines.rfind(b"\n", at, start - 1) + 1 or at) >= PIECE_BYTES:
            start = before
        end = lines.find(b"\n", found) + 1 or len(lines)
        last = start
        while end < len(lines) and end - last > PIECE_BYTES:
            last, end = end, lines.find(b"\n", end) + 1 or len(lines)
        kept.append(lines[start:end])
        at = end
    return b"".join(kept)
