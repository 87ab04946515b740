"""Tables line up, whatever stands in their cells, and give way where the terminal is narrow."""

from hypothesis import given
from hypothesis import strategies as st

from herodyno.render.text import Column, Span, Table, cell_width, cut, lay_out, line, plain


def lines_of(rows: list[tuple[str, ...]], *, width: int | None = None) -> list[str]:
    columns = (Column(heading="NAME"), Column(heading="N", right=True), Column(heading="COMMAND", shrinks=True))
    table = Table(columns=columns, rows=tuple(tuple(Span(cell) for cell in row) for row in rows))
    return [plain(text_line) for text_line in table.lines(width)]


def test_columns_are_aligned_and_numbers_stand_to_the_right() -> None:
    assert lines_of([("web.1", "9", "a b"), ("w", "10", "c")]) == [
        "NAME    N  COMMAND",
        "web.1   9  a b",
        "w      10  c",
    ]


def test_wide_and_combining_characters_are_measured_as_a_terminal_does() -> None:
    rows = lines_of([("日本", "1", "x"), ("é", "2", "y")])
    assert rows[1] == "日本  1  x"
    assert rows[2] == "é     2  y"


def test_only_the_column_that_may_shrink_is_cut_and_shows_it() -> None:
    assert lines_of([("web.1", "9", "gunicorn app:wsgi --workers 4")], width=24)[1] == "web.1  9  gunicorn app:…"


def test_an_optional_column_is_left_out_before_anything_is_cut() -> None:
    columns = (Column(heading="A"), Column(heading="B", optional=True), Column(heading="C", shrinks=True))
    table = Table(columns=columns, rows=((Span("aaa"), Span("bbb"), Span("ccc")),))
    assert [plain(row) for row in table.lines(8)] == ["A    C", "aaa  ccc"]


def test_a_pipe_is_never_cut() -> None:
    assert lines_of([("web.1", "9", "x" * 500)])[1].endswith("x" * 500)


def test_a_cell_with_a_line_feed_stays_one_row() -> None:
    assert len(lines_of([("web.1\nweb.2", "9", "x")])) == 2


def test_blocks_are_parted_by_an_empty_line() -> None:
    assert [plain(it) for it in lay_out([[line("a")], [line("b")]], None)] == ["a", "", "b"]


@given(st.text(max_size=40), st.integers(1, 30))
def test_a_cut_text_fits(text: str, width: int) -> None:
    assert cell_width(cut(text, width)) <= width
