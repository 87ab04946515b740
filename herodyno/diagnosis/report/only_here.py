"""ONLY HERE as a report tells it: lines of the app's own that those accused print and the others do not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from herodyno.diagnosis.statistics.only_here.sides import Against


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyHereLine:
    """One kind of line. `template` has marks where lines of the kind differ, `example` is one of them, redacted.

    `n` and `peers_n` count it in the time that is compared, once in five seconds on each dyno: here, and on the other
    side. `requests` and `peers_requests` are those of that time, None for dynos that are sent none. `p_adjusted` is the
    chance of so much if both sides printed it alike. `first` is when it came first, `dynos` are the names that print
    it. `every` is the gap in seconds of a line that a clock prints, else None. An "exception" is counted by its class
    and the frame that raised it.
    """

    template: str
    example: str
    kind: Literal["line", "exception"]
    n: int
    peers_n: int
    requests: int | None
    peers_requests: int | None
    p_adjusted: float
    first: datetime
    every: float | None
    dynos: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyHere:
    """The lines, strongest first, and with what they were compared. `heading` says it in words."""

    heading: str
    against: Against
    lines: tuple[OnlyHereLine, ...]
    notes: tuple[str, ...] = ()
