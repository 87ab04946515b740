"""Bytes of a text log to blocks of whole lines: the records read_lines would see, some thousand at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from herodyno.logs.frames import PIECE_BYTES, Pieces
from herodyno.logs.framing import LineSplitter


def line_blocks(chunks: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines of each chunk, without their ends; the one a chunk breaks off comes with the next.

    Lines above 256 KB are cut and pieces of long messages joined as everywhere; blank lines are still there.
    """
    splitter, pieces = LineSplitter(), Pieces()
    for chunk in chunks:
        if lines := splitter.feed(chunk):
            if pieces.held or max(map(len, lines)) > PIECE_BYTES:
                lines = [line for part in lines for line in pieces.feed(part)]
            yield lines
    yield [line for part in splitter.flush() for line in pieces.feed(part)] + pieces.flush()
