"""Counts over time stay bounded and merge."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from herodyno.diagnosis.counting.grid import MOST_CELLS, Grid, median_ms, step_of

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
