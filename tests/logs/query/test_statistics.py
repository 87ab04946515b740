"""--stats: the figures are those of the plain definition, by fields and by time."""

import random
from itertools import pairwise
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.logs.events import LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.logs.query import statistics, values
from herodyno.logs.query.statistics import Statistics
from herodyno.logs.query.stats_query import parse_stats
from tests.logs.log_lines import START, line, request


def table(asked: str, *texts: str) -> list[tuple[tuple[str, ...], tuple[float | None, ...]]]:
    counted = Statistics(parse_stats(asked))
    for text in texts:
        counted.add(event_of(line(text)))
    return [(row.group, row.numbers) for row in counted.rows()]


def test_requests_are_counted_by_group_the_greatest_first() -> None:
    rows = table(
        "count,p50(service),p95(service) by dyno,code",
        *(request(dyno="web.1", service=ms) for ms in (10, 20, 30)),
        request(dyno="web.2", service=30000, code="H12", status=503),
        "app[web.1]: no service here",
    )
    assert rows == [(("web.1", ""), (3, 20, 30)), (("web.2", "H12"), (1, 30000, 30000))]


def test_without_a_field_every_line_counts() -> None:
    assert table("count by source", request(), "app[web.1]: a", "app[web.1]: b") == [
        (("app",), (2,)),
        (("heroku",), (1,)),
    ]


def test_without_groups_there_is_one() -> None:
    assert table("count", request(), request()) == [((), (2,))]


def test_metrics_of_apps_are_fields_and_units_are_made_equal() -> None:
    rows = table("sum(jobs.wait),max(jobs.wait)", "app[w.1]: measure#jobs.wait=500ms", "app[w.1]: measure#jobs.wait=2s")
    assert rows == [((), (2500, 2000))]


