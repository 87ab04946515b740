"""What was matched in a block becomes the block: tracebacks take their rows, the columns come in order of time."""

from __future__ import annotations

from collections.abc import Collection
from itertools import compress
from typing import Any, NamedTuple

from herodyno.logs.events import Event
from herodyno.logs.scan.columns import Block, Failures, HeldRequests, PlainLines, Requests, Samples
from herodyno.logs.scan.last_lines import last_lines
from herodyno.logs.scan.patterns import FAILED
from herodyno.logs.scan.unmatched import Rows


class Matched(NamedTuple):
    """The rows of a block, and their columns in the order of the log."""

    rows: Rows
    requests: Requests
    failures: Failures
    plain: PlainLines
    samples: Samples
    held: HeldRequests | None = None

    def block(self, is_clean: bool, events: list[Event], taken: Collection[int]) -> Block:
        """The block with these events. The rows at the places `taken` became events."""
        plain = self.plain
        if taken:
            places = set(taken)
            kept = [place not in places for place, speaker in enumerate(self.rows.speakers) if speaker]
            plain = PlainLines(*map(list, (compress(column, kept) for column in plain)))  # type: ignore[arg-type]
        requests, failures = Requests(*_by_time(self.requests)), Failures(*_by_time(self.failures))
        plain, samples = PlainLines(*_by_time(plain)), Samples(*_by_time(self.samples))
        parts = [columns for columns in (requests, failures, plain, samples) if columns.stamps]
        spans = [*((columns.stamps[0], columns.stamps[-1]) for columns in parts)]
        if self.held:
            spans += [(first, last) for _, first, last in self.held.spans]
        return Block(
            self.rows.first,
            is_clean,
            events,
            sum(len(columns.stamps) for columns in parts) + (self.held.n if self.held else 0),
            min((first for first, _ in spans), default=b""),
            max((last for _, last in spans), default=b""),
            requests,
            plain,
            samples,
            last_lines(plain),
            failures,
            self.held,
        )


def failures_of(requests: Requests, numbers: list[int], lines: list[bytes]) -> Failures:
    """Failed requests, as the pattern has them: the method behind the code."""
    return Failures(
        *requests._replace(methods=[method.rpartition(b"=")[2] for method in requests.methods]),
        codes=[method[len(FAILED) :][:3] if method.startswith(FAILED) else b"" for method in requests.methods],
        numbers=numbers,
        lines=lines,
    )


def _by_time(columns: tuple[list[Any], ...]) -> tuple[list[Any], ...]:
    stamps = columns[0]
    if stamps == sorted(stamps):
        return columns
    order = sorted(range(len(stamps)), key=stamps.__getitem__)
    return tuple([column[place] for place in order] for column in columns)
