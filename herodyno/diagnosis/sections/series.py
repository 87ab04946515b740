"""The series behind the pictures: facts of each incarnation, put into the cells of one clock."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby, pairwise
from math import floor, log2

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.counting.facts import IncarnationFacts
from herodyno.diagnosis.counting.grid import CELL_SECONDS, Grid
from herodyno.diagnosis.report.series import EMPTY, Clock, Series
from herodyno.diagnosis.timeline.incarnations import moment
from herodyno.heroku_facts import LONGEST_SAMPLE_GAP_SECONDS

# Of all incarnations together: 40 dynos have a cell for each half minute of three hours.
MOST_CELLS = 15_000
# Ours: three samples may be lost by chance, and no sample of any dyno for longer is a gap of the log.
_LONGEST_GAP = 4.0 * LONGEST_SAMPLE_GAP_SECONDS


def clock_of(analysis: Analysis) -> Clock | None:
    """The narrowest cells that hold the whole window and are not too many; None for a log without a time."""
    facts = analysis.observations.facts
    own = [dyno.facts for dyno in analysis.every_dyno() if dyno.in_focus]
    grids = [facts.no_dyno_grid, *(each.grid for each in own)]
    spans = [span for span in map(_span, own) if span]
    ends = [time for span in (*spans, (facts.first, facts.last)) for time in span if time is not None]
    if not ends:
        return None
    width = max(CELL_SECONDS, *(grid.width for grid in grids), *(each.load.width for each in own))
    while _cells([(min(ends), max(ends)), *spans], width) > MOST_CELLS:
        width *= 2
    start = int(min(ends) // width)
    cells = int(max(ends) // width) - start + 1
    return Clock(start=moment(start * width), seconds=width, cells=cells, gaps=_gaps(analysis, width, start))


def _gaps(analysis: Analysis, width: int, zero: int) -> tuple[tuple[int, int], ...]:
    """The cells without a request and without a sample, between samples of one dyno: it ran, and was not seen.

    A log without runtime metrics shows no gaps: that nobody asks is no gap.
    """
    seen = _keys(analysis.observations.facts.no_dyno_grid, width)
    dark: set[int] = set()
    for dyno in analysis.every_dyno():
        seen |= _keys(dyno.facts.grid, width)
        own = sorted({int(seconds // width) for seconds in dyno.facts.memory.samples.seconds})
        longest = max(_LONGEST_GAP, 2.0 * dyno.facts.memory.samples.width)
        for before, after in pairwise(own):
            if (after - before - 1) * width >= longest:
                dark.update(range(before + 1, after))
        seen.update(own)
    runs = groupby(enumerate(sorted(dark - seen)), key=lambda placed: placed[1] - placed[0])
    spans = [[cell - zero for _, cell in run] for _, run in runs]
    return tuple((span[0], span[-1] + 1) for span in spans)


def series_of(facts: IncarnationFacts, clock: Clock | None) -> Series:
    """The series of one incarnation."""
    span = _span(facts)
    if clock is None or span is None:
        return EMPTY
    width, zero = clock.seconds, int(clock.start.timestamp() // clock.seconds)
    grid = _coarser(facts.grid, width)
    first = int(span[0] // width)
    keys = range(first, int(span[1] // width) + 1)
    highest: dict[int, float] = {}
    lowest: dict[int, float] = {}
    swaps: dict[int, float] = {}
    for seconds, total, swap in facts.memory.samples:
        key = int(seconds // width)
        highest[key] = max(total, highest.get(key, total))
        lowest[key] = min(total, lowest.get(key, total))
        swaps[key] = max(swap, swaps.get(key, swap))
    loads: dict[int, float] = {}
    for seconds, load in facts.load:
        key = int(seconds // width)
        loads[key] = max(load, loads.get(key, load))
    medians = (None if median is None else round(median) for median in grid.medians)
    p50_ms = dict(zip(grid.numbers, medians, strict=True))
    requests, errors = (dict(zip(grid.numbers, counts, strict=True)) for counts in (grid.requests, grid.errors))
    return Series(
        first=first - zero,
        requests=tuple(requests.get(key, 0) for key in keys),
        errors=tuple(errors.get(key, 0) for key in keys),
        p50_ms=(*map(p50_ms.get, keys),),
        mb=(*map(highest.get, keys),),
        low_mb=(*map(lowest.get, keys),),
        swap_mb=(*map(swaps.get, keys),),
        load=(*map(loads.get, keys),),
        r14=tuple(sorted(_touched(facts.memory.r14_spans, width, zero))),
        service=_histogram(facts),
    )


def without_dyno(analysis: Analysis, clock: Clock | None) -> Series:
    """The requests whose lines name no dyno: only their errors are known by time."""
    if clock is None:
        return EMPTY
    zero = int(clock.start.timestamp() // clock.seconds)
    grid = _coarser(analysis.observations.facts.no_dyno_grid, clock.seconds)
    errors = dict(zip(grid.numbers, grid.errors, strict=True))
    keys = range(zero, zero + clock.cells)
    return Series(errors=tuple(errors.get(key, 0) for key in keys)) if errors.keys() & {*keys} else EMPTY


def _span(facts: IncarnationFacts) -> tuple[float, float] | None:
    """From when to when something is known. The requests of the first lines may have begun before them."""
    starts = facts.grid.starts
    r14 = [time for span in facts.memory.r14_spans for time in span]
    times = [*starts[:1], *starts[-1:], *facts.memory.samples.seconds, *r14, *(seconds for seconds, _ in facts.load)]
    return (min(times), max(times)) if times else None


def _cells(spans: Iterable[tuple[float, float]], width: int) -> int:
    return sum(int(end // width) - int(start // width) + 1 for start, end in spans)


def _keys(grid: Grid, width: int) -> set[int]:
    return {key * grid.width // width for key in grid.numbers}


def _coarser(grid: Grid, width: int) -> Grid:
    if grid.width == width:
        return grid
    wide = Grid(width)
    wide.update(grid)
    return wide


def _touched(spans: Iterable[tuple[float, float]], width: int, zero: int) -> set[int]:
    return {key - zero for start, end in spans for key in range(int(start // width), int(end // width) + 1)}


def _histogram(facts: IncarnationFacts) -> tuple[tuple[int, int, int], ...]:
    steps: dict[int, list[int]] = {}
    for place, counts in enumerate((facts.good_service, facts.failed_service)):
        for ms, n in counts.items():
            steps.setdefault(floor(2 * log2(max(1, ms))), [0, 0])[place] += n
    return tuple((round(2 ** (step / 2)), good, failed) for step, (good, failed) in sorted(steps.items()))
