"""Lines that stand in two logs count once: a copy is left out whole, and where logs overlap each line is compared.

A line is the same when time, source, process and text are the same; the text of a request holds its id. A line that one
log holds twice stays two lines. Only the lines of a short span of log time are held, so memory does not grow with the
logs. Logs that do not overlap are read as they are, and so is the text of a log from where no other reaches it.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import blake2b
from itertools import dropwhile
from math import inf
from typing import NamedTuple

from herodyno.logfiles.last_time import last_time
from herodyno.logfiles.opened import Logs
from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.decoding.mending import COMMON
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import LogLine
from herodyno.logs.late_patterns import late
from herodyno.logs.scan.blocks import Batch, batches, line_blocks
from herodyno.logs.scan.rows import text_lines
from herodyno.units import count

# Lines arrive out of order by less than this.
_SPAN_SECONDS = 60.0
_MOST_LINES = 500_000
_STAMP = 32  # bytes of a time with its offset
_STAMPS = late(rb"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00(?= )", re.MULTILINE)


class _Span(NamedTuple):
    """When a log begins and ends, as far as its lines tell."""

    name: str
    start: datetime
    end: datetime | None


class Repeats:
    """Which of several logs are copies or overlap. `dropped` counts the lines left out at the last complete reading."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self.dropped: dict[str, int] = {}
        self.names: list[str] = []  # without copies, the log that begins earliest first
        self._before: dict[str, list[_Span]] = {}
        self._starts: dict[str, float] = {}
        spans = [_Span(name, start, last_time(logs, name)) for name, start in logs.starts()]
        kept: list[_Span] = []
        digests: dict[str, tuple[bytes, int]] = {}
        for span in spans:
            twin = any(self._is_copy(span, other, digests) for other in kept)
            if twin:
                self.dropped[span.name] = digests[span.name][1]
                continue
            self._before[span.name] = [other for other in kept if other.end is not None and span.start <= other.end]
            self._starts[span.name] = span.start.timestamp()
            self.names.append(span.name)
            kept.append(span)

    @property
    def overlaps(self) -> bool:
        """Whether any log may hold lines of another."""
        return any(self._before.values())

    def has_repeats(self, name: str) -> bool:
        """Whether a log may hold lines of an earlier one."""
        return bool(self._before[name])

    def lines(self) -> Iterator[LogLine]:
        """The lines of all logs, numbered from 1, each once."""
        lines = (
            line
            for name in self.names
            for line in self._once(
                name, self._lines(name), [_Window(_stamped(self._lines(other.name))) for other in self._before[name]]
            )
        )
        return (line._replace(number=number) for number, line in enumerate(lines, start=1))

    def batches(self, name: str) -> Iterator[Batch]:
        """The lines of one log of text that no earlier log holds."""
        start = self._starts[name]
        earlier = [_Window(_stamped(self._lines_since(start, other.name))) for other in self._before[name]]
        blocks, reader = line_blocks(self._logs.chunks(name)), LineReader(year=self._logs.year)
        behind: list[bytes] = []  # the first block that no earlier log reaches, once it was met

        def compared() -> Iterator[LogLine]:
            for block in blocks:
                begin = _begin(block)
                if begin is not None and all(window.is_over(begin) for window in earlier):
                    behind.append(block)
                    return
                yield from map(reader.line, text_lines(block))

        yield from batches(self._once(name, compared(), earlier))
        yield from behind
        yield from blocks

    def remarks(self) -> list[str]:
        """What was left out, as a sentence. It holds once the logs were read."""
        dropped = sum(self.dropped.values())
        if not dropped:
            return []
        which = "that stands in two of these files was" if dropped == 1 else "that stand in two of these files were"
        return [f"{count(dropped, 'line')} {which} counted once"]

    def _once(self, name: str, lines: Iterable[LogLine], earlier: Sequence[_Window]) -> Iterator[LogLine]:
        """The lines of a log that no earlier log holds."""
        if not earlier:
            yield from lines
            return
        dropped = 0
        for line, seconds, key in _stamped(lines):
            # Each of the earlier logs that holds the line gives it up.
            if sum(window.takes(seconds, key) for window in earlier):
                dropped += 1
            else:
                yield line
        self.dropped[name] = dropped

    def _lines_since(self, start: float, name: str) -> Iterator[LogLine]:
        """The lines of a log of text, but for its first blocks that are surely earlier than a time."""
        reader = LineReader(year=self._logs.year)
        blocks = line_blocks(self._logs.chunks(name))
        # Only the first: behind a later line a window holds earlier ones too, for a log that goes back to them.
        for block in dropwhile(lambda block: _latest(block) < start - 2 * _SPAN_SECONDS, blocks):
            yield from map(reader.line, text_lines(block))

    def _lines(self, name: str) -> Iterator[LogLine]:
        return read_lines(self._logs.chunks(name), year=self._logs.year)

    def _is_copy(self, span: _Span, other: _Span, digests: dict[str, tuple[bytes, int]]) -> bool:
        if (span.start, span.end) != (other.start, other.end):
            return False
        for name in (span.name, other.name):
            if name not in digests:
                digests[name] = _digest(self._logs.chunks(name))
        return digests[span.name] == digests[other.name]


