"""`logs --stats ... --plot`: each figure over time, the groups below one another on one clock and one scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from herodyno.logs.query.statistics import Statistics
from herodyno.render.clean import clean
from herodyno.render.logs.stats import BucketClock, stats_number
from herodyno.render.pictures.axis import time_axis
from herodyno.render.pictures.bars import bars
from herodyno.render.pictures.signs import Signs
from herodyno.render.pictures.time_cells import TimeCells
from herodyno.render.text import Column, Line, Span, Table, cell_width, cut, line
from herodyno.units import count, exact_duration

MOST_GROUPS = 20  # groups that are drawn; ours
_ROWS_OF_ONE = 6  # rows of a picture of one group
_MOST_SIGNS = 12  # columns of a terminal for one bucket
_LONGEST = 24  # columns for what a group has in common
_LEAST = 10  # columns of a picture below which its numbers give way
_NARROWEST, _WIDEST = 20, 300  # columns of a terminal that a picture is made for


class _Series(NamedTuple):
    """One group in one figure: its name, the figure over all the time, and in each bucket: None is a gap."""

    label: str
    whole: float | None
    values: list[float | None]

    @property
    def top(self) -> float | None:
        """The highest bucket."""
        return max((value for value in self.values if value is not None), default=None)


def most_buckets(statistics: Statistics, width: int) -> int:
    """How many buckets a picture of this width has room for."""
    places, by = range(len(statistics.query.figures)), ",".join(statistics.query.by)
    return min(_Layout.of(_series(statistics, place), by, width).room for place in places)


def stats_plot(statistics: Statistics, times: BucketClock, *, width: int, signs: Signs) -> list[Line]:
    """A picture for each figure. Its numbers stand beside it: over all the time, and in the highest bucket.

    There is a gap where the log has no line at all. The buckets must be no more than `most_buckets`.
    """
    starts, buckets = statistics.starts, statistics.buckets
    if not (buckets and starts):
        return []
    lines: list[Line] = []
    for place, figure in enumerate(statistics.query.figures):
        series = _series(statistics, place)
        layout = _Layout.of(series, ",".join(statistics.query.by), width)
        stretch = _stretch(len(starts), buckets.seconds, layout.room)
        cells = TimeCells(starts[0], buckets.seconds // stretch, len(starts) * stretch)
        top = max((it.top or 0.0 for it in series), default=0.0)
        height = _ROWS_OF_ONE if len(series) == 1 else 1
        rows = [row for it in series for row in _rows(it, layout, top, height=height, stretch=stretch, signs=signs)]
        rows.append(("", "", "", time_axis(cells, times.zone)))
        headings = (cut(",".join(statistics.query.by), layout.label), "all", "most", figure.title)
        kept = [0] * bool(layout.label) + [1, 2] * layout.has_numbers + [3]
        table = Table(
            columns=tuple(Column(headings[it], right=it in (1, 2)) for it in kept),
            rows=tuple(tuple(Span(row[it]) for it in kept) for row in rows),
        )
        scale = f"0 to {stats_number(top)}, {exact_duration(buckets.seconds)} a bucket, {times.zones(starts)}"
        lines += [*([line()] if lines else []), *table.lines(None), line(scale, "quiet")]
    if (left_out := len(statistics.groups) - MOST_GROUPS) > 0:
        lines.append(line(f"and {count(left_out, 'group')} more", "quiet"))
    return lines


class _Layout(NamedTuple):
    """The columns of a terminal that a group's name and the picture have, and whether numbers stand between them."""

    label: int
    room: int
    has_numbers: bool

    @classmethod
    def of(cls, series: Sequence[_Series], by: str, width: int) -> _Layout:
        width = min(max(width, _NARROWEST), _WIDEST)
        label = min(_LONGEST, width // 3, max(cell_width(text) for text in (by, *(it.label for it in series))))
        beside = label + 2 if label else 0
        numbers = [len(stats_number(number)) for it in series for number in (it.whole, it.top)]
        of_numbers = 2 * (max([*numbers, len("most")]) + 2)
        has_numbers = width - beside - of_numbers >= _LEAST
        return cls(label, width - beside - of_numbers * has_numbers, has_numbers)


def _series(statistics: Statistics, place: int) -> list[_Series]:
    """The groups that are drawn, those with the most lines first."""
    values: dict[tuple[str, ...], list[float | None]] = {}
    for row in statistics.rows():
        values.setdefault(row.group, []).append(row.numbers[place] if row.at in statistics.covered else None)
    return [
        _Series(clean(" ".join(part or "-" for part in group)), statistics.whole(group)[place], values[group])
        for group in list(values)[:MOST_GROUPS]
    ]


def _rows(
    series: _Series, layout: _Layout, top: float, *, height: int, stretch: int, signs: Signs
) -> list[tuple[str, str, str, str]]:
    """The name and the numbers of a group beside the first row of its picture."""
    values = [value for value in series.values for _ in range(stretch)]
    first, *rest = bars(values, top=top, rows=height, signs=signs)
    numbers = stats_number(series.whole), stats_number(series.top)
    return [(cut(series.label, layout.label), *numbers, first), *(("", "", "", row) for row in rest)]


def _stretch(buckets: int, seconds: int, room: int) -> int:
    """How many columns of a terminal a bucket has: a whole number of seconds each, as the clock below needs."""
    fitting = (n for n in range(_MOST_SIGNS, 1, -1) if buckets * n <= room and seconds % n == 0)
    return next(fitting, 1)
