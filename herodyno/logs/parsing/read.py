"""Bytes of a log, however they travel, to events: one pass, constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from herodyno.logs.decoding.decoder import Framing
from herodyno.logs.decoding.lines import Year
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import Event
from herodyno.logs.parsing.event import event_of
from herodyno.logs.parsing.tracebacks import join_tracebacks


def read_events(chunks: Iterable[bytes], *, year: Year, framing: Framing | None = None) -> Iterator[Event]:
    """The events of a log, tracebacks joined. Every line is an event or counted in an AppException."""
    return join_tracebacks(map(event_of, read_lines(chunks, year=year, framing=framing)))
