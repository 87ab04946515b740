"""The newest lines of each app, from the journal alone: also those that no compaction has seen.

Sealed files stay for REMEMBERED_SECONDS and longer, so that the last quarter of an hour is always there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from herodyno.archive.folder import CLOCKS_DIFFER_US, US_PER_SECOND, microseconds
from herodyno.archive.frame_lines import frame_lines
from herodyno.archive.journal import Journal
from herodyno.archive.records import Frame
from herodyno.logs.events import LogLine

# Ours: bytes of frames that are held. Some 70,000 lines of an app.
MOST_OF_APP = 16 << 20
MOST_BYTES = 256 << 20


@dataclass(slots=True)
class _Held:
    """The newest frames of one app or drain, and their bytes."""

    frames: deque[Frame] = field(default_factory=deque)
    size: int = 0

    def add(self, frame: Frame) -> None:
        self.frames.append(frame)
        self.size += len(frame.body)

    def drop(self) -> int:
        lost = len(self.frames.popleft().body)
        self.size -= lost
        return lost


def recent_lines(journal: Journal, *, seconds: float, now: datetime) -> Iterator[tuple[str, list[LogLine]]]:
    """(app, lines) of the frames that came in the last so many seconds, in the order of their arrival.

    Of an app that sends more than MOST_OF_APP bytes, and of all together beyond MOST_BYTES, the newest. A frame that
    came again counts once. Lines of a clock far ahead are left out, unless most are ahead. Raises OSError.
    """
    held: dict[str, _Held] = {}
    seen: set[tuple[str, str]] = set()
    total = 0
    since_us = round((now.timestamp() - seconds) * US_PER_SECOND)
    for frame in journal.newest(since_us):
        key = (frame.drain, frame.frame_id)
        if frame.received_us < since_us or (frame.frame_id and key in seen):
            continue
        seen.add(key)
        own = held.setdefault(frame.app or frame.drain, _Held())
        own.add(frame)
        total += len(frame.body)
        while own.size > MOST_OF_APP and len(own.frames) > 1:
            total -= own.drop()
        while total > MOST_BYTES:
            total -= max(held.values(), key=lambda each: each.size).drop()
    found: dict[str, list[tuple[LogLine, bool]]] = {}
    for name in list(held):
        for frame in held.pop(name).frames:
            for line, came in frame_lines(frame, now):
                found.setdefault(came.app, []).append((line, _is_ahead(line, came.recv_us)))
        if name in found:
            yield name, _numbered(found.pop(name))
    yield from ((name, _numbered(lines)) for name, lines in found.items())


def _numbered(lines: list[tuple[LogLine, bool]]) -> list[LogLine]:
    kept = [line for line, ahead in lines if not ahead]
    if len(kept) * 2 <= len(lines):  # the receiver's own clock is behind
        kept = [line for line, _ in lines]
    return [line._replace(number=number) for number, line in enumerate(kept, start=1)]


def _is_ahead(line: LogLine, recv_us: int | None) -> bool:
    """Whether a line is dated later than it can have been written."""
    return line.at is not None and recv_us is not None and microseconds(line.at) > recv_us + CLOCKS_DIFFER_US
