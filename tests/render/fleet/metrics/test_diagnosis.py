"""`diagnose` as metrics: what the window shows, no zero that it cannot show, never an error under another dyno's id."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from herodyno.diagnosis.report.report import Answered, Diagnosis
from herodyno.diagnosis.report.row import IncarnationRow
from herodyno.diagnosis.report.series import Clock, Series
from herodyno.render.fleet.metrics import diagnosis
from herodyno.render.fleet.metrics.bounds import MOST_CODES
from herodyno.render.fleet.metrics.diagnosis import FRESH, diagnosis_samples
from herodyno.sandbox.world.world import World
from tests.conftest import Invoke
from tests.exposition import parsed, values
from tests.render.diagnoses import NOW, ONE_DYNO, dyno, memory


def text_of(found: Diagnosis = ONE_DYNO, *rows: IncarnationRow, **coverage: object) -> str:
    found = replace(found, incarnations=rows or found.incarnations)
    found = replace(found, coverage=replace(found.coverage, **coverage))  # type: ignore[arg-type] # its own fields
    return diagnosis_samples([("shop", found)]).text()


def short(n: int, errors: int) -> Diagnosis:
    """A window of 3 s."""
    return replace(
        ONE_DYNO,
        requests=replace(ONE_DYNO.requests, n=n, errors=errors),
        coverage=replace(ONE_DYNO.coverage, start=NOW - timedelta(seconds=3), seconds=3.0),
    )


def test_the_verdict_is_a_number_and_its_words_stand_in_an_info_series() -> None:
    text = text_of()
    assert values(text, "herodyno_diagnose_severity") == [2]
    told = {"class": "one_dyno", "severity": "critical", "confidence": "high"}
    assert values(text, "herodyno_diagnose_verdict_info", **told) == [1]
    unknown = replace(ONE_DYNO, verdict=replace(ONE_DYNO.verdict, kind="not_enough_data", severity="info"))
    assert values(text_of(unknown), "herodyno_diagnose_severity") == []
    assert values(text_of(unknown), "herodyno_diagnose_verdict_info", **{"class": "not_enough_data"}) == [1]


def test_an_app_without_an_answer_has_one_sample() -> None:
    samples = diagnosis_samples([("shop", None)])
    assert list(parsed(samples.text()).values()) == [0]


def test_ids_stand_in_the_info_series_alone() -> None:
    text = text_of(ONE_DYNO, dyno("web.1", "0a1b2c3d-0000", requests=400))
    assert {each.name for each in parsed(text) if "0a1b2c3d" in str(each)} == {"herodyno_diagnose_dyno_info"}


@pytest.mark.parametrize(
    ("found", "requests", "errors"),
    [
        (short(0, 0), [], []),  # a zero of 3 s says nothing
        (short(12, 0), [12], []),  # nor do no errors in 12 requests
        (short(50, 0), [50], [0]),  # in as many as a verdict needs, they do
        (short(12, 3), [12], [3]),  # what is there counts however short the window
    ],
)
def test_a_window_that_is_too_short_gives_no_sample_rather_than_zero(
    found: Diagnosis, requests: list[float], errors: list[float]
) -> None:
    text = text_of(found, dyno("web.1", "a", requests=found.requests.n, failed=found.requests.errors),
                   dyno("web.2", "b", requests=1))  # fmt: skip
    assert values(text, "herodyno_diagnose_requests") == requests
    assert values(text, "herodyno_diagnose_errors") == errors
    assert values(text, "herodyno_diagnose_dyno_requests", dyno="web.1") == requests
    assert values(text, "herodyno_diagnose_dyno_errors", dyno="web.1") == errors


@pytest.mark.parametrize("coverage", [{"router_lines": 0}, {"router_share_suspect": True}])
def test_without_all_lines_of_the_router_no_zero_is_claimed(coverage: dict[str, object]) -> None:
    quiet = replace(ONE_DYNO, requests=replace(ONE_DYNO.requests, n=0, errors=0))
    text = text_of(quiet, dyno("web.1", "a"), **coverage)
    for name in ("requests", "errors", "errors_without_dyno", "former_dynos_errors", "dyno_requests", "dyno_errors"):
        assert values(text, f"herodyno_diagnose_{name}") == [], name
    assert values(text_of(quiet, dyno("web.1", "a")), "herodyno_diagnose_requests") == [0]


def test_a_dyno_of_a_type_that_serves_has_a_zero_and_a_worker_has_none() -> None:
    text = text_of(ONE_DYNO, dyno("web.1", "a", requests=500), dyno("web.2", "b"), dyno("worker.1", "c"))
    assert values(text, "herodyno_diagnose_dyno_requests", dyno="web.2") == [0]
    assert values(text, "herodyno_diagnose_dyno_requests", dyno="worker.1") == []
    assert values(text, "herodyno_diagnose_dyno_errors", dyno="worker.1") == []


def test_errors_of_a_dyno_that_was_replaced_never_stand_under_the_id_of_the_next() -> None:
    old = replace(dyno("web.1", "old", requests=90, failed=40, mem=memory(900)), start=NOW - timedelta(hours=3),
                  end=NOW - timedelta(seconds=100))  # fmt: skip
    new = replace(dyno("web.1", "new", requests=60, failed=2), start=NOW - timedelta(seconds=90))
    for rows in ((old, new), (new, old)):
        text = text_of(ONE_DYNO, *rows)
        assert values(text, "herodyno_diagnose_dyno_info", dyno_id="new") == [1]
        assert values(text, "herodyno_diagnose_dyno_info", dyno_id="old") == []
        assert values(text, "herodyno_diagnose_dyno_errors") == [2]
        assert values(text, "herodyno_diagnose_former_dynos_errors") == [40]
        assert values(text, "herodyno_diagnose_dyno_incarnations") == [2]
        assert values(text, "herodyno_diagnose_dyno_memory_bytes") == []


def test_whether_a_dyno_is_slower_is_told_where_it_was_tested() -> None:
    slow = replace(ONE_DYNO.incarnations[0].latency, assessed=True, slower=True)
    fine = replace(slow, slower=False)
    rows = [replace(dyno(f"web.{n}", f"{n}", requests=9), latency=each) for n, each in enumerate((slow, fine), start=1)]
    text = text_of(ONE_DYNO, *rows, dyno("web.3", "c", requests=9))
    assert values(text, "herodyno_diagnose_dyno_slower") == [1, 0]


def test_without_a_line_nothing_is_said_of_lines() -> None:
    text = text_of(lines=0, seconds=0.0, start=None, end=None)
    assert values(text, "herodyno_diagnose_window_lines") == values(text, "herodyno_diagnose_window_seconds") == [0]
    for name in ("lost_lines", "unread_lines", "end_timestamp_seconds"):
        assert values(text, f"herodyno_diagnose_window_{name}") == []


def test_a_level_is_that_of_now_or_none() -> None:
    def text(age: timedelta, **other: object) -> str:
        level = replace(memory(512, swap=1.5), last_at=NOW - age)
        series = Series(load=(0.3, None), requests=(1, 1))
        row = dyno("web.1", "a", requests=500, mem=level, series=series, **other)
        clock = Clock(start=NOW - age - timedelta(seconds=60), seconds=60, cells=2)
        return text_of(replace(ONE_DYNO, clock=clock), row)

    assert values(text(FRESH), "herodyno_diagnose_dyno_memory_bytes") == [512 << 20]
    assert values(text(FRESH), "herodyno_diagnose_dyno_swap_bytes") == [1.5 * (1 << 20)]
    assert values(text(FRESH), "herodyno_diagnose_dyno_load") == [0.3]
    for old in (text(FRESH + timedelta(seconds=1)), text(timedelta(0), end=NOW)):
        for name in ("memory_bytes", "swap_bytes", "load"):
            assert values(old, f"herodyno_diagnose_dyno_{name}") == [], name
        assert values(old, "herodyno_diagnose_dyno_memory_max_bytes") == [512 << 20]


def test_one_off_dynos_have_no_series_and_other_names_are_bounded_with_the_worst_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(diagnosis, "MOST_DYNOS", 20)
    rows = [dyno(f"web.{n}", f"{n}", requests=100, failed=n == 1) for n in range(1, 31)]
    text = text_of(ONE_DYNO, *rows, dyno("run.1234", "r"), dyno("scheduler.99", "s"))
    assert values(text, "herodyno_diagnose_left_out_dynos") == [10]
    assert values(text, "herodyno_diagnose_dyno_errors", dyno="web.1") == [1]
    assert len(values(text, "herodyno_diagnose_dyno_requests")) == 20
    assert "run.1234" not in text
    assert "scheduler" not in text


def test_codes_beyond_the_most_frequent_are_one() -> None:
    codes = tuple((f"H{n:03}", 1000 - n) for n in range(MOST_CODES + 5))
    text = text_of(ONE_DYNO, dyno("web.1", "a", requests=9, failed=1, codes=codes))
    assert len(values(text, "herodyno_diagnose_dyno_codes")) == MOST_CODES + 1
    assert values(text, "herodyno_diagnose_dyno_codes", code="other") == [sum(n for _, n in codes[MOST_CODES:])]
    answered = replace(ONE_DYNO, answered=Answered(requests=sum(n for _, n in codes), by_code=codes))
    assert sum(values(text_of(answered), "herodyno_diagnose_router_answers")) == sum(n for _, n in codes)


@pytest.mark.parametrize("world", ["crash-loop", "restart-that-fixed-it", "preboot"], indirect=True)
def test_each_error_is_of_a_dyno_of_a_former_one_of_none_or_of_one_of_two(invoke: Invoke, world: World) -> None:
    text = invoke("diagnose -a example-app -o openmetrics").stdout
    parts = [sum(values(text, f"herodyno_diagnose_{name}"))
             for name in ("dyno_errors", "former_dynos_errors", "errors_without_dyno")]  # fmt: skip
    (errors,), (ambiguous,) = (values(text, f"herodyno_diagnose_{name}") for name in ("errors", "ambiguous_requests"))
    assert parts[1] > 0
    assert sum(parts) <= errors <= sum(parts) + ambiguous
