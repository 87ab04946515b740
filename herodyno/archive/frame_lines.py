"""The lines of a frame of the journal, whichever drain it came through, each with how it came."""

from __future__ import annotations

from collections.abc import Iterator

from herodyno.archive.folder import microseconds
from herodyno.archive.gaps import messages_in
from herodyno.archive.otlp.lines import ORIGIN, otlp_lines
from herodyno.archive.otlp.metric_lines import MetricNames
from herodyno.archive.records import Frame
from herodyno.archive.rows import Delivery, log_line, time_of
from herodyno.logs.decoding.decoder import Decoder
from herodyno.logs.decoding.lines import LineReader, Year
from herodyno.logs.events import LogLine
from herodyno.logs.query.marks import loss_in

_TOLD = "Error L10 (told by the head of a frame): {} messages dropped"


def frame_lines(frame: Frame, year: Year, names: MetricNames | None = None) -> Iterator[tuple[LogLine, Delivery]]:
    """The lines. A frame that names no app is of the app that its drain is called.

    What only the head of a frame says of lost messages becomes a line like Logplex's own, the last. `names` takes in
    the names of metrics.
    """
    if frame.origin.startswith(ORIGIN):
        yield from otlp_lines(frame, names)
        return
    came = delivery_of(frame)
    decoder = Decoder(LineReader(year=year), "frames")
    lines = decoder.feed(frame.body) + decoder.unfinished()
    for line in lines:
        yield line, came
    if lost := _lost(frame, lines):
        at = next((line.at for line in lines if line.at), time_of(frame.received_us))
        yield log_line(microseconds(at), "heroku", "logplex", _TOLD.format(lost), len(lines) + 1), came


def delivery_of(frame: Frame) -> Delivery:
    """How the lines of a frame of Logplex or log-shuttle came."""
    return Delivery(
        app=frame.app or frame.drain,
        origin=frame.origin,
        recv_us=frame.received_us,
        drain_token=frame.drain or None,
        frame_id=frame.frame_id or None,
    )


def _lost(frame: Frame, lines: list[LogLine]) -> int:
    """How many messages the head of a frame says were lost, but for those that a line of the frame tells of.

    log-shuttle counts what it dropped in the head, and may say it in a line, too. Of a frame with fewer messages than
    its sender counted, the others are lost.
    """
    told = sum(loss.lost for line in lines if (loss := loss_in(line)))
    found = messages_in(frame.body)
    missing = frame.messages - (len(lines) if found is None else found)
    return max(frame.dropped - told, 0) + max(missing, 0)