@given(st.lists(st.integers(0, 30_000), min_size=1, max_size=200), st.sampled_from([50, 90, 95, 99, 100 / 3]))
def test_figures_are_those_of_the_plain_definition(values: list[int], percent: float) -> None:
    share = f"p{percent:.3g}" if percent == int(percent) else "p33.333"
    ((_, figures),) = table(
        f"count(service),min(service),max(service),sum(service),mean(service),{share}(service)",
        *(request(service=value) for value in values),
    )
    wanted = 33.333 if share == "p33.333" else percent
    rank = max(1, -(-len(values) * int(wanted * 1000) // 100_000))
    assert figures == (
        len(values), min(values), max(values), sum(values), pytest.approx(mean(values)), sorted(values)[rank - 1],
    )  # fmt: skip


def test_memory_stays_bounded_and_percentiles_within_half_a_per_cent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "MOST_VALUES", 1000)
    monkeypatch.setattr(statistics, "MOST_GROUPS", 3)
    rows = table("p50(service)", *(request(service=value) for value in range(10_000, 15_000)))
    assert rows[0][1][0] == pytest.approx(12_500, rel=0.005)
    groups = [key for key, _ in table("count by dyno", *(request(dyno=f"web.{number}") for number in range(9)))]
    assert len(groups) == 4
    assert (statistics.OTHER,) in groups


def by_time(asked: str, *lines: LogLine) -> list[tuple[int, tuple[str, ...], tuple[float | None, ...]]]:
    counted = Statistics(parse_stats(asked))
    for each in lines:
        counted.add(event_of(each))
    return [((row.at or 0) - int(START.timestamp()), row.group, row.numbers) for row in counted.rows()]


def test_each_bucket_from_the_first_line_to_the_last_has_a_row_counts_0_and_percentiles_none() -> None:
    lines = [line(request(service=ms), at) for at, ms in ((1, 10), (59, 30), (180, 50))]
    assert by_time("count,sum(service),p50(service) by 1m", *lines) == [
        (0, (), (2, 40, 10)),
        (60, (), (0, 0, None)),
        (120, (), (0, 0, None)),
        (180, (), (1, 50, 50)),
    ]


def test_each_group_has_a_row_in_each_bucket_the_one_with_the_most_lines_first() -> None:
    lines = [line("app[web.1]: a", 0), line("app[web.2]: b", 61), line("app[web.2]: c", 62)]
    rows = [(0, "web.2", 0), (0, "web.1", 1), (60, "web.2", 2), (60, "web.1", 0)]
    assert by_time("count by 1m,dyno", *lines) == [(at, (dyno,), (number,)) for at, dyno, number in rows]
    rows.sort(key=lambda row: (-int(row[1][-1]), row[0]))
    assert by_time("count by dyno,1m", *lines) == [(at, (dyno,), (number,)) for at, dyno, number in rows]


def test_a_log_of_which_no_line_is_counted_has_buckets_too() -> None:
    counted = Statistics(parse_stats("count by 1m"))
    for each in (line("app[web.1]: a", 0), line("app[web.1]: a", 200)):
        assert each.at
        counted.see(each.at)
    assert [row.numbers for row in counted.rows()] == [(0,)] * 4
    assert len(counted.covered) == 2


@given(st.lists(st.tuples(st.integers(0, 50_000), st.integers(1, 3), st.integers(1, 9)), max_size=60), st.randoms())
def test_buckets_are_widened_to_the_same_figures_in_any_order(
    seen: list[tuple[int, int, int]], chance: random.Random
) -> None:
    lines = [line(request(dyno=f"web.{dyno}", service=ms), at) for at, dyno, ms in seen]
    asked = "count,sum(service),max(service),p50(service) by 10s,dyno"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statistics, "MOST_CELLS", 30)
        rows = by_time(asked, *lines)
        chance.shuffle(lines)
        assert by_time(asked, *lines) == rows
    assert len(rows) <= 33
    assert sum(numbers[0] or 0 for _, _, numbers in rows) == len(lines)
    if len({at for at, _, _ in rows}) > 1:
        width = min(b - a for a, b in pairwise(sorted({at for at, _, _ in rows})))
        for at, (dyno,), numbers in rows:
            own = sorted(ms for when, number, ms in seen if f"web.{number}" == dyno and at <= when < at + width)
            assert numbers[:2] == (len(own), sum(own))
            assert numbers[2:] == ((own[-1], own[(len(own) - 1) // 2]) if own else (None, None))


def test_numbers_kept_over_all_buckets_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "MOST_KEPT", 100)
    rows = by_time("p50(service) by 1s", *(line(request(service=10_000 + at), at) for at in range(400)))
    assert len(rows) <= 100
    assert rows[0][2][0] == pytest.approx(10_000, rel=0.01)
    counted = Statistics(parse_stats("p50(service),max(service)"))
    for ms in range(1_000, 10_000, 37):
        counted.add(event_of(line(request(service=ms))))
    assert [row.numbers for row in counted.rows()] == [(5_500, 9_991)]
    assert counted.digits == 2


def test_a_line_without_a_time_is_in_no_bucket_and_counted_so() -> None:
    counted = Statistics(parse_stats("count by 1m"))
    counted.add(event_of(line("no head")))
    assert (counted.rows(), counted.undated) == ([], 1)


def test_rows_that_are_closed_on_the_way_and_the_rest_are_all_rows() -> None:
    lines = [line(request(dyno=f"web.{at % 3 + 1}", service=at), at) for at in (0, 59, 61, 200, 209, 210, 300, 305)]
    asked = "count,max(service) by 1m,dyno"
    counted, closed = Statistics(parse_stats(asked)), []
    for each in lines:
        counted.add(event_of(each))
        closed += counted.close(10)
        assert len(counted.covered) <= 2
    assert [row.at for row in closed][-1] == int(START.timestamp()) + 180
    of_all = {(at, group): numbers for at, group, numbers in by_time(asked, *lines) if numbers[0]}
    written = [((row.at or 0) - int(START.timestamp()), row.group, row.numbers) for row in closed + counted.rows()]
    assert {(at, group): numbers for at, group, numbers in written if numbers[0]} == of_all
    assert {at for at, _, _ in written} == {0, 60, 120, 180, 240, 300}
    counted.add(event_of(line(request(), 100)))
    assert counted.late == 1
    assert sum(row.numbers[0] or 0 for row in counted.rows()) == 2
