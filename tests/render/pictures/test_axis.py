"""Times of day stand below their columns, events in the column of their time."""

from datetime import UTC, timedelta, timezone

from herodyno.render.pictures.axis import Mark, event_lane, lane_legend, time_axis
from herodyno.render.pictures.time_cells import TimeCells
from tests.render.pictures.scene import START


def test_times_of_day_are_local_and_none_crosses_the_edge() -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    cells = TimeCells(START, 60, 40)
    assert time_axis(cells, india).split() == ["03:50", "04:00", "04:10"]
    for n in range(1, 60):
        assert len(time_axis(TimeCells(START, 60, n), UTC)) == n
    assert "24 Nov" in time_axis(TimeCells(START, 7200, 40), UTC)


def test_where_a_day_begins_stands_its_date() -> None:
    midnight = 1_795_392_000.0  # 2026-11-23T00:00:00Z
    assert time_axis(TimeCells(midnight - 1200, 60, 40), UTC).split() == ["23:40", "23:50", "23", "Nov", "00:10"]


def test_events_of_two_kinds_in_one_column_are_told_as_several() -> None:
    cells = TimeCells(0.0, 60, 4)
    marks = [
        Mark(61.0, "crash"),
        Mark(62.0, "crash"),
        Mark(130.0, "crash"),
        Mark(140.0, "release"),
        Mark(999.0, "scale"),
    ]
    assert event_lane(marks, cells) == " x+ "
    assert lane_legend(marks, cells) == "v release, x crash, + several"
    assert lane_legend([], cells) == ""
