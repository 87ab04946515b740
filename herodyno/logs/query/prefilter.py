"""Lines that cannot be wanted are dropped before they are read: bytes in, fewer bytes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from herodyno.logs.decoding.frames import PIECE_BYTES
from herodyno.logs.decoding.framing import RECORD_LIMIT, sniff

_LONGEST = 4 * RECORD_LIMIT


RulesOut = Callable[[bytes], bool]


def sieved(chunks: Iterable[bytes], needle: str, rules_out: RulesOut = lambda line: False) -> Iterator[bytes]:
    """The chunks without lines of text that lack the needle or are ruled out; other framings pass as they are.

    A line next to one that is as long as a piece of a split message stays, since the two may be one.
    """
    rest = iter(chunks)
    head = b""
    while sniff(head) is None and (chunk := next(rest, None)) is not None:
        head += chunk
    stream = chain([head], rest)
    is_text = sniff(head, is_all=True) == "text" and head[:2] not in (b"\xff\xfe", b"\xfe\xff")
    return _sieved(stream, needle.encode(), rules_out) if is_text and needle else stream


def _sieved(chunks: Iterable[bytes], needle: bytes, rules_out: RulesOut) -> Iterator[bytes]:
    left = b""
    for chunk in chunks:
        data = left + chunk
        end = data.rfind(b"\n") + 1
        if not end and len(data) < _LONGEST:
            left = data
            continue
        end = end or len(data)
        left = data[end:]
        if kept := _with(needle, data[:end], rules_out):
            yield kept
    if kept := _with(needle, left, rules_out):
        yield kept


def _with(needle: bytes, lines: bytes, rules_out: RulesOut) -> bytes:
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
        at = end
        if end - start > PIECE_BYTES or not rules_out(lines[start:end]):
            kept.append(lines[start:end])
    return b"".join(kept)
