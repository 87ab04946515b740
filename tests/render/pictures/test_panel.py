"""A restart begins a new line, and a gap is not bridged."""

from herodyno.render.pictures.panel import Panel, Series, panel_lines
from herodyno.render.pictures.signs import ASCII_SIGNS, UNICODE
from herodyno.render.pictures.time_cells import TimeCells
from herodyno.render.text import plain


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
