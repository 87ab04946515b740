"""The columns of a block as lists, taken out of the compiled part."""

from __future__ import annotations

from typing import Any

from herodyno.logs.scan.columns import Failures, PlainLines, Requests, Samples
from herodyno.logs.scan.compiled.library import Columns
from herodyno.logs.scan.matched import Matched, failures_of
from herodyno.logs.scan.rows import Rows

_MAY_BE_MISSING = slice(Samples._fields.index("ids"), Samples._fields.index("numbers"))


def lists_of(columns: Columns, rows: Rows) -> Matched:
    """The columns of the block that was read last."""
    texts = columns.texts
    return Matched(
        rows,
        requests_of(columns),
        failed_requests_of(columns),
        PlainLines(
            texts("plain_stamps"), texts("plain_names"), columns.numbers("plain_numbers").tolist(), texts("plain_lines")
        ),
        samples_of(columns),
    )


def requests_of(columns: Columns, prefix: str = "requests") -> Requests:
    """The good requests."""
    return Requests(*(columns.texts(f"{prefix}_{field}") for field in Requests._fields))


def failed_requests_of(columns: Columns, prefix: str = "failures") -> Failures:
    """The failed requests."""
    numbers, lines = columns.numbers(f"{prefix}_numbers").tolist(), columns.texts(f"{prefix}_lines")
    return failures_of(requests_of(columns, prefix), numbers, lines)


def samples_of(columns: Columns, prefix: str = "samples") -> Samples:
    """The runtime metrics and R14 lines."""
    samples: list[Any] = [columns.texts(f"{prefix}_{field}") for field in Samples._fields[:-1]]
    samples.append(columns.numbers(f"{prefix}_numbers").tolist())
    samples[_MAY_BE_MISSING] = [[text or None for text in column] for column in samples[_MAY_BE_MISSING]]
    return Samples(*samples)
