"""Frames of a journal become staged rows, most of their lines many at a time, each with its place in its frame.

A frame that a drain did not fill as Logplex does, and what may be part of a private key, is read line by line. The
lines of one app keep their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from herodyno.archive.frame_lines import delivery_of, frame_lines
from herodyno.archive.otlp.lines import ORIGIN
from herodyno.archive.otlp.metric_lines import MetricNames
from herodyno.archive.parquet.tables import Batch, table_of_columns
from herodyno.archive.records import Frame
from herodyno.archive.rows import Delivery
from herodyno.archive.staging.columns import columns_of
from herodyno.archive.staging.staged import Staging
from herodyno.logs.decoding.frames import whole_messages
from herodyno.logs.decoding.lines import LineReader, Year
from herodyno.logs.events import LogLine
from herodyno.logs.scan.common_lines import MESSAGE_ROW

# Ours, measured: in blocks of a tenth the pattern of secrets is made anew too often.
_BLOCK_BYTES = 4 << 20
_BLOCK_MESSAGES = 50_000  # ours: of the shortest messages, which take more memory than their bytes
_NO_LINE = b"-\n"  # stands for a message that is no line of its own


def stage_frames(staging: Staging, frames: Iterable[Frame], year: Year, names: MetricNames | None = None) -> None:
    """Stage the lines of frames in the order of their arrival. `names` takes in the names of metrics."""
    block = _Block()
    for frame in frames:
        messages = _messages(staging, frame)
        if messages is None:
            lines = list(frame_lines(frame, year, names))
            if not block.apps.keys().isdisjoint(came.app for _, came in lines):
                _stage(staging, block, year)
                block = _Block()
            _stage_lines(staging, lines)
            continue
        block.add(frame, messages)
        if block.size >= _BLOCK_BYTES or len(block.messages) >= _BLOCK_MESSAGES:
            _stage(staging, block, year)
            block = _Block()
    _stage(staging, block, year)
    staging.flush()


def _messages(staging: Staging, frame: Frame) -> list[bytes] | None:
    """The messages of a frame that is whole; None of a frame that is to be read line by line."""
    if frame.origin.startswith(ORIGIN) or frame.dropped or b"PRIVATE KEY" in frame.body:
        return None
    if staging.is_in_key(delivery_of(frame).app):
        return None
    messages = whole_messages(frame.body)
    return messages if messages is not None and frame.messages <= len(messages) else None


def _stage_lines(staging: Staging, lines: Iterable[tuple[LogLine, Delivery]]) -> None:
    for seq, (line, came) in enumerate(lines):
        staging.add(line, came._replace(frame_seq=seq))


class _Block:
    """Whole frames, and the messages of all of them. `places` are (number of the frame, number in the frame)."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.messages: list[bytes] = []
        self.places: list[tuple[int, int]] = []
        self.size = 0
        self.apps: dict[str, int] = {}  # app -> the place of its last message
        self._before: list[int] = []  # of each frame: the place of the message before it, of the same app; -1 for none

    def add(self, frame: Frame, messages: list[bytes]) -> None:
        if not messages:
            return
        number, app = len(self.frames), delivery_of(frame).app
        self.frames.append(frame)
        self.messages += messages
        self.places += [(number, seq) for seq in range(len(messages))]
        self.size += len(frame.body)
        self._before.append(self.apps.get(app, -1))
        self.apps[app] = len(self.messages) - 1

    def text(self) -> bytes:
        """A line for each message."""
        return b"".join([each if each.find(b"\n") == len(each) - 1 else _NO_LINE for each in self.messages])

    def deliveries(self) -> Batch:
        """A row for each message: how it came."""
        came = [delivery_of(frame) for frame in self.frames]
        names = [name for name in Delivery._fields if name not in ("frame_seq", "known")]
        frames = table_of_columns(names, [[getattr(each, name) for each in came] for name in names])
        places = table_of_columns(["number", "frame_seq"], list(zip(*self.places, strict=True)))
        return frames.take(places["number"]).append_column("frame_seq", places["frame_seq"])

    def others(self, places: Iterable[int], year: Year) -> Iterator[tuple[int, LogLine, Delivery]]:
        """The messages at some places as lines. A year that a line does not tell is known by its frame alone."""
        reader, read = LineReader(year=year), -1
        for place in places:
            number, seq = self.places[place]
            if number != read:
                reader, read = LineReader(year=year), number
            yield place, reader.line(self.messages[place]), delivery_of(self.frames[number])._replace(frame_seq=seq)

    def before(self, place: int) -> int:
        """The place of the message before, of the same app; -1 for none."""
        number, seq = self.places[place]
        return place - 1 if seq else self._before[number]


def _stage(staging: Staging, block: _Block, year: Year) -> None:
    if not block.frames:
        return
    first = staging.lines + 1
    found = columns_of(block.text(), first, block.deliveries(), MESSAGE_ROW)
    if found is None:
        for frame in block.frames:
            _stage_lines(staging, frame_lines(frame, year))
        return
    reader = LineReader(year=year)
    others = {other.number - first: None for other in found.others}

    def pass_by(place: int, app: str) -> None:
        if place >= 0 and place not in others:
            staging.pass_by(app, reader.line(block.messages[place]))

    for place, line, came in block.others(others, year):
        if not (line.source or line.proc):  # it may go on the line before
            pass_by(block.before(place), came.app)
        staging.add_at(first + place, line, came)
    for app, place in block.apps.items():
        pass_by(place, app)
    staging.add_columns(found)
