"""The progress of long work: one line that goes again, only where a person watches, and rich only when it is long."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Mapping
from typing import Literal

import pyte
import pytest

from herodyno.render.in_place.progress import Bar, show_nothing
from herodyno.render.output import Output
from tests.conftest import Terminal

GB = 1_000_000_000


class Work:
    """A bar on a clock of its own; `drawn` are the lines put so far."""

    def __init__(
        self, *, color: bool = False, encoding: str = "utf-8", unit: Literal["bytes", "seconds"] = "bytes"
    ) -> None:
        self.drawn: list[str] = []
        self.time = 100.0
        stream = Terminal(io.BytesIO(), encoding=encoding)
        self.bar = Bar(
            "reading the log", self.drawn.append, stream=stream, color=color, unit=unit, now=lambda: self.time
        )

    def go(self, seconds: float, *, per_second: float = GB / 10, total: float | None = 3 * GB, text: str = "") -> None:
        """Tell of ten steps a second."""
        for step in range(round(seconds * 10) + 1):
            self.time = 100.0 + step / 10
            self.bar(step / 10 * per_second, total, text)


def test_nothing_is_drawn_in_the_first_second() -> None:
    work = Work()
    work.go(0.9)
    assert work.drawn == []


def test_the_line_shows_bytes_rate_and_time_left() -> None:
    work = Work()
    work.go(6)
    title, _, figures = work.drawn[-1].partition("━")
    assert title == "reading the log "
    assert figures.split()[-6:] == ["GB", "100.0", "MB/s", "25", "s", "left"]


def test_it_is_drawn_four_times_a_second_at_most_and_not_when_all_is_done() -> None:
    work = Work()
    work.go(2)
    assert 3 <= len(work.drawn) <= 5
    drawn = len(work.drawn)
    work.time += 10
    work.bar(3 * GB, 3 * GB)
    assert len(work.drawn) == drawn


def test_where_the_total_is_not_known_there_is_no_bar_and_no_time_left() -> None:
    work = Work()
    work.go(3, total=None)
    assert work.drawn[-1] == "reading the log 280.0 MB 100.0 MB/s"


def test_listening_shows_a_figure_and_the_time_left() -> None:
    work = Work(unit="seconds")
    work.go(60, per_second=1, total=300, text="1,234 lines")
    assert work.drawn[-1].endswith(" 1,234 lines 4 min 1 s left")


def test_without_colour_there_is_no_escape_and_with_colour_nothing_is_red() -> None:
    plain, colored = Work(), Work(color=True)
    plain.go(3)
    colored.go(3)
    assert "\x1b" not in plain.drawn[-1]
    assert "\x1b[32m" in colored.drawn[-1]
    assert not {"\x1b[31m", "\x1b[91m"} & {part + "m" for part in colored.drawn[-1].split("m")}


def test_a_stderr_of_ascii_gets_ascii() -> None:
    work = Work(encoding="ascii")
    work.go(6)
    assert work.drawn[-1].isascii()


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_it_never_takes_a_second_line(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    work = Work()
    work.go(6)
    assert all(len(line) < columns and "\n" not in line for line in work.drawn)


def output_of(kind: type[io.TextIOWrapper] = Terminal, environ: Mapping[str, str] | None = None) -> Output:
    stderr = kind(io.BytesIO(), encoding="utf-8", newline="\n")
    return Output(Terminal(io.BytesIO(), encoding="utf-8"), stderr, environ or {"NO_COLOR": "1"})


@pytest.mark.parametrize(
    ("kind", "environ", "quiet"),
    [(io.TextIOWrapper, {}, False), (Terminal, {"TERM": "dumb"}, False), (Terminal, {}, True)],
    ids=["no terminal", "a screen reader at a dumb terminal", "--quiet"],
)
def test_nothing_moves_where_nobody_watches(kind: type[io.TextIOWrapper], environ: dict[str, str], quiet: bool) -> None:
    output = output_of(kind, environ)
    output.quiet = quiet
    assert output.progress_bar("reading the log") is show_nothing


def test_what_is_said_next_takes_the_place_of_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    output = output_of()
    bar = output.progress_bar("reading the log")
    monkeypatch.setattr(bar, "_now", lambda: float("1e9"))
    bar(GB, 3 * GB)
    stderr = output._stderr
    assert stderr is not None
    assert "reading the log" in stderr.buffer.getvalue().decode()  # type: ignore[attr-defined] # a BytesIO, made above
    output.note("half of it is read")
    screen = pyte.Screen(100, 5)
    screen.set_mode(pyte.modes.LNM)
    pyte.Stream(screen).feed(stderr.buffer.getvalue().decode())  # type: ignore[attr-defined] # a BytesIO, as above
    assert [row.rstrip() for row in screen.display] == ["half of it is read", "", "", "", ""]


def test_rich_is_loaded_only_once_the_work_has_taken_a_second() -> None:
    code = (
        "import sys; from herodyno.render.in_place.progress import Bar\n"
        "time = 0.0\n"
        "bar = Bar('', lambda text: None, stream=sys.stderr, color=False, now=lambda: time)\n"
        "bar(1, 2); print('rich' in sys.modules); time = 2.0; bar(1, 2); print('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["False", "True"]
