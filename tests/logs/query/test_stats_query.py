"""The words of --stats: what may be asked, and the spellings of a width of time."""

import pytest

from herodyno.errors import UsageError
from herodyno.logs.query.stats_query import parse_stats


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("by 1m", 60),
        ("by 90s", 90),
        ("by 1.5h", 5400),
        ("by time(5m)", 300),
        ("by bin(5m)", 300),
        ("by bin(@timestamp, 5m)", 300),
        ("by bin(30 seconds)", 30),
        ("by minute", 60),
        ("per minute", 60),
        ("every 10 min", 600),
        ("per hour", 3600),
        ("BY day", 86_400),
        ("by 1w", 604_800),
        ("by timeslice 5m", 300),
        ("by timeslice(5m)", 300),
        ("by time_bucket('5 minutes', time)", 300),
        ("by date_bin(interval '5 minutes', time)", 300),
        ("by date_trunc('hour', time)", 3600),
    ],
)
def test_a_width_of_time_is_understood_as_other_tools_write_it(words: str, seconds: int) -> None:
    asked = parse_stats(f"count {words}")
    assert (asked.seconds, asked.by) == (seconds, ())


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("count by 1m,dyno", ("time(1m)", "dyno")),
        ("count by dyno, code, bin(time, 5m)", ("dyno", "code", "time(5m)")),
        ("count(*), p95(service) per minute by dyno", ("time(1m)", "dyno")),
        ("count by dyno per 24h", ("dyno", "time(1d)")),
        ("count by d,m", ("d", "m")),
        ("count by minutes_left,days", ("minutes_left", "time(1d)")),
        ("count by app.minute,sample#load_avg_1m", ("app.minute", "sample#load_avg_1m")),
    ],
)
def test_time_and_fields_keep_the_order_in_which_they_were_typed(asked: str, titles: tuple[str, ...]) -> None:
    query = parse_stats(asked)
    assert query.titles(query.seconds) == titles


@pytest.mark.parametrize(
    "asked",
    ["", "p95", "median(service)", "count,", "p95(service) by", "count by a b", "sum()", "sum(*)", "p(service)",
     "count by dyno,", "count by 1m,5m", "count by 7x", "count by bin(dyno)"],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused_with_an_example(asked: str) -> None:
    with pytest.raises(UsageError, match="--stats") as error:
        parse_stats(asked)
    assert "by dyno,code" in error.value.next_step


@pytest.mark.parametrize("words", ["by time", "by 0m", "by 0.5s", "by 1000d", "by 99999w"])
def test_a_width_that_cannot_be_had_is_refused_with_one_that_can(words: str) -> None:
    with pytest.raises(UsageError, match="width") as error:
        parse_stats(f"count {words}")
    assert "5m" in error.value.next_step
