"""A log in batches of some thousand lines: raw text where a log is lines of text, else LogLines."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from herodyno.logs.decoding.decoder import sniff, without_lead
from herodyno.logs.decoding.frames import PIECE_BYTES, Pieces
from herodyno.logs.decoding.splitters import LineSplitter
from herodyno.logs.events import LogLine

# Some lines of a log: as text, each ended by LF, or as LogLines where only a reader knows the framing.
Batch: TypeAlias = bytes | Sequence[LogLine]
# One log: each call gives the same batches of lines.
Blocks: TypeAlias = Callable[[], Iterable[Batch]]

_LINES = 1000  # in a batch of LogLines


def is_text(head: bytes) -> bool:
    """Whether a log with these first bytes is lines of text in UTF-8, with or without a byte order mark."""
    is_other = without_lead(head).startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    return not is_other and sniff(head, is_all=True) == "text"


def batches(lines: Iterable[LogLine]) -> Iterator[Sequence[LogLine]]:
    """LogLines, some at a time."""
    rest = iter(lines)
    while batch := list(islice(rest, _LINES)):
        yield batch


def line_blocks(chunks: Iterable[bytes], *, goes_on: bool = False) -> Iterator[bytes]:
    """The whole lines of each chunk, each ended by LF. A line that a chunk cuts comes with the next chunk.

    Lines above 256 KB are cut, pieces of long messages are joined, and broken lines mended, as read_lines does. Blank
    lines stay. `goes_on`: the chunks go on from others, so a byte order mark before them is part of a line.
    """
    # Start-up counts, also where no line is read.
    from herodyno.logs.decoding.mending import Mender
    from herodyno.logs.scan.compiled.sound import is_sound

    splitter, pieces, mender = LineSplitter(), Pieces(), Mender()
    rest = b""  # of the last chunk, unless the splitter holds the rest
    is_first = not goes_on
    for chunk in chunks:
        if is_first:
            chunk = without_lead(chunk)
            is_first = not chunk
        chunk = rest + chunk
        if not (pieces.held or splitter.is_holding or mender.is_holding) and _has_short_lines(chunk):
            text, rest = _whole_lines(chunk)
            if not text:
                continue
            if is_sound(text):
                yield text
                continue
            chunk, rest = text + rest, b""
        lines = [line for part in splitter.feed(chunk) for line in pieces.feed(part)]
        rest = splitter.give_back()
        if mended := mender.feed(lines) if lines else []:
            yield _block(mended)
    last = splitter.feed(rest) + splitter.flush()
    last = [line for part in last for line in pieces.feed(part)] + pieces.flush()
    if lines := (mender.feed(last) if last else []) + mender.flush():
        yield _block(lines)


def _whole_lines(chunk: bytes) -> tuple[bytes, bytes]:
    """The lines that are whole, each ended by LF, and the rest. A last line that may go on is part of the rest."""
    from herodyno.logs.decoding.mending import may_go_on

    end = chunk.rfind(b"\n") + 1
    start = chunk.rfind(b"\n", 0, max(0, end - 1)) + 1
    if end and may_go_on(chunk[start : end - 1].removesuffix(b"\r")):
        end = start
    text = chunk[:end]
    return text.replace(b"\r\n", b"\n") if b"\r" in text else text, chunk[end:]


def _block(lines: list[bytes]) -> bytes:
    return b"\n".join([*lines, b""])


def _has_short_lines(data: bytes) -> bool:
    """Whether all lines are shorter than a piece of a long message, so that no line needs to be joined or cut."""
    at = 0
    while len(data) - at > PIECE_BYTES:
        end = data.rfind(b"\n", at, at + PIECE_BYTES + 1) + 1
        if not end:
            return False
        at = end
    return True
