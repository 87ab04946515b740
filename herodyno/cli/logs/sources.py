"""Where lines come from: the last 1,500 of a log session, or a pipe. Each source gives batches of lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from herodyno.cli.session import Session
from herodyno.dynos import Dyno, Generation
from herodyno.errors import RefusedByHeroku, Unreachable
from herodyno.heroku_facts import LOG_BUFFER_LINES
from herodyno.logs.decoding.decoder import Decoder, framing_of
from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.events import LogLine

BATCH = 512
CUT_OFF = " [cut off here]"


class Window(NamedTuple):
    """The lines of a log session. `error` says why the session broke off; None when it came whole."""

    lines: list[LogLine]
    error: Unreachable | None


def open_log(session: Session, app: str, *, tail: bool, with_dynos: bool) -> tuple[Generation, str, list[Dyno]]:
    """Ask for the app, a log session and, if wanted, the dynos, side by side. A tail and Fir have no session: ""."""
    platform = session.platform

    def ask() -> str:
        try:
            return "" if tail else platform.log_session(app, lines=LOG_BUFFER_LINES)
        except RefusedByHeroku:  # Fir refuses `lines`; the answer about the app says whether the app is on Fir
            return ""

    def ask_dynos() -> list[Dyno]:
        return platform.dynos(app) if with_dynos else []

    facts, url, dynos = platform.gather(lambda: platform.app(app), ask, ask_dynos)
    if facts.generation == "fir":
        return facts.generation, "", dynos
    if not (url or tail):
        url = platform.log_session(app, lines=LOG_BUFFER_LINES)
    return facts.generation, url, dynos


def window(session: Session, url: str) -> Window:
    """Read a session to its end. A line that the network cut is kept, and marked as cut."""
    kind = ""

    def opened(content_type: str, cut: object) -> None:
        nonlocal kind
        kind = content_type

    reader = LineReader(year=session.now())
    decoder: Decoder | None = None
    lines: list[LogLine] = []
    try:
        for chunk in session.log_bytes(url, opened=opened):
            decoder = decoder or Decoder(reader, framing_of(kind))
            lines += decoder.feed(chunk)
    except Unreachable as error:
        if decoder is None:
            raise
        lines += [line._replace(text=line.text + CUT_OFF, raw=line.raw + CUT_OFF) for line in decoder.unfinished()]
        return Window(lines, error)
    return Window(lines + (decoder.unfinished() if decoder else []), None)


def in_batches(lines: Iterable[LogLine]) -> Iterator[Sequence[LogLine]]:
    """The lines in batches of BATCH."""
    walk = iter(lines)
    while batch := list(islice(walk, BATCH)):
        yield batch


def as_they_come(chunks: Iterable[bytes], decoder: Decoder) -> Iterator[Sequence[LogLine]]:
    """The lines of a pipe, each batch as soon as its bytes are there: `tail -f` never ends."""
    for chunk in chunks:
        yield decoder.feed(chunk)
    yield decoder.unfinished()
