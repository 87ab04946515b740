"""A year that is guessed, and a time that is taken for UTC: which, and that it is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from herodyno.logs.decoding.guesses import lacks, told_of_guesses
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import LogLine
from tests.conftest import Invoke
from tests.real_parts import case_bytes

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def read(text: str, now: datetime = NOW) -> list[LogLine]:
    return list(read_lines([text.encode()], year=now))


def page(*stamps: str) -> str:
    return "".join(f"{stamp} example-app heroku/web.2: Error R14 (Memory quota exceeded)\n" for stamp in stamps)


@pytest.mark.parametrize(
    ("stamps", "years"),
    [
        (["Nov 29 11:59:59"], [2026]),
        (["Nov 30 03:00:00"], [2025]),
        (["Nov 30 01:30:00"], [2026]),  # a page of somebody far in the east
        (["Dec 31 23:59:50", "Jan 01 00:00:10"], [2025, 2026]),
        (["Nov 01 00:00:00", "Nov 29 00:00:00"], [2026, 2026]),
        (["Jan 01 00:00:10", "Dec 31 23:59:50", "Jan 01 00:00:11"], [2026, 2025, 2026]),
        (["Feb 29 10:00:00"], [2024]),
    ],
)
def test_the_year_is_the_newest_that_is_not_in_the_future(stamps: list[str], years: list[int]) -> None:
    assert [line.at and line.at.year for line in read(page(*stamps))] == years


def test_a_log_of_the_last_hours_is_of_this_year() -> None:
    for ago in range(0, 24 * 364, 7):
        at = NOW - timedelta(hours=ago)
        (line,) = read(page(f"{at:%b %d %H:%M:%S}"))
        assert line.at == at


@pytest.mark.parametrize(
    ("raw", "lacking"),
    [
        ("2026-11-23T02:00:01.000001+00:00 app[web.1]: hi", ""),
        ("2026-11-23T02:00:01Z app[web.1]: hi", ""),
        ("2026-11-22T18:00:01-0800 app[web.1]: hi", ""),
        ("2026-11-23 02:00:01 UTC app[web.1]: hi", ""),
        ("heroku[web.1]: Idling", ""),
        ("Pressed ^C", ""),
        ("2026-11-23T02:00:01 app[web.1]: hi", "offset"),
        ("2026-11-23 02:00:01,001 app[web.1]: hi", "offset"),
        ("2026-11-23T02:00:01 relay app[web.1]: hi", "offset"),
        ("2026-11-23T02:00:01+00:00 relay app[web.1]: hi", ""),
        ("Nov 23 02:00:01 example-app app/web.1: hi", "year"),
        ("Nov 23 02:00:01 host app[web.1]: hi", "year"),
    ],
)
def test_what_a_time_lacks(raw: str, lacking: str) -> None:
    assert lacks(read(raw)[0]) == lacking


def test_nothing_is_told_where_nothing_was_guessed() -> None:
    assert told_of_guesses(0, 0) == []


def test_both_commands_say_what_was_guessed(tmp_path: Path, invoke: Invoke) -> None:
    path = tmp_path / "app.log"
    for text, said in (
        (page("Nov 20 10:00:00"), "1 line without a year: the year is a guess"),
        ("2026-11-20 10:00:00 heroku[web.1]: Idling\n" * 2, "2 lines without an offset from UTC: taken for UTC"),
    ):
        path.write_text(text)
        assert said in invoke(["logs", "--from-file", str(path)]).stderr
        assert said in invoke(["logs", "--from-file", str(path), "--stats", "count"]).stderr
        assert said in invoke(["diagnose", "--from-file", str(path)]).stdout


def test_both_commands_show_the_first_line_that_was_not_read(tmp_path: Path, invoke: Invoke) -> None:
    path = tmp_path / "app.log"
    path.write_text(
        "2026-11-20T10:00:00+00:00 heroku[web.1]: Idling\n"
        "\x1b[2Jsee me@example.com password=Zq7TzKw0p2VbN4hYcX9d\n" + "x" * 9000 + "\n"
    )
    for told in (
        invoke(["logs", "--from-file", str(path)]).stderr,
        invoke(["diagnose", "--from-file", str(path)]).stdout,
    ):
        assert "2 lines not read, the first: ^[[2Jsee " in told
        assert "Zq7TzKw0p2VbN4hYcX9d" not in told
        assert "me@example.com" not in told
        assert max(map(len, told.splitlines())) < 300


def test_case_48_a_page_of_new_year_lies_in_the_past() -> None:
    lines = list(read_lines([case_bytes("48-no-year-newyear.log")], year=NOW))
    assert [f"{line.at:%Y-%m-%d %H:%M:%S}" for line in lines] == ["2025-12-31 23:59:50", "2026-01-01 00:00:10"]


def test_case_39_offsets_are_read_as_they_stand() -> None:
    lines = list(read_lines([case_bytes("39-2011-mixed-offsets.log")], year=NOW))
    assert [line.at for line in lines] == sorted(line.at for line in lines if line.at)
    assert not any(lacks(line) for line in lines)
