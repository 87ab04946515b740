"""What was matched in a block becomes the block: tracebacks take their rows, the columns come in order of time."""

from __future__ import annotations

from collections.abc import Collection
from itertools import compress
from typing import Any, NamedTuple

from herodyno.logs.events import Event
from herodyno.logs.scan.block import Block
from herodyno.logs.scan.columns import Failures, PlainLines, Requests, Samples
from herodyno.logs.scan.patterns import FAILED
from herodyno.logs.scan.rows import Rows, row_number


class Matched(NamedTuple):
    """The rows of a block, and their columns in the order of the log."""

    rows: Rows
    requests: Requests
    failures: Failures
    plain: PlainLines
    samples: Samples

    def block(self, is_clean: bool, events: list[Event], taken: Collection[int]) -> Block:
        """The block with these events. The rows at the places `taken` became events."""
        plain = self.plain
        if taken:
            numbers = {row_number(self.rows, place) for place in taken}
            kept = [number not in numbers for number in plain.numbers]
            plain = PlainLines(*map(list, (compress(column, kept) for column in plain)))  # type: ignore[arg-type]
        requests, failures = Requests(*by_time(self.requests)), Failures(*by_time(self.failures))
        plain, samples = PlainLines(*by_time(plain)), Samples(*by_time(self.samples))
        return Block(self.rows.first, is_clean, events).of_columns(requests, failures, plain, samples)


def failures_of(requests: Requests, numbers: list[int], lines: list[bytes]) -> Failures:
    """Failed requests, as the pattern has them: the method behind the code."""
    return Failures(
        *requests._replace(methods=[method.rpartition(b"=")[2] for method in requests.methods]),
        codes=[method[len(FAILED) :][:3] if method.startswith(FAILED) else b"" for method in requests.methods],
        numbers=numbers,
        lines=lines,
    )


def by_time(columns: tuple[list[Any], ...]) -> tuple[list[Any], ...]:
    """Columns, of which the first is stamps, in order of time."""
    stamps = columns[0]
    if stamps == sorted(stamps):
        return columns
    order = sorted(range(len(stamps)), key=stamps.__getitem__)
    return tuple([column[place] for place in order] for column in columns)
