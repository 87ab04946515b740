"""Counts a log of any framing in one pass, the parts of a large log side by side.

Lines around the end of an incarnation are read a second time.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any, NamedTuple, Protocol, TypeAlias

from herodyno.diagnosis.counting.assignment import LinesToReread, assign
from herodyno.diagnosis.counting.block_list import EVENTS, ROWS
from herodyno.diagnosis.counting.counter import Counting
from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.merging import merge
from herodyno.diagnosis.counting.printed import SLOT_SECONDS
from herodyno.diagnosis.counting.selection.selecting import LogSelection, Selecting
from herodyno.diagnosis.counting.unassigned import Unassigned
from herodyno.diagnosis.timeline.boundaries import Boundaries
from herodyno.diagnosis.timeline.listed import ListedDyno
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.logs.decoding.lines import LineReader, Year
from herodyno.logs.events import Event, LogLine
from herodyno.logs.scan.block import Block
from herodyno.logs.scan.blocks import Blocks, batches
from herodyno.logs.scan.rows import text_lines
from herodyno.logs.scan.scanner import Scanner

# Names beyond which a pattern of all names is slower than reading every line.
_MOST_NAMES = 100


class Part(NamedTuple):
    """A pass over one part of a log, in pieces. `is_open`: a traceback was open at the part's end. `has_undated`: a
    time had no year. `is_clear`: it was clear which events are selected (selecting.py)."""

    pieces: Iterable[Unassigned]
    lines: int
    is_open: bool
    has_undated: bool
    is_clear: bool


# Like `map` of scan_part over logs, perhaps in several processes.
Spread: TypeAlias = Callable[[Callable[[Blocks], Part], Sequence[Blocks]], Iterable[Part]]


class Pass(Protocol):
    """A way to the facts of a log."""

    boundaries: Boundaries

    def facts(self, times: Timeline, selection: Any = None) -> Facts:
        """The facts over a timeline that was built from `boundaries`. To be called once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Several logs, read in turn as one. `year` is for timestamps without a year.

    `lines_before` are lines that come before these and are not read; numbers of lines go on from there. `parts` are the
    same lines in other portions. With `spread` they are read side by side, unless a traceback goes on from one part
    into the next, or a time has no year. `edges` are (seconds, name), in order, where an incarnation of a name may
    begin or end though no line shows it: fewer lines are read again then. `counted` makes the pass where it is another
    than OnePass. `remarks` gives sentences about what reading left out; they hold once the log was read. `listed` are
    the dynos that the API listed meanwhile. `end` is the time of the last line, as far as the last lines show it.
    """

    logs: Sequence[Blocks]
    year: Year
    parts: Sequence[Blocks] = ()
    spread: Spread | None = None
    lines_before: int = 0
    edges: Sequence[tuple[float, str]] = ()
    counted: Callable[[], Pass] | None = None
    remarks: Callable[[], Sequence[str]] = tuple
    listed: Sequence[ListedDyno] = ()
    end: Callable[[], datetime | None] = lambda: None

    def lines(self) -> Iterator[LogLine]:
        """The lines, numbered log by log."""
        for log in self.logs:
            reader = LineReader(year=self.year)
            for batch in log():
                yield from map(reader.line, text_lines(batch)) if isinstance(batch, bytes) else batch


def log_of(lines: Sequence[LogLine], *, year: Year) -> Log:
    """A log of lines that are held in memory."""
    return Log(logs=[partial(batches, lines)], year=year)


class OnePass:
    """The pass over a log. The timeline is built from `boundaries`; `facts` then needs the timeline.

    `expected` is what `facts` will probably be asked for. A log is read again for another selection.
    """

    def __init__(self, log: Log, expected: LogSelection | None = None) -> None:
        self._log = log
        self._logs = log.logs
        self._has_undated = False
        self._read(expected)
        self.boundaries = self._unassigned.boundaries

    def facts(self, times: Timeline, selection: LogSelection | None = None) -> Facts:
        """The facts over a timeline that was built from `boundaries`. To be called once."""
        if selection is None or selection.is_all:
            selection = None
        if not self._has_counted(selection):
            self._unassigned = Unassigned()  # The counts of other lines are not needed any more.
            self._read(selection)
        if selection is None:
            return assign(self._unassigned, times, lambda lines: _events_of(self._reread(lines)))
        if not self._is_clear:
            self._read_selected(selection)
        return assign(
            self._unassigned,
            times,
            lambda lines: _events_of(selection.select(self._reread(lines))),
            lambda event: event.line.at is not None and selection.holds(event.line.at) and selection.is_of_type(event),
        )

    def _has_counted(self, selection: LogSelection | None) -> bool:
        counted = self._counted
        return counted is None if selection is None else counted is not None and selection.counts_as(counted)

    def _read(self, selection: LogSelection | None) -> None:
        """The pass, in which only what is selected counts."""
        self._counted = None if selection is None or selection.is_all else selection
        self._is_clear = True
        self._unassigned = self._side_by_side() or self._in_turn()
        self._blocks = self._unassigned.blocks

    def _read_selected(self, selection: LogSelection) -> None:
        """The pass over blocks that were selected line by line: where events without a time lie at a bound."""
        self._unassigned = Unassigned()
        counting, scanner = Counting(self._log.edges), Scanner(year=self._log.year)
        wanted = self._blocks.within(selection.where, self._has_undated)
        for block in selection.select(self._blocks_again(scanner, wanted)):
            counting.add(block, scanner.stamps)
        self._unassigned = counting.closed(scanner)

    def _side_by_side(self) -> Unassigned | None:
        spread, logs = self._log.spread, self._log.parts
        if spread is None or len(logs) < 2:
            return None
        first, *others = parts = list(spread(partial(scan_part, self._log.year, self._counted), logs))
        if any(part.is_open for part in parts[:-1]) or any(part.has_undated for part in parts):
            return None
        self._logs = logs
        self._is_clear = all(part.is_clear for part in parts)
        (unassigned,) = first.pieces
        lines = first.lines
        for part in others:
            for piece in part.pieces:
                merge(unassigned, piece, lines)
            lines += part.lines
        return unassigned

    def _in_turn(self) -> Unassigned:
        log = self._log
        part = scan_part(
            log.year, self._counted, *log.logs, lines_before=log.lines_before, edges=log.edges, goes_on=False
        )
        self._has_undated = part.has_undated
        self._is_clear = part.is_clear
        (unassigned,) = part.pieces
        return unassigned

    def _reread(self, lines: LinesToReread) -> Iterator[Block]:
        scanner = Scanner(year=self._log.year)
        names = lines.names
        about = re.compile(b"|".join(map(re.escape, sorted(names)))) if len(names) <= _MOST_NAMES else None
        wanted = self._blocks.with_lines(lines.ranges(), self._has_undated)
        return self._blocks_again(scanner, wanted, about)

    def _blocks_again(
        self, scanner: Scanner, wanted: bytearray, names: re.Pattern[bytes] | None = None
    ) -> Iterator[Block]:
        """The wanted blocks again, as rows or as events only. The last block has the tracebacks that are still open."""
        number = 0
        for log in self._logs:
            scanner.begin(year=self._log.year)
            for batch in log():
                first, is_clean = self._blocks.first_lines[number], bool(self._blocks.is_clean[number])
                if wanted[number] == ROWS:
                    scanner.number = first - 1
                    yield scanner.block(batch)
                elif wanted[number] == EVENTS:
                    yield Block(first, is_clean, scanner.events(batch, first, names))
                number += 1
        yield Block(sys.maxsize, True, scanner.close())


def _events_of(blocks: Iterable[Block]) -> Iterator[Event]:
    return chain.from_iterable(block.events for block in blocks)


def scan_part(
    year: Year,
    selection: LogSelection | None,
    *logs: Blocks,
    lines_before: int = 0,
    edges: Sequence[tuple[float, str]] = (),
    goes_on: bool = True,
) -> Part:
    """The pass over some logs, in turn, in which only what is selected counts.

    So many lines come before their first; `edges` as Log has them. `goes_on`: there may be others before these.
    """
    selecting = Selecting(selection, goes_on=goes_on) if selection else None
    counting, scanner = Counting(edges, selecting), Scanner(year=year, slot_seconds=SLOT_SECONDS)
    scanner.number = lines_before
    has_undated = False
    for log in logs:
        scanner.begin(year=year)
        for batch in log():
            counting.add(scanner.block(batch), scanner.stamps)
        has_undated = has_undated or scanner.has_undated
    is_open = scanner.is_open
    unassigned = counting.closed(scanner)
    return Part((unassigned,), scanner.number, is_open, has_undated, selecting is None or selecting.is_clear)
