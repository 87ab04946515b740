"""The last lines of each name, as the pattern finds them in a block of text."""

from __future__ import annotations

from herodyno.logs.scan.columns import LastLine
from herodyno.logs.scan.scanner import Scanner

AT = "2026-03-02T12:00:{:02}.000000+00:00"


def last_lines(*lines: tuple[int, str]) -> dict[str, list[LastLine]]:
    text = "".join(f"{AT.format(second)} {line}\n" for second, line in lines)
    return {name.decode(): list(found) for name, found in Scanner(year=2026).block(text.encode()).last_lines.items()}


def test_three_lines_of_each_name_are_kept_newest_first() -> None:
    lines = [(at, f"app[web.{at % 2}]: level=info n={at}") for at in range(10)]
    found = last_lines(*lines)
    assert [line.text for line in found["web.1"]] == [b"level=info n=9", b"level=info n=7", b"level=info n=5"]
    assert [line.number for line in found["web.0"]] == [9, 7, 5]


def test_the_newest_by_time_are_kept_whatever_the_order_of_arrival() -> None:
    found = last_lines((9, "app[web.1]: level=info last"), *((at, f"app[web.1]: level=info {at}") for at in range(5)))
    assert [line.text for line in found["web.1"]] == [b"level=info last", b"level=info 4", b"level=info 3"]


def test_blank_lines_are_left_out() -> None:
    assert last_lines((1, "app[run.1]: level=info"), (2, "app[run.1]:  \t "))["run.1"][0].text == b"level=info"


def test_a_long_line_is_cut() -> None:
    (line,) = last_lines((1, "app[run.1]: level=info " + "x" * 9000))["run.1"]
    assert len(line.text) == 1600


def test_lines_of_the_platform_are_nobodys_last_lines() -> None:
    assert last_lines((1, "heroku[web.1]: Error R14 (Memory quota exceeded)")) == {}
