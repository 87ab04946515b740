"""Counts over time stay bounded and merge."""

from __future__ import annotations

import pickle
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from herodyno.diagnosis.counting.cells import Cell, joined, median_ms, milliseconds_of, step_of
from herodyno.diagnosis.counting.grid import CELL_SECONDS, MOST_CELLS, Grid, counts_of

points = st.lists(st.tuples(st.integers(0, 5000), st.booleans(), st.integers(1, 30000)), max_size=80)


def filled(rows: list[tuple[int, bool, int]]) -> Grid:
    grid = Grid()
    for seconds, error, service in rows:
        grid.add(seconds, error=error, service_ms=service)
    return grid


def plain(grid: Grid) -> list[tuple[float, int, int, dict[int, int]]]:
    return [(start, cell.requests, cell.errors, cell.service) for start, cell in grid.in_order()]


@given(points, st.integers(0, 80))
def test_parts_merge_to_the_whole(rows: list[tuple[int, bool, int]], cut: int) -> None:
    one, two = filled(rows[:cut]), filled(rows[cut:])
    one.update(two)
    assert plain(one) == plain(filled(rows))


@given(points, st.integers(0, 80), st.integers(1, 100), st.sampled_from((1, 13)))
def test_parts_of_a_busy_or_a_long_log_merge_to_the_whole(
    rows: list[tuple[int, bool, int]], cut: int, times: int, stretch: int
) -> None:
    rows = [(seconds * stretch, error, service) for seconds, error, service in rows]
    one, two = filled(rows[:cut] * times), filled(rows[cut:] * times)
    for grid in (one, two):
        grid.pack()
    assert one.size == len(one.cells)
    one.update(two)
    assert one.size == len(one.cells)
    whole = filled(rows * times)
    assert plain(one) == plain(whole)
    assert one.medians == whole.medians


