"""Bytes of a text log to blocks of whole lines: the records read_lines would see, some thousand at a time."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from herodyno.logs.frames import PIECE_BYTES, Pieces
from herodyno.logs.framing import LineSplitter, sniff

# One log: the lines of its chunks, the same ones whenever it is called.
Blocks: TypeAlias = Callable[[], Iterable[list[bytes]]]


def is_text(head: bytes) -> bool:
    """Whether a log that begins so is text of lines, which only a byte order mark of UTF-8 may precede."""
    is_other = head.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    return not is_other and sniff(head.lstrip(b"\r\n"), is_all=True) == "text"


def line_blocks(chunks: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines of each chunk, without their ends; the one a chunk breaks off comes with the next.

    Lines above 256 KB are cut and pieces of long messages joined as everywhere; blank lines are still there.
    """
    splitter, pieces = LineSplitter(), Pieces()
    first = True
    for chunk in chunks:
        if first:
            chunk = chunk.lstrip(b"\r\n").removeprefix(BOM_UTF8)
            first = False
        if lines := splitter.feed(chunk):
            if pieces.held or max(map(len, lines)) > PIECE_BYTES:
                lines = [line for part in lines for line in pieces.feed(part)]
            yield lines
    yield [line for part in splitter.flush() for line in pieces.feed(part)] + pieces.flush()
