"""Many lines at a time: one pattern reads the commonest lines of a text log, `event_of` all others.

The pattern is matched by Python's `re` (by_pattern.py), or by a compiled part with the same outcome (compiled/).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from herodyno.logs.decoding.lines import Year
from herodyno.logs.events import Event, LogLine, RouterRequest
from herodyno.logs.scan.block import Block
from herodyno.logs.scan.blocks import Batch
from herodyno.logs.scan.by_pattern import matched
from herodyno.logs.scan.compiled.held_block import HeldBlock
from herodyno.logs.scan.compiled.reader import CompiledReader, compiled_reader
from herodyno.logs.scan.matched import Matched
from herodyno.logs.scan.rows import text_lines
from herodyno.logs.scan.stamps import Stamps
from herodyno.logs.scan.unmatched import UnmatchedReader

_HEADED = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:[0-5]\d:[0-5]\d\.\d{6})\+00:00 (?:app|heroku)\[[\w.-]{1,99}\]: ")
LONGEST_SERVICE = 100.0  # seconds; slower requests are left to `event_of`


class Scanner:
    """Reads the blocks of several logs in turn. `year` as for read_lines. The next line has the number `number` + 1.

    `compiled` says otherwise than by default how text is matched: None is Python's `re`. With `slot_seconds` the
    compiled part keeps rows inside (`Block.held`), until the next block is read; so long are the slots of HeldLines.
    """

    def __init__(
        self,
        *,
        year: Year,
        slot_seconds: int = 0,
        compiled: Callable[[], CompiledReader | None] = compiled_reader,
    ) -> None:
        self.number = 0
        self._slot_seconds = slot_seconds
        self._compiled = compiled()
        self.stamps = Stamps()
        self._unmatched = UnmatchedReader(year=year)

    def begin(self, *, year: Year) -> None:
        """Another log begins. Line numbers go on, and an open traceback may go on in the new log."""
        self._unmatched.begin(year=year)

    @property
    def has_undated(self) -> bool:
        """Whether a line of this log had a time without a year."""
        return self._unmatched.has_undated

    @property
    def is_open(self) -> bool:
        """Whether a traceback may still grow."""
        return bool(self._unmatched.joiner.open)

    def block(self, batch: Batch) -> Block:
        """Read some lines: text into rows and events, LogLines into events only."""
        if isinstance(batch, bytes):
            return self._block_of_text(batch)
        first, is_clean = self.number + 1, not self.is_open
        self.number += len(batch)
        return Block(first, is_clean, self.events(batch, first))

    def events(self, batch: Batch, number: int, names: re.Pattern[bytes] | None = None) -> list[Event]:
        """The events of some lines, numbered from `number`. With `names`, lines of text about other dynos may be left
        out."""
        events: list[Event] = []
        lines: Iterable[bytes | LogLine] = text_lines(batch) if isinstance(batch, bytes) else batch
        for at, line in enumerate(lines, start=number):
            headed = _HEADED.match(line) if names and isinstance(line, bytes) else None
            if not (names and headed) or names.search(headed.string) or not self.stamps.is_time(headed[1]):
                events += self._unmatched.event(line, at)
            elif self.is_open:
                events += self._unmatched.advance(headed[1])
        return events

    def _block_of_text(self, text: bytes) -> Block:
        found: Matched | HeldBlock | None = None
        if self._compiled and self._slot_seconds:
            found = self._compiled.held(text, self.number + 1, self.stamps, self._slot_seconds)
        elif self._compiled:
            found = self._compiled.matched(text, self.number + 1, self.stamps)
        found = found or matched(text, self.number + 1, self.stamps)
        self.number += len(found.rows) + len(found.rows.unmatched)
        is_clean = not self.is_open
        events, taken = self._unmatched.events(found.rows)
        return found.block(is_clean, events, taken)

    def close(self) -> list[Event]:
        """The tracebacks that were open at the end."""
        return self._unmatched.joiner.close()


def is_slow(event: Event) -> bool:
    """Whether an event is a request too slow for the pattern."""
    return isinstance(event, RouterRequest) and (event.service_ms or 0) >= LONGEST_SERVICE * 1000
