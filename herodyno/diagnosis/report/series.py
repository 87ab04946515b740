"""What an incarnation did over time, for pictures: every series of a report has the cells of one clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

# What a plot may show.
Metric: TypeAlias = Literal["memory", "swap", "load", "requests", "errors", "latency"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Cells of equal width. Cell i begins `i * seconds` after `start`.

    `gaps` are the cells of which the log has no line although dynos ran: (first cell, the cell behind the last).
    """

    start: datetime
    seconds: int
    cells: int
    gaps: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One value for each cell, from cell `first` of the clock on; None where nothing tells it.

    `p50_ms` is the median service time of requests without error. `mb` and `low_mb` are the highest and lowest memory
    level, `swap_mb` is the highest swap, `load` the highest load average of 1 minute. `r14` are the cells with R14
    lines. `service` is how long requests took in all: (from that many ms on, requests without error, failed ones), each
    step up to the next power of the root of 2.
    """

    first: int = 0
    requests: tuple[int, ...] = ()
    errors: tuple[int, ...] = ()
    p50_ms: tuple[int | None, ...] = ()
    mb: tuple[float | None, ...] = ()
    low_mb: tuple[float | None, ...] = ()
    swap_mb: tuple[float | None, ...] = ()
    load: tuple[float | None, ...] = ()
    r14: tuple[int, ...] = ()
    service: tuple[tuple[int, int, int], ...] = ()


EMPTY = Series()
