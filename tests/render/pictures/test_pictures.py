"""Every picture reads as its golden file, is as narrow as it was asked to be, and is ASCII where it must be."""

from collections.abc import Callable
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest

from herodyno.render.pictures.axis import Mark, event_lane, lane_legend, time_axis
from herodyno.render.pictures.panel import Panel, Series, panel_lines
from herodyno.render.pictures.rows import heat_strip, share_bar, sparkline
from herodyno.render.pictures.signs import ASCII_SIGNS, UNICODE
from herodyno.render.pictures.time_cells import TimeCells, time_cells
from herodyno.render.text import cell_width, plain
from tests.render.pictures.scene import HOUR, START, drawn

GOLDEN = Path(__file__).parents[1] / "golden" / "pictures"
FORMS = {"unicode": UNICODE, "ascii": ASCII_SIGNS}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("width", [40, 80, 140])
def test_a_picture_reads_as_its_golden_file(width: int, form: str, golden: Callable[[Path, str], None]) -> None:
    text = drawn(width, FORMS[form])
    golden(GOLDEN / f"{width}-{form}.txt", text)
    assert text.isascii() == (form == "ascii")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("width", [20, 21, 33, 200, 300])
def test_a_plot_is_never_wider_than_asked_for(width: int, form: str) -> None:
    plots = [line for line in drawn(width, FORMS[form]).splitlines() if "%" not in line and "," not in line]
    assert max(map(cell_width, plots)) <= width


def test_a_count_above_zero_is_always_seen_and_zero_differs_from_a_gap() -> None:
    for signs in FORMS.values():
        row = sparkline([0.0, None, 0.001, 999.0, 1.0], top=1000.0, signs=signs, borders={0, 1, 2})
        assert row == f"||{signs.levels[0]}{signs.levels[-1]}{signs.levels[0]}"
        assert sparkline([0.0, None], top=0.0, signs=signs) == f"{signs.zero} "
        assert len(set(heat_strip([0.0, None, 1.0, 5.0], top=5.0, signs=signs))) == 4


def test_a_bar_tells_none_from_little_and_nearly_all_from_all() -> None:
    assert [share_bar(share, 10, "#") for share in (None, 0.0, 0.001, 0.5, 0.999, 1.0)] == [
        "", "", "#", "#####", "#########", "##########",
    ]  # fmt: skip
    assert share_bar(0.5, 0, "#") == ""


@pytest.mark.parametrize("span", [0.0, 1.0, 337.0, 3 * HOUR, 40 * 24 * HOUR])
@pytest.mark.parametrize("source", [1, 30, 480])
@pytest.mark.parametrize("most", [1, 8, 300])
def test_cells_cover_the_span_and_divide_no_cell_of_the_source(span: float, source: int, most: int) -> None:
    cells = time_cells(START + 7, START + 7 + span, most=most, source=source)
    assert cells.n <= most
    assert cells.seconds % source == 0
    assert cells.start <= START + 7 <= START + 7 + span < cells.end
    assert cells.place(START + 7) == 0
    assert cells.place(START + 7 + span) == cells.n - 1


@pytest.mark.parametrize("most", [1, 11, 12, 60, 75, 300])
def test_stretched_cells_span_the_same_time_in_as_many_columns_as_fit(most: int) -> None:
    cells = TimeCells(START, 30, 12)
    wide = cells.stretched(most)
    assert (wide.start, wide.end) == (cells.start, cells.end)
    assert cells.n <= wide.n <= max(most, cells.n)
    assert wide.n == {1: 12, 11: 12, 12: 12, 60: 60, 75: 72, 300: 180}[most]


def test_counts_are_zero_while_a_dyno_lives_and_a_gap_otherwise() -> None:
    cells = TimeCells(0.0, 30, 5)
    assert cells.sums([(31.0, 2.0), (59.0, 1.0), (500.0, 9.0)], (30.0, 95.0)) == [None, 3.0, 0.0, 0.0, None]
    assert cells.peaks([(31.0, 2.0), (59.0, 1.0), (-1.0, 9.0)]) == [None, 2.0, None, None, None]


def test_times_of_day_are_local_and_none_crosses_the_edge() -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    cells = TimeCells(START, 60, 40)
    assert time_axis(cells, india).split() == ["03:50", "04:00", "04:10"]
    for n in range(1, 60):
        assert len(time_axis(TimeCells(START, 60, n), UTC)) == n
    assert "24 Nov" in time_axis(TimeCells(START, 7200, 40), UTC)


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


def test_a_restart_begins_a_new_line_and_a_gap_is_not_bridged() -> None:
    cells = TimeCells(0.0, 60, 20)
    broken = Series([(60.0 * i, 5.0) for i in range(20) if not 5 <= i < 12], gap=90.0)
    other = Series([(60.0 * 18, 9.0), (60.0 * 19, 9.0)], gap=90.0)
    rows = panel_lines(Panel(series=(broken, other)), cells, top=10.0, rows=3, signs=ASCII_SIGNS, label=str, margin=5)
    assert [plain(row) for row in rows] == [
        "10.0                   bb",
        "     aaaaa       aaaaaaaa",
        " 0.0                   |",
    ]
    dotted = [
        plain(row) for row in panel_lines(Panel((broken,)), cells, top=10.0, rows=1, signs=UNICODE, label=str, margin=5)
    ]
    assert dotted == ["10.0 ⠒⠒⠒⠒⠂       ⠒⠒⠒⠒⠒⠒⠒a"]