class _Window:
    """The lines of an earlier log around a moment of log time, each as often as it stands there."""

    def __init__(self, lines: Iterator[tuple[LogLine, float, int]]) -> None:
        self._lines = ((seconds, key) for _, seconds, key in lines)
        self._next = next(self._lines, None)
        self._held: deque[tuple[float, int]] = deque()
        self._counts: Counter[int] = Counter()

    def takes(self, seconds: float, key: int) -> bool:
        """Whether the earlier log holds this line, one time more than it was asked for."""
        self._advance(seconds)
        if not self._counts[key]:
            return False
        self._counts[key] -= 1
        return True

    def is_over(self, seconds: float) -> bool:
        """Whether no line from this time on can be in the earlier log, whatever the order of its lines."""
        self._advance(seconds)
        return self._next is None and not self._held

    def _advance(self, seconds: float) -> None:
        while self._next is not None and self._next[0] <= seconds + _SPAN_SECONDS:
            self._held.append(self._next)
            self._counts[self._next[1]] += 1
            self._next = next(self._lines, None)
        while self._held and (self._held[0][0] < seconds - _SPAN_SECONDS or len(self._held) > _MOST_LINES):
            _, key = self._held.popleft()
            self._counts[key] -= 1
            if self._counts[key] <= 0:
                del self._counts[key]


def _begin(block: bytes) -> float | None:
    """The time of a block's first line, where the line has the commonest form."""
    try:
        return datetime.fromisoformat(block[:_STAMP].decode()).timestamp() if COMMON.match(block) else None
    except ValueError:
        return None


def _latest(block: bytes) -> float:
    """The latest time in a block; infinite unless all its lines have one in the commonest form."""
    stamps = _STAMPS.findall(block)
    if not stamps or len(stamps) < block.count(b"\n"):
        return inf
    try:
        return datetime.fromisoformat(max(stamps).decode()).timestamp()
    except ValueError:
        return inf


def _stamped(lines: Iterable[LogLine]) -> Iterator[tuple[LogLine, float, int]]:
    """(line, seconds, key). A line without a time has that of the line before it."""
    seconds = -inf
    for line in lines:
        seconds = line.at.timestamp() if line.at is not None else seconds
        yield line, seconds, hash((seconds, line.source, line.proc, line.text))


def _digest(chunks: Iterable[bytes]) -> tuple[bytes, int]:
    """(digest, number of lines) of a log's bytes."""
    digest, lines = blake2b(), 0
    for chunk in chunks:
        digest.update(chunk)
        lines += chunk.count(b"\n")
    return digest.digest(), lines
