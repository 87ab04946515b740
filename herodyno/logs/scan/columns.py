"""What many lines hold, field by field: a column has one field of all of them, so that counting needs no loop."""

from __future__ import annotations

from typing import NamedTuple

from herodyno.logs.events import Event


class Requests(NamedTuple):
    """Requests that a dyno answered without server error, by time. Service times in ms; `fwds` as logged."""

    stamps: list[bytes]
    methods: list[bytes]
    paths: list[bytes]  # without query strings
    hosts: list[bytes]
    fwds: list[bytes]
    dynos: list[bytes]
    services: list[bytes]
    statuses: list[bytes]


class Plain(NamedTuple):
    """Lines of apps that say nothing more than who spoke when, by time."""

    stamps: list[bytes]
    names: list[bytes]


class Samples(NamedTuple):
    """Runtime-metrics lines, and R14 lines (their `id` is None), by time. `totals` has None for those of load.

    MB, pages. `rests` is what follows the name.
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
        """When a dyno id that is among them first told of itself under a name."""
        return next(
            stamp for stamp, *who in zip(self.stamps, self.names, self.ids, strict=True) if who == [name, dyno_id]
        )

    def said(self, place: int) -> tuple[bytes, bytes, bytes]:
        """The line at a place, in parts: its stamp, the dyno, what is said of it."""
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
