"""Counts over time in cells of one width, bounded: when there are too many cells, each two neighbours become one.

Grids merge. What is added waits as runs behind the cells, so adding is cheap; the next reader puts them in order.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, compress, pairwise
from math import inf
from operator import add, gt, ne, sub
from typing import Any

from herodyno.diagnosis.counting.cells import MOST_BYTES, Cell, as_pairs, as_shorter, milliseconds_of, step_of
from herodyno.diagnosis.counting.portions import Portions

CELL_SECONDS = 30
MOST_CELLS = 512

_MOST_WAITING = 128  # runs


class Grid:
    """Cells by number: cell i covers [i * width, (i + 1) * width) in seconds since 1970.

    Each column has a value for each cell, by time, and then one for each run that waits.
    """

    __slots__ = ("_errors", "_in_order", "_medians", "_numbers", "_pairs", "_requests", "_steps", "_width")

    def __init__(self, width: int = CELL_SECONDS) -> None:
        self._width = width
        self._numbers, self._requests, self._errors = array("q"), array("q"), array("q")
        self._steps, self._pairs = Portions(), Portions()
        self._in_order = 0  # so many cells are in order, and different ones
        self._medians: list[float | None] | None = None

    def add(self, seconds: float, *, error: bool, service_ms: int | None) -> None:
        """Count one request at a time."""
        steps = b"" if error or service_ms is None else bytes((step_of(service_ms),))
        self.add_run(seconds, 1, int(error), steps)

    def add_run(self, seconds: float, requests: int, errors: int = 0, steps: bytes = b"") -> None:
        """Count requests of the cell of a time, with the steps of those without error."""
        number = int(seconds // self._width)
        last = self._steps.last
        if last is not None and self._numbers[-1] == number and len(last) + len(steps) <= MOST_BYTES:
            self._requests[-1] += requests
            self._errors[-1] += errors
            self._steps.add_to_last(steps)
            self._medians = None
        else:
            self._append(number, Cell(requests, errors, steps))

    def add_runs(self, cells: array[int], requests: array[int], steps: bytes) -> None:
        """Count requests without error run by run, each of a cell CELL_SECONDS wide; `steps` are of all requests."""
        by = self._width // CELL_SECONDS
        self._numbers.extend(cells if by == 1 else array("q", [cell // by for cell in cells]))
        self._requests.extend(requests)
        self._errors.extend(array("q", bytes(8 * len(cells))))
        ends = list(accumulate(requests))
        times = [steps[end - n : end] for end, n in zip(ends, requests, strict=True)]
        packed = [as_pairs(own) if len(own) > MOST_BYTES else (own, b"") for own in times]
        self._steps.extend(own for own, _ in packed)
        self._pairs.extend(pairs for _, pairs in packed)
        self._wait()

    def add_failed(self, requests: Mapping[int, int]) -> None:
        """Count failed requests by the number of their cell, CELL_SECONDS wide."""
        by = self._width // CELL_SECONDS
        self._numbers.extend([cell // by for cell in requests])
        self._requests.extend(requests.values())
        self._errors.extend(requests.values())
        self._steps.extend([b""] * len(requests))
        self._pairs.extend([b""] * len(requests))
        self._wait()

    def update(self, other: Grid, *, times: bool = True, errors: bool = True) -> None:
        """Merge another grid; its service times and its errors only where told. The coarser width wins."""
        if other._width > self._width:
            self._widen(other._width)
        by = self._width // other._width
        self._numbers.extend(other._numbers if by == 1 else array("q", [number // by for number in other._numbers]))
        self._requests.extend(other._requests)
        self._errors.extend(other._errors if errors else array("q", bytes(8 * len(other._errors))))
        for mine, its in ((self._steps, other._steps), (self._pairs, other._pairs)):
            if times:
                mine.update(its)
            else:
                mine.extend([b""] * len(its))
        self._wait()

    @property
    def size(self) -> int:
        """How many cells there are. Does not put them in order."""
        self._bound()
        return len(set(self._numbers))

    @property
    def width(self) -> int:
        """How many seconds a cell is wide."""
        self._put_in_order()
        return self._width

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of the cells, by time."""
        self._put_in_order()
        return self._numbers

    @property
    def starts(self) -> list[float]:
        """When each cell begins, in seconds."""
        width = self.width
        return [float(number * width) for number in self._numbers]

    @property
    def requests(self) -> Sequence[int]:
        """The requests of each cell."""
        self._put_in_order()
        return self._requests

    @property
    def errors(self) -> Sequence[int]:
        """The server errors of each cell."""
        self._put_in_order()
        return self._errors

    @property
    def medians(self) -> Sequence[float | None]:
        """The median service time of each cell in ms, or None without any; found once."""
        self._put_in_order()
        if self._medians is None:
            self._medians = self.medians_of(pairwise(range(len(self._numbers) + 1)))
        return self._medians

    @property
    def timed(self) -> Sequence[int]:
        """How many requests of each cell have a service time."""
        self._put_in_order()
        found = self._steps.sizes(0)
        if not self._pairs.joined():
            return found
        return [n + sum(pairs[1::2]) for n, pairs in zip(found, self._pairs, strict=True)]

    def medians_of(self, runs: Iterable[tuple[int, int]]) -> list[float | None]:
        """The median service time in ms of each run of cells, from one place to before another; None without any."""
        self._put_in_order()
        ends, steps = [0, *accumulate(self._steps.sizes(0))], self._steps.joined()
        if self._pairs.joined():
            cells = (Cell(0, 0, steps[ends[a] : ends[b]], b"".join(self._pairs.since(a, b))) for a, b in runs)
            return [cell.median_ms for cell in cells]
        ordered = (sorted(steps[ends[first] : ends[end]]) for first, end in runs)
        return [milliseconds_of(own[(len(own) - 1) // 2]) if own else None for own in ordered]

    def with_steps(self, is_meant: bytes) -> Sequence[int]:
        """How many requests of each cell took a step of time that is meant: 1 in place of the step, else 0."""
        self._put_in_order()
        marks = self._steps.joined().translate(is_meant)
        found = [marks.count(1, before, end) for before, end in pairwise((0, *accumulate(self._steps.sizes(0))))]
        if not self._pairs.joined():
            return found
        of_pairs = (compress(pairs[1::2], map(is_meant.__getitem__, pairs[::2])) for pairs in self._pairs)
        return list(map(add, found, map(sum, of_pairs)))

    def wider(self, width: int) -> list[tuple[int, int, int]]:
        """The cells put together to wider ones: (their start in seconds, the first one's place, the place behind)."""
        self._put_in_order()
        by = max(1, width // self._width)
        if by == 1:
            return [(number * self._width, place, place + 1) for place, number in enumerate(self._numbers)]
        found, first = [], 0
        for number, n in Counter([number // by for number in self._numbers]).items():  # in order, as the cells are
            found.append((number * by * self._width, first, first + n))
            first += n
        return found

    @property
    def cells(self) -> Mapping[int, Cell]:
        """The cells by number, by time."""
        self._put_in_order()
        columns = (self._requests, self._errors, self._steps, self._pairs)
        return dict(zip(self._numbers, map(Cell, *columns), strict=True))

    def in_order(self) -> Iterator[tuple[float, Cell]]:
        """(start of the cell in seconds, cell), by time."""
        return zip(self.starts, self.cells.values(), strict=True)

    def between(self, start: float, end: float) -> tuple[int, int]:
        """(requests, errors) of the cells whose middle lies in [start, end)."""
        found = self._places(start, end, 0.5)
        return (sum(self._requests[found]), sum(self._errors[found]))

    def within(self, start: float, end: float) -> Grid:
        """The cells that begin in [start, end)."""
        found = self._places(start, end, 0)
        part = Grid(self._width)
        for mine, its in zip(self._columns(), part._columns(), strict=True):
            its.extend(mine.since(found.start, found.stop) if isinstance(mine, Portions) else mine[found])
        part._steps.pack()
        part._pairs.pack()
        part._in_order = len(part._numbers)
        return part

    def before(self, end: float) -> Grid:
        """The cells that begin before a time."""
        return self.within(-inf, end)

    def pack(self) -> None:
        """Shrink, once nothing more is to be counted."""
        self._put_in_order()

    def _places(self, start: float, end: float, at: float) -> slice:
        """Where the cells lie of which a point, by parts of the width, is in [start, end)."""
        first, last = (bisect_left(self.numbers, time, key=lambda n: (n + at) * self._width) for time in (start, end))
        return slice(first, last)

    def _columns(self) -> tuple[Any, ...]:
        return (self._numbers, self._requests, self._errors, self._steps, self._pairs)

    def _append(self, number: int, cell: Cell) -> None:
        steps, pairs = as_pairs(cell.steps) if len(cell.steps) > MOST_BYTES else cell[2:]
        for column, value in zip(self._columns(), (number, cell.requests, cell.errors, steps, pairs), strict=True):
            column.append(value)
        self._wait()

    def _wait(self) -> None:
        self._medians = None
        if len(self._numbers) - self._in_order > _MOST_WAITING:
            self._put_in_order()

    def _put_in_order(self) -> None:
        if self._in_order < len(self._numbers):
            self._bound()
        if self._in_order < len(self._numbers):
            self._join()

    def _bound(self) -> None:
        """Make cells so wide that there are not too many."""
        width = self._width
        while len(set(self._numbers)) > MOST_CELLS:
            self._numbers = array("q", [number // 2 for number in self._numbers])
            self._width *= 2
        if self._width > width:
            self._in_order = 0
            self._join()

    def _join(self) -> None:
        """Put the waiting runs among the cells. The cells before the first run stay as they are."""
        begin = bisect_left(self._numbers, min(self._numbers[self._in_order :]), 0, self._in_order)
        self._sort(begin)
        numbers = self._numbers[begin:]
        is_last = [*map(ne, numbers, numbers[1:]), True]
        if not all(is_last):
            self._fuse(begin, is_last)
        self._in_order = len(self._numbers)

    def _sort(self, begin: int) -> None:
        """Sort the cells and runs from a place on by time, and pack their texts."""
        numbers = self._numbers[begin:]
        is_sorted = not any(map(gt, numbers, numbers[1:]))
        by_time = [] if is_sorted else sorted(range(len(numbers)), key=numbers.__getitem__)
        for column in self._columns():
            if isinstance(column, Portions):
                if is_sorted or not column.joined():  # few cells have pairs
                    column.pack()
                else:
                    column.replace(begin, map(column.since(begin).__getitem__, by_time))
            elif not is_sorted:
                column[begin:] = array("q", map(column[begin:].__getitem__, by_time))

    def _fuse(self, begin: int, is_last: Sequence[bool]) -> None:
        """Make one cell of each run of cells from a place on: whether each cell from there ends a run."""
        self._numbers[begin:] = array("q", list(compress(self._numbers[begin:], is_last)))
        for column in (self._requests, self._errors):
            sums = list(compress(accumulate(column[begin:]), is_last))
            column[begin:] = array("q", list(map(sub, sums, [0, *sums])))
        self._steps.fuse(begin, is_last)
        self._pairs.fuse(begin, is_last)
        if any(self._pairs.sizes(begin)) or max(self._steps.sizes(begin)) > MOST_BYTES:
            is_alone = compress([True, *is_last], is_last)
            texts = zip(is_alone, self._steps.since(begin), self._pairs.since(begin), strict=True)
            times = [(steps, pairs) if alone else as_shorter(steps, pairs) for alone, steps, pairs in texts]
            self._steps.replace(begin, [steps for steps, _ in times])
            self._pairs.replace(begin, [pairs for _, pairs in times])

    def _widen(self, width: int) -> None:
        by = width // self._width
        self._numbers = array("q", [number // by for number in self._numbers])
        self._width = width
        for texts in (self._steps, self._pairs):
            waiting = texts.since(0)
            texts.cut(0)
            texts.extend(waiting)
        self._in_order = 0


def counts_of(grids: Sequence[Grid]) -> Grid:
    """The requests and errors of several grids together, without their service times."""
    width = max((grid.width for grid in grids), default=CELL_SECONDS)
    requests: dict[int, int] = {}
    errors: dict[int, int] = {}
    for grid in grids:
        by = width // grid.width
        for number, n, failed in zip(grid.numbers, grid.requests, grid.errors, strict=True):
            requests[number // by] = requests.get(number // by, 0) + n
            errors[number // by] = errors.get(number // by, 0) + failed
    together = Grid(width)
    for number in sorted(requests):
        together.add_run(number * width, requests[number], errors[number])
    return together
