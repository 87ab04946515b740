"""A log at once, however its bytes travel, to lines and to events: one pass, constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from herodyno.logs.decoding.decoder import Decoder, Framing
from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.decoding.splitters import LineSplitter, Splitter
from herodyno.logs.events import LogLine


def read_lines(
    chunks: Iterable[bytes],
    *,
    year: int,
    framing: Framing | None = None,
    text: Callable[[], Splitter] = LineSplitter,
) -> Iterator[LogLine]:
    """The lines of a log in arrival order; `framing` and `text` as for Decoder.

    `year` is that of the first line whose timestamp has none (Papertrail's pages).
    """
    decoder = Decoder(LineReader(year=year), framing, text=text)
    for chunk in chunks:
        yield from decoder.feed(chunk)
    yield from decoder.unfinished()
