"""When all became slow: the cut is that of the requests of all dynos together, however they are spread over grids."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.statistics.latency.slowing import slowed


def grid(slow_from: float, *, end: float = 1200.0, each: int = 2, slow_ms: int = 4000) -> Grid:
    """So many requests a second, of 50 ms before a time and slow ones since."""
    found = Grid()
    for i in range(int(end * each)):
        at = i / each
        found.add(at, error=False, service_ms=slow_ms if at >= slow_from else 50)
    return found


@pytest.mark.parametrize("dynos", [1, 4])
def test_all_slow_since_one_time_is_told_with_the_medians_of_both_sides(dynos: int) -> None:
    found = slowed([grid(900.0)] * dynos)

    assert found is not None
    assert found.seconds == 900.0
    assert found.before_ms == pytest.approx(50, rel=0.05)
    assert found.after_ms == pytest.approx(4000, rel=0.05)


def test_many_requests_in_a_cell_are_counted_as_few_are() -> None:
    assert slowed([grid(900.0, each=20)]) == slowed([grid(900.0)])


def test_a_dyno_whose_cells_are_wider_sets_the_width() -> None:
    wide = Grid(120)
    wide.update(grid(960.0, end=1800.0))

    found = slowed([wide, grid(960.0, end=1800.0)])

    assert found is not None
    assert found.seconds == 960.0


def test_nothing_slow_no_grid_and_what_is_fast_again_are_not_told() -> None:
    again = grid(900.0)
    again.update(grid(2400.0, end=2400.0).within(1230.0, 2400.0))

    assert slowed([]) is None
    assert slowed([Grid()]) is None
    assert slowed([grid(5000.0)]) is None
    assert slowed([again]) is None
    assert slowed([grid(900.0, slow_ms=900)]) is None
