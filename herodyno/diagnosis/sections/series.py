"""The series behind the pictures: facts of each incarnation, put into the cells of one clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
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
    first, end = int(span[0] // width), int(span[1] // width) + 1
    requests, errors = [0] * (end - first), [0] * (end - first)
    p50_ms: list[int | None] = [None] * (end - first)
    grid, (all_requests, all_errors) = facts.grid, (facts.grid.requests, facts.grid.errors)
    wide = grid.wider(width)
    medians = grid.medians_of((begin, behind) for _, begin, behind in wide)
    for (seconds, begin, behind), median in zip(wide, medians, strict=True):
        place = seconds // width - first
        requests[place], errors[place] = sum(all_requests[begin:behind]), sum(all_errors[begin:behind])
        p50_ms[place] = None if median is None else round(median)
    highest, lowest, swapped = (list[float | None]([None] * (end - first)) for _ in range(3))
    totals, swaps = facts.memory.samples.totals.tolist(), facts.memory.samples.swaps.tolist()
    begin = 0
    for cell, n in Counter([int(at // width) for at in facts.memory.samples.seconds]).items():  # by time
        of_cell, place = slice(begin, begin + n), cell - first
        highest[place], lowest[place], swapped[place] = max(totals[of_cell]), min(totals[of_cell]), max(swaps[of_cell])
        begin += n
    return Series(
        first=first - zero,
        requests=tuple(requests),
        errors=tuple(errors),
        p50_ms=tuple(p50_ms),
        mb=tuple(highest),
        low_mb=tuple(lowest),
        swap_mb=tuple(swapped),
        load=tuple(facts.load.in_cells(first, end, width)),
        r14=tuple(sorted(_touched(facts.memory.r14_spans, width, zero))),
        service=_histogram(facts),
    )


def without_dyno(analysis: Analysis, clock: Clock | None) -> Series:
    """The requests whose lines name no dyno: only their errors are known by time."""
    if clock is None:
        return EMPTY
    zero = int(clock.start.timestamp() // clock.seconds)
    grid, width = analysis.observations.facts.no_dyno_grid, clock.seconds
    errors = {start // width - zero: sum(grid.errors[first:end]) for start, first, end in grid.wider(width)}
    cells = range(clock.cells)
    return Series(errors=tuple(errors.get(cell, 0) for cell in cells)) if errors.keys() & {*cells} else EMPTY


def _span(facts: IncarnationFacts) -> tuple[float, float] | None:
    """From when to when something is known. The requests of the first lines may have begun before them."""
    numbers, samples = facts.grid.numbers, facts.memory.samples.seconds
    times = [float(number * facts.grid.width) for number in (*numbers[:1], *numbers[-1:])]
    times += (*samples[:1], *samples[-1:], *(facts.load.ends or ()))
    times += (time for span in facts.memory.r14_spans for time in span)
    return (min(times), max(times)) if times else None


def _cells(spans: Iterable[tuple[float, float]], width: int) -> int:
    return sum(int(end // width) - int(start // width) + 1 for start, end in spans)


def _keys(grid: Grid, width: int) -> set[int]:
    own = grid.width
    return {key * own // width for key in grid.numbers}


def _touched(spans: Iterable[tuple[float, float]], width: int, zero: int) -> set[int]:
    return {key - zero for start, end in spans for key in range(int(start // width), int(end // width) + 1)}


def _histogram(facts: IncarnationFacts) -> tuple[tuple[int, int, int], ...]:
    steps: dict[int, list[int]] = {}
    for place, counts in enumerate((facts.good_service, facts.failed_service)):
        for ms, n in counts.items():
            steps.setdefault(_step_of(ms), [0, 0])[place] += n
    return tuple((round(2 ** (step / 2)), good, failed) for step, (good, failed) in sorted(steps.items()))


@lru_cache(maxsize=2048)  # dynos of a type take the same times
def _step_of(ms: int) -> int:
    return floor(2 * log2(max(1, ms)))
