"""The tables of the pictures: one row for each cell, times in the reader's zone, names that cannot do harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

from herodyno.render.report.columns import MOST_NAMES, data_of
from herodyno.render.report.style import time_axis
from tests.render.report.incident import hostile, incident

NEPAL = timezone(timedelta(hours=5, minutes=45), "+0545")


def test_each_request_stands_in_one_cell_and_a_last_row_closes_the_last_cell() -> None:
    found = incident()
    cells = data_of(found, UTC).tables["cells"]
    assert sum(cells["requests"]) == found.requests.n
    assert len(cells["i"]) == sum(len(row.series.errors) + 1 for row in found.incarnations)
    assert {len(column) for column in cells.values()} == {len(cells["i"])}


def test_the_axis_is_that_of_the_readers_zone() -> None:
    near, far = (data_of(incident(), zone) for zone in (UTC, NEPAL))
    assert near.clock is not None
    assert far.clock is not None
    assert far.clock.start_ms - near.clock.start_ms == (5 * 60 + 45) * 60_000
    assert (near.clock.zone, far.clock.zone) == ("UTC", "+0545")
    assert "12:00:0" in near.caption
    assert "17:45:0" in far.caption


def test_where_summer_time_ends_inside_the_window_the_axis_is_utc() -> None:
    found = incident()
    assert found.clock is not None
    turn = found.clock.start.replace(year=2026, month=10, day=25, hour=0, minute=58)
    moved = replace(found, clock=replace(found.clock, start=turn))
    axis = data_of(moved, ZoneInfo("Europe/Paris")).clock
    assert axis is not None
    assert axis.zone == "UTC"


def test_a_picture_draws_the_first_names_and_says_which_it_leaves_out() -> None:
    row = incident().incarnations[0]
    many = tuple(replace(row, dyno=f"web.{n}") for n in range(MOST_NAMES + 3))
    data = data_of(replace(incident(), incarnations=many), UTC)
    assert len(data.names) == MOST_NAMES
    assert data.left_out == tuple(f"web.{n}" for n in range(MOST_NAMES, MOST_NAMES + 3))


def test_a_long_hostile_name_is_shown_short_and_harmless() -> None:
    names = data_of(hostile(), UTC).names
    assert max(map(len, names)) <= 18
    assert all(name.isprintable() for name in names)


def test_rows_are_the_columns_once_more() -> None:
    data = data_of(incident(), UTC)
    rows = data.rows()["cells"]
    assert [row["errors"] for row in rows] == data.tables["cells"]["errors"]


def test_over_days_the_caption_names_both_days_and_the_axis_has_a_label_for_all_of_them() -> None:
    found = incident()
    assert found.clock is not None
    assert found.coverage.start is not None
    month = replace(
        found,
        clock=replace(found.clock, seconds=3600, cells=30 * 24, gaps=((5, 8),)),
        coverage=replace(found.coverage, end=found.coverage.start + timedelta(days=30)),
    )
    data = data_of(month, UTC)
    assert data.caption.endswith("02 Mar 2026 12:00 to 01 Apr 2026 12:00 UTC")
    assert data.clock is not None
    axis = time_axis(data.clock)["axis"]
    assert axis["labelExpr"] == "utcFormat(datum.value, '%d %b')"
    assert 4 <= len(axis["values"]) <= 10
    assert data.clock.end_ms - axis["values"][-1] <= 604_800_000
    assert data.tables["gaps"] == {
        "t": [data.clock.start_ms + 5 * 3_600_000],
        "t2": [data.clock.start_ms + 8 * 3_600_000],
    }
