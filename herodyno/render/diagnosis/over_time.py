"""What a diagnosis holds over time, in the columns of a picture: values of a dyno, events of the app."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, tzinfo

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.report.row import IncarnationRow
from herodyno.diagnosis.report.series import Clock, Metric, Series
from herodyno.render.pictures.axis import Mark
from herodyno.render.pictures.time_cells import TimeCells, time_cells
from herodyno.units import rough_clocks

# Values of each cell that add up. The others are levels, of which a column shows the highest.
COUNTS: tuple[Metric, ...] = ("requests", "errors")
_VALUES: dict[Metric, Callable[[Series], Iterable[float | None]]] = {
    "memory": lambda series: series.mb,
    "swap": lambda series: series.swap_mb,
    "load": lambda series: series.load,
    "requests": lambda series: series.requests,
    "errors": lambda series: series.errors,
    "latency": lambda series: series.p50_ms,
}
# The kinds of changes that a lane of events shows. A deploy's and a restart's ends of single dynos follow from them.
_EVENTS = {
    "release": "release", "rollback": "release", "deploy": "release", "restart": "restart", "restarted": "restart",
    "relocated": "restart", "scale": "scale", "scaled_down": "scale", "config": "config", "addon": "config",
    "crash": "crash", "cycled": "cycle",
}  # fmt: skip


def columns(diagnosis: Diagnosis, most: int) -> TimeCells | None:
    """At most so many columns for the whole window; None for a log without a time."""
    clock = diagnosis.clock
    if clock is None:
        return None
    start = clock.start.timestamp()
    return time_cells(start, start + clock.seconds * clock.cells - 0.001, most=most, source=clock.seconds)


def heading_of(metric: str, cells: TimeCells, now: datetime, zone: tzinfo) -> str:
    """What a strip shows, and from when to when: "ERRORS 02:07-02:13"; the times alone without a metric."""
    first, last = (datetime.fromtimestamp(at, UTC) for at in (cells.start, cells.end))
    return f"{metric.upper()} {'-'.join(rough_clocks(first, last, zone, today=now))}".strip()


def values(row: IncarnationRow, metric: Metric, clock: Clock, cells: TimeCells) -> list[float | None]:
    """The value of each column: None outside of the time in which the dyno was seen, and where nothing was measured."""
    points = list(cell_values(row, metric, clock))
    if metric in COUNTS:
        span = (points[0][0], points[-1][0]) if points else (-1.0, -1.0)
        sums = cells.sums([(at, value or 0.0) for at, value in points], span)
        unseen = _in_gaps(clock, cells)
        return [None if place in unseen else value for place, value in enumerate(sums)]
    return cells.peaks([(at, value) for at, value in points if value is not None])


def _in_gaps(clock: Clock, cells: TimeCells) -> set[int]:
    """The columns that lie within a gap of the log as a whole: nothing is known of them, not that there was nothing."""
    begin, unseen = clock.start.timestamp(), set()
    for first, end in clock.gaps:
        start, stop = begin + first * clock.seconds, begin + end * clock.seconds
        unseen |= {
            place
            for place in range(max(0, cells.place(start)), min(cells.n, cells.place(stop) + 1))
            if start <= cells.start + place * cells.seconds and cells.start + (place + 1) * cells.seconds <= stop
        }
    return unseen


def cell_values(row: IncarnationRow, metric: Metric, clock: Clock) -> Iterator[tuple[float, float | None]]:
    """(beginning in seconds since 1970, value) of each cell in which the dyno was seen."""
    begin = clock.start.timestamp() + row.series.first * clock.seconds
    for place, value in enumerate(raw_values(row, metric)):
        yield begin + place * clock.seconds, value


def raw_values(row: IncarnationRow, metric: Metric) -> Iterable[float | None]:
    """The values of a dyno, cell by cell from the first in which it was seen."""
    return _VALUES[metric](row.series)


def borders(row: IncarnationRow, cells: TimeCells) -> set[int]:
    """The columns in which the dyno began or ended."""
    return {cells.place(at.timestamp()) for at in (row.start, row.end) if at is not None}


def marks(diagnosis: Diagnosis) -> list[Mark]:
    """What happened to the app, as marks of a lane."""
    return [Mark(it.at.timestamp(), _EVENTS[it.kind]) for it in diagnosis.changes if it.kind in _EVENTS]
