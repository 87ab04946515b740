"""ONLY HERE shows three lines of the app with their counts, and never lets them move the terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from herodyno.diagnosis.report.only_here import OnlyHere
from herodyno.render.diagnosis.document import diagnosis_document
from herodyno.render.diagnosis.nagios import long_output, nagios_line
from herodyno.render.diagnosis.only_here import only_here_section
from herodyno.render.text import cell_width, plain
from tests.render.diagnoses import CRASHED, ONE_DYNO, ONLY_HERE

HOSTILE = 'a\x1b[2J\n\u202e "quoted" | pid=7'


def shown(told: OnlyHere | None, width: int | None = None) -> list[str]:
    return [plain(line) for line in only_here_section(replace(ONE_DYNO, only_here=told), width, UTC)]


def hostile() -> OnlyHere:
    line = replace(ONLY_HERE.lines[1], template=HOSTILE, example=HOSTILE)
    return replace(ONLY_HERE, lines=(line,))


def test_a_line_stands_between_its_counts_and_its_first_time() -> None:
    heading, *rows, note = shown(ONLY_HERE)
    assert heading == "ONLY HERE     web.2 prints, its 3 peers in the same time hardly do:"
    assert rows == [
        "   46 : 1     app[web.2]: KeyError: 'basket:<id>' shop/cart.py in total  (exception)",
        "   12 : 0     app[web.2]: waiting for a database connection (pool of <n> exhausted)  first 02:07:43",
        "    6 : 0     app[web.2]: scheduler: <n> carts cleaned  (every 1 min)",
    ]
    assert note.strip() == "Said beside the errors, not proved to be their cause."


def test_the_report_and_the_document_hold_ten_lines_and_monitoring_gets_three() -> None:
    many = replace(ONLY_HERE, lines=ONLY_HERE.lines[:1] * 10)
    assert len(shown(many)) == 12
    assert len(long_output(replace(ONE_DYNO, only_here=many))) == 5
    assert len(diagnosis_document(replace(ONE_DYNO, only_here=many))["only_here"]) == 10


def test_a_line_of_several_dynos_names_their_type() -> None:
    line = replace(ONLY_HERE.lines[1], dynos=("web.2", "web.3"))
    assert " app[web]: waiting" in shown(replace(ONLY_HERE, lines=(line,)))[1]


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("words", ["waiting " * 20, "x" * 160])
def test_a_long_line_is_folded_or_cut_where_the_terminal_ends(width: int, words: str) -> None:
    line = replace(ONLY_HERE.lines[1], template=words)
    told = shown(replace(ONLY_HERE, lines=(line,)), width)
    assert all(cell_width(each) <= width for each in told)
    assert "first 02:07:43" in " ".join(told)


def test_the_words_of_an_app_stay_inside_their_line() -> None:
    told = shown(hostile())
    assert all(each.isprintable() for each in told)
    assert len(told) == 3


def test_monitoring_gets_the_lines_below_the_first_one_without_a_bar() -> None:
    found = replace(ONE_DYNO, only_here=hostile())
    first, *lines = nagios_line(found).splitlines() + long_output(found)
    assert first.count(" | ") == 1
    assert len(lines) == 3
    assert not [each for each in lines if "|" in each or not each.isprintable()]
    assert long_output(CRASHED) == []


def test_the_document_has_each_line_as_the_schema_says() -> None:
    (first, *_) = diagnosis_document(ONE_DYNO)["only_here"]
    assert (first["n"], first["peers_n"], first["requests"], first["peers_requests"]) == (46, 1, 212, 605)
    assert (first["kind"], first["against"], first["dynos"], first["every_s"]) == (
        "exception",
        "peers",
        ["web.2"],
        None,
    )
    assert diagnosis_document(CRASHED)["only_here"] == []


def test_without_a_line_there_is_no_section() -> None:
    assert shown(None) == []
