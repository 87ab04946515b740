"""`--plot` of figures over time: each picture reads as its golden file and has the numbers of the table beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from herodyno.logs.parsing.event import event_of
from herodyno.logs.query.statistics import Statistics
from herodyno.logs.query.stats_query import parse_stats
from herodyno.render.logs.stats import BucketClock, stats_number
from herodyno.render.logs.stats_plot import most_buckets, stats_plot
from herodyno.render.pictures.signs import ASCII_SIGNS, UNICODE
from herodyno.render.text import cell_width, plain
from tests.logs.log_lines import line, request

GOLDEN = Path(__file__).parents[1] / "golden" / "stats-plot"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FORMS = {"unicode": UNICODE, "ascii": ASCII_SIGNS}
# An hour in which web.2 is slow from the middle on, with ten minutes of which the log has no line.
LINES = [
    line(request(dyno=f"web.{number % 3 + 1}", service=30_000 if number % 3 == 1 < number - 180 else number % 7), at)
    for number in range(360)
    if not 1200 <= (at := number * 10 + number % 4) < 1800
]


def counted(asked: str) -> Statistics:
    statistics = Statistics(parse_stats(asked), ZoneInfo("Europe/Paris"))
    for each in LINES:
        statistics.add(event_of(each))
    return statistics


def picture(statistics: Statistics, width: int, form: str) -> list[str]:
    statistics.widen_to(most_buckets(statistics, width))
    times = BucketClock(ZoneInfo("Europe/Paris"), NOW, short=True)
    return [plain(it) for it in stats_plot(statistics, times, width=width, signs=FORMS[form])]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("width", [40, 80, 140])
def test_a_picture_reads_as_its_golden_file(width: int, form: str, golden: Callable[[Path, str], None]) -> None:
    of_dynos = picture(counted("count,p95(service) by 1m,dyno"), width, form)
    text = "\n".join([*of_dynos, "", *picture(counted("count by 1m"), width, form), ""])
    golden(GOLDEN / f"{width}-{form}.txt", text)
    assert text.isascii() == (form == "ascii")
    assert max(map(cell_width, text.splitlines())) <= width


@pytest.mark.parametrize("width", [1, 20, 57, 300, 1000])
@pytest.mark.parametrize("asked", ["count by 10s", "max(service),count by 1m,dyno,method", "count by 1d"])
def test_the_numbers_beside_a_picture_are_those_of_the_table(width: int, asked: str) -> None:
    statistics = counted(asked)
    whole = {group: statistics.whole(group) for group in statistics.groups}
    lines = picture(statistics, width, "ascii")
    room = [it for it in lines if " a bucket, " not in it]
    assert max(map(cell_width, room)) <= max(20, min(width, 300))
    assert statistics.groups == list(whole)
    assert {group: statistics.whole(group) for group in whole} == whole
    if width > 40:
        for numbers in whole.values():
            assert any(f" {stats_number(numbers[-1])} " in f" {text} " for text in lines)


def test_a_gap_in_the_log_is_blank_and_a_time_without_what_is_counted_is_not() -> None:
    statistics = counted("count by 10m,dyno")
    assert picture(statistics, 40, "ascii")[3].split() == ["web.3", "100", "20", "######", "#########"]
    never = Statistics(parse_stats("count by 10m"))
    for each in LINES:
        assert each.at
        never.see(each.at)
    assert picture(never, 40, "ascii")[6].split() == ["........", "............"]


def test_a_log_without_times_has_no_picture() -> None:
    statistics = Statistics(parse_stats("count by 1m,dyno"))
    statistics.add(event_of(line("no head")))
    assert picture(statistics, 80, "ascii") == []


def test_no_more_groups_are_drawn_than_an_eye_takes_in() -> None:
    statistics = Statistics(parse_stats("count by 1m,path"))
    for number in range(30):
        statistics.add(event_of(line(request(path=f"/{number}"), number)))
    assert picture(statistics, 80, "ascii")[-1] == "and 10 groups more"


def test_where_the_clock_is_changed_each_time_names_its_zone() -> None:
    times = BucketClock(ZoneInfo("Europe/Paris"), NOW, short=True)
    starts = [int(datetime(2026, 10, 25, hour, tzinfo=UTC).timestamp()) for hour in (0, 1)]
    assert list(times.texts(3600, starts).values()) == ["2026-10-25 02:00 CEST", "2026-10-25 02:00 CET"]
    assert (times.heading(starts), times.zones(starts)) == ("time", "CEST/CET")
    assert (times.heading(starts[1:]), times.texts(3600, starts[1:])[starts[1]]) == ("CET", "2026-10-25 02:00")
