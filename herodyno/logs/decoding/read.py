"""A whole log of any framing to lines, in one pass and constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from herodyno.logs.decoding.decoder import Decoder, Framing
from herodyno.logs.decoding.lines import LineReader, Year
from herodyno.logs.decoding.splitters import LineSplitter, Splitter
from herodyno.logs.events import LogLine


def read_lines(
    chunks: Iterable[bytes],
    *,
    year: Year,
    framing: Framing | None = None,
    text: Callable[[], Splitter] = LineSplitter,
) -> Iterator[LogLine]:
    """The lines of a log in arrival order; `framing` and `text` as for Decoder.

    `year` is the year of the first line whose timestamp has no year (Papertrail's pages).
    """
    decoder = Decoder(LineReader(year=year), framing, text=text)
    for chunk in chunks:
        yield from decoder.feed(chunk)
    yield from decoder.unfinished()