def test_a_long_time_is_kept_in_a_bounded_number_of_cells_and_nothing_is_lost() -> None:
    grid = Grid()
    for i in range(MOST_CELLS * 5):
        grid.add(i * 30.0, error=i % 10 == 0, service_ms=20)
    assert len(grid.cells) <= MOST_CELLS
    assert grid.width > 30
    assert grid.between(0, 1e12) == (MOST_CELLS * 5, MOST_CELLS * 5 // 10)


def test_a_coarse_and_a_fine_grid_merge_at_the_coarser_width() -> None:
    coarse, fine = Grid(), filled([(10, True, 5), (40, False, 5)])
    for i in range(MOST_CELLS + 1):
        coarse.add(i * 30.0, error=False, service_ms=None)
    fine.update(coarse)
    assert fine.width == coarse.width == 60
    assert fine.between(0, 1e12) == (MOST_CELLS + 3, 1)


@given(st.integers(1, 60000))
def test_a_step_keeps_a_service_time_within_five_per_cent(milliseconds: int) -> None:
    median = median_ms({step_of(milliseconds): 3})
    assert median is not None
    assert abs(median - milliseconds) <= 0.05 * milliseconds + 0.5


def test_no_requests_have_no_median() -> None:
    assert median_ms({}) is None


@given(points, st.randoms())
def test_the_order_in_which_requests_come_is_indifferent(rows: list[tuple[int, bool, int]], random: Random) -> None:
    mixed = random.sample(rows, len(rows))
    assert plain(filled(mixed)) == plain(filled(rows))


@given(points, st.integers(1, 80))
def test_reading_between_two_requests_changes_nothing(rows: list[tuple[int, bool, int]], pause: int) -> None:
    grid = Grid()
    for place, (seconds, error, service) in enumerate(rows):
        if place % pause == 0:
            assert sum(grid.requests) == place
            assert len(grid.medians) == len(grid.numbers)
        grid.add(seconds, error=error, service_ms=service)
    assert plain(grid) == plain(filled(rows))
    assert grid.medians == [cell.median_ms for cell in grid.cells.values()]


def test_runs_count_as_their_requests_do_one_by_one() -> None:
    whole, one_by_one = Grid(), Grid()
    for second in (10, 40, 70, 10, 200_000, 40):
        times = [ms * 3 + 1 for ms in range(second % 37 * 9)]
        whole.add_run(second, len(times) + 2, 2, bytes(map(step_of, times)))
        for ms in (*times, None, None):
            one_by_one.add(second, error=ms is None, service_ms=ms)
    assert plain(whole) == plain(one_by_one)


def test_failed_requests_count_by_cell_as_they_do_one_by_one() -> None:
    by_cell, one_by_one = Grid(), Grid()
    for cells in ({3: 2, 1: 1}, {1: 4}, {}, dict.fromkeys(range(2 * MOST_CELLS), 1), {7: 3}):
        by_cell.add_failed(cells)
        for cell, n in cells.items():
            for _ in range(n):
                one_by_one.add(cell * CELL_SECONDS, error=True, service_ms=None)
    assert plain(by_cell) == plain(one_by_one)
    assert by_cell.width > CELL_SECONDS


def test_what_waits_is_bounded_also_where_nobody_reads() -> None:
    grid, other = Grid(), filled([(second, False, 20) for second in range(0, 9000, 30)])
    for i in range(200):
        grid.update(other)
        grid.add(20_000 * i, error=False, service_ms=20)
    assert len(grid._numbers) <= MOST_CELLS * 4
    assert sum(grid.requests) == 200 * 301


def test_the_cells_within_a_time_are_a_grid_of_their_own() -> None:
    grid = filled([(10, True, 5), (40, False, 7), (70, False, 9)])
    part = grid.within(30, 61)
    part.add(65, error=True, service_ms=None)
    assert plain(part) == [(30.0, 1, 0, {step_of(7): 1}), (60.0, 2, 1, {step_of(9): 1})]
    assert plain(grid.before(0)) == []
    assert grid.between(0, 1e12) == (3, 1)


def test_service_times_and_errors_are_left_out_where_told() -> None:
    grid, other = Grid(), filled([(10, True, 5), (40, False, 7)])
    grid.update(other, times=False, errors=False)
    assert plain(grid) == [(0.0, 1, 0, {}), (30.0, 1, 0, {})]
    assert grid.medians == [None, None]


@given(st.lists(st.integers(0, 255), min_size=1, max_size=400), st.integers(0, 400))
def test_few_times_and_many_have_the_same_median(steps: list[int], cut: int) -> None:
    cells = [Cell(1, 0, bytes(steps[:cut])), Cell(1, 0, bytes(steps[cut:]))]
    whole = joined(cells)
    assert (whole.requests, whole.timed) == (2, len(steps))
    assert whole.median_ms == milliseconds_of(sorted(steps)[(len(steps) - 1) // 2])


def test_a_grid_without_a_request_has_no_cell() -> None:
    grid = Grid()
    grid.update(Grid())
    assert (list(grid.numbers), grid.medians, grid.between(0, 1e12)) == ([], [], (0, 0))


def test_a_grid_comes_out_of_another_process_as_it_was() -> None:
    grid = filled([(second, second % 7 == 0, second) for second in range(1, 90_000, 11)])
    assert plain(pickle.loads(pickle.dumps(grid))) == plain(grid)


many = st.lists(st.tuples(st.integers(0, 300), st.booleans(), st.integers(1, 30000)), max_size=400)


@given(many, st.sampled_from([30, 60, 240]))
def test_wider_cells_have_all_that_is_in_theirs(rows: list[tuple[int, bool, int]], width: int) -> None:
    grid, wide = filled(rows), Grid(width)
    wide.update(grid)
    found = grid.wider(width)
    assert [start for start, _, _ in found] == wide.starts
    assert grid.medians_of((first, end) for _, first, end in found) == wide.medians
    assert [sum(grid.requests[first:end]) for _, first, end in found] == list(wide.requests)


def test_cells_wider_than_asked_stay_as_they_are() -> None:
    grid = Grid(120)
    grid.add(250, error=False, service_ms=7)
    assert grid.wider(30) == [(240, 0, 1)]
    assert Grid().wider(60) == []
    assert grid.medians_of([(0, 0), (0, 1)]) == [None, milliseconds_of(step_of(7))]


@given(many, st.binary(max_size=40))
def test_service_times_are_counted_by_cell(rows: list[tuple[int, bool, int]], steps: bytes) -> None:
    grid = filled(rows)
    cells = grid.cells.values()
    assert grid.timed == [cell.timed for cell in cells]
    is_meant = bytes(step in steps for step in range(256))
    assert grid.with_steps(is_meant) == [sum(cell.service[step] for step in {*steps}) for cell in cells]


@given(many, points)
def test_the_counts_of_grids_are_those_of_all_their_requests(
    some: list[tuple[int, bool, int]], others: list[tuple[int, bool, int]]
) -> None:
    wide = Grid(60)
    wide.update(filled(others))
    whole = filled(some)
    whole.update(wide, times=False)
    together = counts_of([filled(some), wide])
    assert (together.starts, together.requests, together.errors) == (whole.starts, whole.requests, whole.errors)


def test_the_counts_of_no_grid_are_none_and_those_of_a_long_time_are_bounded() -> None:
    assert counts_of([]).starts == []
    long = [filled([(at, False, 5) for at in range(begin, begin + 15_000, 30)]) for begin in (0, 15_000)]
    together = counts_of(long)
    assert (together.width, len(together.numbers), sum(together.requests)) == (60, 500, 1000)
