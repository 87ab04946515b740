"""The lines of a frame of the journal, whichever drain it came through, each with how it came."""

from __future__ import annotations

from collections.abc import Iterator

from herodyno.archive.otlp.lines import ORIGIN, otlp_lines
from herodyno.archive.otlp.metric_lines import MetricNames
from herodyno.archive.records import Frame
from herodyno.archive.rows import Delivery
from herodyno.logs.decoding.decoder import Decoder
from herodyno.logs.decoding.lines import LineReader, Year
from herodyno.logs.events import LogLine


def frame_lines(frame: Frame, year: Year, names: MetricNames | None = None) -> Iterator[tuple[LogLine, Delivery]]:
    """The lines. A frame that names no app is of the app that its drain is called.

    `names` takes in the names of metrics.
    """
    if frame.origin.startswith(ORIGIN):
        yield from otlp_lines(frame, names)
        return
    came = Delivery(
        app=frame.app or frame.drain,
        origin=frame.origin,
        recv_us=frame.received_us,
        drain_token=frame.drain or None,
        frame_id=frame.frame_id or None,
    )
    decoder = Decoder(LineReader(year=year), "frames")
    for line in decoder.feed(frame.body) + decoder.unfinished():
        yield line, came
