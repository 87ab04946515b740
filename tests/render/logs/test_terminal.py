"""A log on a terminal: aligned, coloured for each dyno in the same way, in one's own time; and never out of bounds."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pyte
import pytest

from herodyno.logs.events import LogLine
from herodyno.logs.query.filters import pattern
from herodyno.logs.query.marks import Mark
from herodyno.render.logs.terminal import Terminal, TimeStyle, color_of
from tests.logs.log_lines import START, line
from tests.render.log_sample import SAMPLE
from tests.render.test_clean import HOSTILE

GOLDEN = Path(__file__).parents[1] / "golden"

# What a log line may try beyond what any text may: modes, concealment, half an escape.
IN_LOGS = {
    "conceal": "\x1b[8mpassword\x1b[28m",
    "conceal in a list": "\x1b[0;8mpassword",
    "blink": "\x1b[5mlook\x1b[0m",
    "alternate screen": "\x1b[?1049h",
    "mouse reports": "\x1b[?1000h",
    "origin mode": "\x1b[?6h",
    "scroll region": "\x1b[2;3r",
    "insert mode": "\x1b[4h",
    "half an escape": "\x1b[31",
    "colour without an end": "\x1b[31mred to the end",
    "character set": "\x1b(0lqqk",
    "reset": "\x1bc",
    "sgr with colons": "\x1b[38:2::255:0:0mred",
    "endless parameters": "\x1b[" + "0;" * 5000 + "m",
}
CORPUS = {**{name: text for name, text in HOSTILE.items() if "\n" not in text}, **IN_LOGS}


def terminal(*, color: bool = False, times: TimeStyle = "utc", **more: object) -> Terminal:
    return Terminal(color=color, times=times, now=START + timedelta(minutes=5), **more)  # type: ignore[arg-type] # highlights, draws


def written(form: Terminal, items: list[LogLine | Mark]) -> str:
    return "".join(form.line(item) if isinstance(item, LogLine) else form.mark(item) for item in items)


def test_the_sample_is_what_its_golden_file_shows(golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / "logs.txt", written(terminal(), SAMPLE))


def test_colour_changes_nothing_but_colour() -> None:
    plain, colored = written(terminal(), SAMPLE), written(terminal(color=True), SAMPLE)
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == plain


def test_columns_are_aligned_and_grow_with_the_longest_name() -> None:
    lines = [line("app[web.1]: a"), line("app[long_worker_name.12]: b"), line("app[web.2]: c")]
    texts = written(terminal(times="none"), list(lines)).splitlines()
    assert texts == ["web.1     a", "long_worker_name.12  b", "web.2                c"]


def test_a_dyno_has_the_same_colour_always_and_its_neighbours_others() -> None:
    colors = [color_of(f"web.{number}") for number in range(1, 9)]
    assert colors == [color_of(f"web.{number}") for number in range(1, 9)]
    assert len(set(colors)) == 8
    assert color_of("web-848cd4f64d-pvpr2") == color_of("web-848cd4f64d-pvpr2")


def test_local_time_names_the_day_and_the_zone(local_time: None) -> None:
    first, second = terminal(times="local").line(line("app[web.1]: a")).splitlines()
    assert first == "── Mon 23 Nov 2026, CET ──"
    assert second == "03:00:00.000  web.1     a"


def test_a_new_day_is_named_where_it_begins() -> None:
    form = terminal()
    texts = [form.line(line("app[web.1]: a", at)) for at in (0, 1, 86_400)]
    assert [text.count("2026, UTC") for text in texts] == [1, 0, 1]


def test_relative_and_delta_times() -> None:
    assert terminal(times="relative").line(line("app[web.1]: a", 60)) == "     4m ago  web.1     a\n"
    form = terminal(times="delta")
    texts = [form.line(line("app[web.1]: a", at)).partition("web")[0] for at in (0, 1.5, 1.25)]
    assert texts == ["     +0.000  ", "     +1.500  ", "     -0.250  "]


def test_an_apps_own_colours_pass_and_end_with_the_line() -> None:
    text = "app[web.1]: \x1b[1;32mok\x1b[0m \x1b[38;5;208morange"
    assert (
        terminal(color=True, times="none")
        .line(line(text))
        .endswith("\x1b[1;32mok\x1b[0m \x1b[38;5;208morange\x1b[0m\n")
    )
    assert terminal(times="none").line(line(text)) == "web.1     ok orange\n"


def test_failures_are_red_and_highlights_stand_out() -> None:
    shown = terminal(color=True, times="none").line(line("heroku[web.1]: Error R14 (Memory quota exceeded)"))
    assert "\x1b[31mError R14" in shown
    form = terminal(color=True, times="none", highlights=(pattern("o+", flag=""), pattern("f", flag="")))
    assert form.line(line("app[web.1]: foo bar")).endswith("\x1b[1;7mfoo\x1b[0m bar\n")
    bare = terminal(times="none", highlights=(pattern("o+", flag=""),))
    assert bare.line(line("app[web.1]: foo")).endswith("  f>>oo<<\n")


def test_without_unicode_the_rules_are_ascii() -> None:
    assert terminal(draws=False).mark(Mark("gap", START, "gone")).isascii()


@pytest.mark.parametrize("color", [True, False])
@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS.keys())
def test_c5_c6_c26_no_line_moves_retitles_or_switches_a_terminal(text: str, color: bool) -> None:
    screen = pyte.Screen(200, 50)
    stream = pyte.Stream(screen)
    answers: list[str] = []
    screen.write_process_input = answers.append
    modes = set(screen.mode)
    written_lines = written(terminal(color=color, times="none"), [line(f"app[web.1]: {text}"), line("app[web.1]: end")])
    assert written_lines.count("\n") == 2
    for row in written_lines.splitlines():
        stream.feed(row[:9000] + "\r\n")
    assert (screen.title, screen.icon_name, screen.mode, answers) == ("", "", modes, [])
    assert screen.margins is None
    row = screen.display[screen.cursor.y - 1]
    assert row.rstrip() == "web.1     end"
    cell = screen.buffer[screen.cursor.y - 1][10]
    assert (cell.fg, cell.bold, cell.reverse, cell.blink) == ("default", False, False, False)


def test_c26_markup_of_libraries_is_literal() -> None:
    shown = terminal(color=True, times="none").line(
        line("app[web.1]: [bold red]x[/x] :smile: [link=file:///etc/passwd]")
    )
    assert shown.endswith("[bold red]x[/x] :smile: [link=file:///etc/passwd]\n")
