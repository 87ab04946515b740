"""Many lines as columns: one field of all lines in one list, so that counting needs no loop."""

from __future__ import annotations

from typing import NamedTuple

from herodyno.logs.events import Event


class Requests(NamedTuple):
    """Requests that a dyno answered without a server error, in order of time. `services` are in ms."""

    stamps: list[bytes]
    methods: list[bytes]
    paths: list[bytes]  # without query strings
    hosts: list[bytes]
    fwds: list[bytes]
    dynos: list[bytes]
    services: list[bytes]
    statuses: list[bytes]


class Plain(NamedTuple):
    """Lines of apps that count only by dyno and time, in order of time."""

    stamps: list[bytes]
    names: list[bytes]


class Samples(NamedTuple):
    """Lines of log-runtime-metrics, and R14 lines, in order of time. Sizes are in MB, `pages` are pages in.

    `ids` is None for R14, `totals` is None for R14 and load. `rests` is the text of the line.
    """

    stamps: list[bytes]
    names: list[bytes]
    rests: list[bytes]
    ids: list[bytes | None]
    totals: list[bytes | None]
    swaps: list[bytes | None]
    pages: list[bytes | None]
    quotas: list[bytes | None]
    numbers: list[int]

    def first_of(self, name: bytes, dyno_id: bytes) -> bytes:
        """The stamp of the first line of a dyno id under a name."""
        return next(
            stamp for stamp, *who in zip(self.stamps, self.names, self.ids, strict=True) if who == [name, dyno_id]
        )

    def said(self, place: int) -> tuple[bytes, bytes, bytes]:
        """A line in parts: its stamp, the dyno's name, the text."""
        return (self.stamps[place], self.names[place], self.rests[place])


class Block(NamedTuple):
    """What some lines hold: `rows` of them are in the columns, the others are `events`, tracebacks joined.

    `first` numbers the first line, `lines` how many there were. `is_clean`: no traceback was open before
    the first line. `earliest` and `latest` are the stamps of the columns, b"" when there are none.
    """

    first: int
    lines: int
    is_clean: bool
    rows: int
    earliest: bytes
    latest: bytes
    requests: Requests
    plain: Plain
    samples: Samples
    events: list[Event]
