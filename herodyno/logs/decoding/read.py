"""Bytes of a log, however they travel, to lines and to events: one pass, constant memory."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, iterdecode
from collections.abc import Iterable, Iterator
from itertools import chain

from herodyno.logs.decoding.frames import FrameSplitter, whole
from herodyno.logs.decoding.framing import Framing, LineSplitter, Splitter, SseSplitter, sniff
from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.events import Event, LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.logs.parsing.tracebacks import join_tracebacks

_LAYOUT = b"\0 \t\r\n\v\f"


def read_lines(chunks: Iterable[bytes], *, year: int, framing: Framing | None = None) -> Iterator[LogLine]:
    """The lines of a log in arrival order.

    `framing` None: judged by the first bytes. `year` is that of the first line whose timestamp
    has none (Papertrail's pages). A line of nothing but blanks or NULs (heartbeats) is layout and
    no line; every other line of the input comes out, understood or not.
    """
    reader = LineReader(year=year)
    for record in whole(_records(recoded(chunks), framing)):
        if record.strip(_LAYOUT):
            yield reader.line(record)


def read_events(chunks: Iterable[bytes], *, year: int, framing: Framing | None = None) -> Iterator[Event]:
    """The events of a log, tracebacks joined. Every line is an event or counted in an AppException."""
    return join_tracebacks(map(event_of, read_lines(chunks, year=year, framing=framing)))


def _records(chunks: Iterable[bytes], framing: Framing | None) -> Iterator[bytes]:
    splitter = _splitter(framing) if framing else None
    head = b""
    for chunk in chunks:
        if splitter is None:
            head = (head + chunk).lstrip(b"\r\n")
            if (found := sniff(head)) is None:
                continue
            splitter = _splitter(found)
            yield from splitter.feed(head.removeprefix(BOM_UTF8))
        else:
            yield from splitter.feed(chunk)
    if splitter is None:
        splitter = _splitter(sniff(head, is_all=True) or "text")
        yield from splitter.feed(head.removeprefix(BOM_UTF8))
    yield from splitter.flush()


def recoded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks; recoded if they begin as UTF-16, which Windows PowerShell makes of `heroku logs > file`."""
    rest = iter(chunks)
    head = b""
    while len(head) < 2 and (chunk := next(rest, None)) is not None:
        head += chunk
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return (text.encode() for text in iterdecode(chain([head], rest), "utf-16", "replace"))
    return chain([head], rest)


def _splitter(framing: Framing) -> Splitter:
    if framing == "frames":
        return FrameSplitter()
    return SseSplitter() if framing == "sse" else LineSplitter()
