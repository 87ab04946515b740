"""--stats: what may be asked, and that the figures are those of the plain definition."""

from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.errors import UsageError
from herodyno.logs.parsing.event import event_of
from herodyno.logs.query import statistics
from herodyno.logs.query.statistics import Statistics
from herodyno.logs.query.stats_query import parse_stats
from tests.logs.log_lines import line, request


def table(asked: str, *texts: str) -> list[tuple[tuple[str, ...], tuple[float | None, ...]]]:
    counted = Statistics(parse_stats(asked))
    for text in texts:
        counted.add(event_of(line(text)))
    return counted.rows()


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
    monkeypatch.setattr(statistics, "MOST_VALUES", 1000)
    monkeypatch.setattr(statistics, "MOST_GROUPS", 3)
    rows = table("p50(service)", *(request(service=value) for value in range(10_000, 15_000)))
    assert rows[0][1][0] == pytest.approx(12_500, rel=0.005)
    groups = [key for key, _ in table("count by dyno", *(request(dyno=f"web.{number}") for number in range(9)))]
    assert len(groups) == 4
    assert (statistics.OTHER,) in groups


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "p95",
        "median(service)",
        "count,",
        "p95(service) by",
        "count by a b",
        "sum()",
        "p(service)",
        "count by dyno,",
    ],
)
def test_what_cannot_be_counted_is_refused_with_an_example(asked: str) -> None:
    with pytest.raises(UsageError, match="--stats") as error:
        parse_stats(asked)
    assert "by dyno,code" in error.value.next_step
