"""A frame takes the place of the frame before, fits the window, and what is said meanwhile stands above it."""

import io

import pyte

from herodyno.render.in_place.frame import Frame, fitted
from herodyno.render.output import Output
from herodyno.render.text import Span, line, plain
from tests.conftest import Terminal


def screen_of(*texts: str, columns: int = 40, rows: int = 8) -> list[str]:
    screen = pyte.Screen(columns, rows)
    pyte.Stream(screen).feed("".join(texts).replace("\n", "\r\n"))
    return [row.rstrip() for row in screen.display]


def test_a_shorter_frame_leaves_nothing_of_the_one_before() -> None:
    frame = Frame()
    shown = screen_of("$ herodyno\n", frame.drawn(["one", "two", "three"], (40, 8)), frame.drawn(["four"], (40, 8)))
    assert shown[:3] == ["$ herodyno", "four", ""]


def test_a_resized_window_is_drawn_anew() -> None:
    frame = Frame()
    first = frame.drawn(["x" * 40, "two"], (40, 8))
    assert screen_of(first, frame.drawn(["one", "two"], (20, 8)), columns=20)[:3] == ["one", "two", ""]


def test_long_lines_are_folded_and_the_last_row_counts_what_has_no_place() -> None:
    lines = [(Span("web.1  "), Span("up", "good"), Span(" 🦉 gunicorn")), *[line(str(i)) for i in range(9)]]
    shown = [plain(each) for each in fitted(lines, 12, 4)]
    assert shown == ["web.1  up 🦉", " gunicorn", "0", "… 8 more li…"]


def test_what_is_said_stands_above_the_frame() -> None:
    both = Terminal(io.BytesIO(), encoding="utf-8", newline="\n")
    output = Output(both, both, {"TERM": "xterm", "NO_COLOR": "1"})
    output.frame([line("web.1 up"), line("web.2 up")])
    output.note("no answer since 02:12:40")
    output.frame([line("web.1 up"), line("web.2 \x1b[2J crashed")])
    both.flush()
    shown = screen_of(both.buffer.getvalue().decode())  # type: ignore[attr-defined] # a BytesIO, made above
    assert shown[:4] == ["no answer since 02:12:40", "web.1 up", "web.2 ^[[2J crashed", ""]
