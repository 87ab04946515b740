"""A narrowed look: time and type decide what is counted; a dyno who is shown, never whom it is compared with."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.scope import Filter, When
from herodyno.dynos import App, Dyno
from herodyno.errors import NotFound, UsageError
from tests.diagnosis.reading import NOON, failed, limits_of, log_of_text, request, sample, stamp

BAD = "6f1c02ab-0000-4000-8000-000000000002"
GOOD = "0b77e1d0-0000-4000-8000-000000000001"


def incident() -> str:
    """Ten minutes of web.1 to web.4, web.2 failing one request in five, and a worker that samples its memory."""
    lines = []
    for second in range(0, 600, 2):
        name = f"web.{second // 2 % 4 + 1}"
        is_bad = name == "web.2" and second % 10 == 2
        # Other paths, so that two failures are two events.
        lines.append(failed(second, name, path=f"/p{second}") if is_bad else request(second, name))
    lines += [sample(second, "web.2", BAD, 400) for second in range(5, 600, 20)]
    lines += [sample(second, "web.1", GOOD, 300) for second in range(6, 600, 20)]
    lines += [sample(second, "worker.1", BAD.replace("6f", "7e"), 200) for second in range(7, 600, 20)]
    return "".join(sorted(lines))


def looked(log_filter: Filter, text: str = "", **more: Any) -> Diagnosis:
    return diagnose(
        log_of_text(text or incident()),
        app=App(name="example-app"),
        at=NOON + timedelta(minutes=10),
        source=Source(kind="file"),
        log_filter=log_filter,
        **more,
    )


def at(minutes: float) -> When:
    return lambda now: NOON + timedelta(minutes=minutes)


def test_the_dyno_asked_for_is_accused_as_it_would_be_without_asking() -> None:
    whole, narrow = looked(Filter()), looked(Filter(dynos=("web.2",)))
    assert narrow.verdict.kind == "one_dyno"
    assert narrow.verdict.summary == whole.verdict.summary
    assert [row.dyno for row in narrow.incarnations] == ["web.2"]
    assert narrow.incarnations[0] == next(row for row in whole.incarnations if row.dyno == "web.2")


@pytest.mark.parametrize("word", ["6f1c", "6f1c02ab", BAD, BAD.upper()])
def test_an_id_or_its_beginning_means_the_dyno(word: str) -> None:
    assert [row.dyno for row in looked(Filter(dynos=(word,))).incarnations] == ["web.2"]


def test_a_dyno_that_does_not_stand_out_is_not_accused_and_the_outlier_is_not_hidden() -> None:
    told = looked(Filter(dynos=("web.1",)))
    assert told.verdict.kind == "nothing_found"
    assert told.verdict.summary.startswith("web.1 (0b77e1d0): 0 of 75 requests failed")
    assert told.verdict.details == ("Its 3 peers: 15 of 225 requests failed (4-11 %): H12 x15 in all.",)
    assert "another dyno stands out, web.2 (6f1c02ab): leave out --dyno to see the case" in limits_of(told)


def test_a_dyno_without_a_line_in_the_time_that_counts_is_named_and_not_judged() -> None:
    ended = f"{stamp(0)} heroku[web.1]: State changed from up to down\n"
    text = ended + "".join(request(n, "web.2") for n in range(60, 160))
    told = looked(Filter(dynos=("web.1",), since=lambda now: now - timedelta(seconds=30)), text, at_log_end=True)
    assert told.verdict.kind == "not_enough_data"
    assert told.verdict.summary.startswith("web.1: 0 server errors in 0 requests")
    assert told.verdict.not_claimed == ("whether web.1 differs from its peers",)


def test_two_dynos_can_be_asked_for() -> None:
    told = looked(Filter(dynos=("web.1", "web.2")))
    assert (told.verdict.kind, len(told.incarnations)) == ("one_dyno", 2)


def test_a_dyno_with_little_traffic_is_not_acquitted() -> None:
    text = "".join(request(second, f"web.{second % 2 + 1}") for second in range(8)) + failed(9, "web.1")
    told = looked(Filter(dynos=("web.1",)), text)
    assert told.verdict.kind == "not_enough_data"
    assert told.verdict.details == ("5 of 50 requests needed.",)


def test_lines_outside_the_span_are_not_counted_and_their_lives_not_shown() -> None:
    told = looked(Filter(since=at(5), until=at(8)))
    assert told.coverage.router_lines == 91
    assert told.coverage.start == NOON + timedelta(minutes=5)
    assert limits_of(told)[-2:] == (
        "only lines since 12:05:00 were counted",
        "only lines until 12:08:00 were counted",
    )


def test_a_span_that_begins_before_the_log_says_so() -> None:
    limits = limits_of(looked(Filter(since=at(-60))))
    assert "only lines since 11:00:00 were counted; the log begins later, at 12:00:00" in limits


def test_a_span_that_begins_on_another_day_is_told_to_the_second() -> None:
    begins = limits_of(looked(Filter(since=lambda _: NOON - timedelta(days=1, seconds=10))))
    assert "only lines since 01 Mar 11:59:50 were counted; the log begins later, at 02 Mar 12:00:00" in begins


def test_a_line_before_the_span_still_tells_to_which_life_a_request_belongs() -> None:
    start = f"{NOON.isoformat(timespec='microseconds')} heroku[web.1]: Starting process with command `run`\n"
    told = looked(Filter(since=at(1)), start + "".join(request(second, "web.1") for second in range(30, 200)))
    assert [row.start for row in told.incarnations] == [NOON]


def test_only_the_types_asked_for_are_counted() -> None:
    told = looked(Filter(types=("worker",)))
    assert {row.type for row in told.incarnations} == {"worker"}
    assert (told.coverage.router_lines, told.verdict.kind) == (0, "not_enough_data")
    assert looked(Filter(types=("web",))).verdict == looked(Filter()).verdict


def test_router_lines_without_a_dyno_speak_of_web() -> None:
    text = incident() + "".join(request(second, "", code="H10", status=503) for second in range(600, 640))
    assert looked(Filter(types=("web",)), text).unattributed.errors == 40
    assert looked(Filter(types=("worker",)), text).unattributed.errors == 0


@pytest.mark.parametrize(
    ("log_filter", "error", "words"),
    [
        (Filter(dynos=("web.9",)), NotFound, "web.9"),
        (Filter(dynos=("6f1",)), NotFound, "6f1"),
        (Filter(types=("wbe",)), NotFound, "wbe"),
        (Filter(since=at(8), until=at(5)), UsageError, "--since"),
    ],
)
def test_what_is_not_there_is_refused_with_what_there_is(
    log_filter: Filter, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        looked(log_filter)


def test_the_beginning_of_two_ids_is_refused() -> None:
    dynos = [Dyno(name=f"web.{n}", id=f"abcd000{n}-0000-4000-8000-000000000000", type="web") for n in (1, 2)]
    with pytest.raises(UsageError, match=r"web\.1 and web\.2"):
        looked(Filter(dynos=("abcd",)), request(1, "web.1"), dynos=dynos)


def test_the_time_of_asking_is_handed_to_the_bounds() -> None:
    asked: list[datetime] = []

    def since(now: datetime) -> datetime:
        asked.append(now)
        return now - timedelta(minutes=1)

    bound: Callable[[datetime], datetime] = since
    told = looked(Filter(since=bound), at_log_end=True)
    *before_reading, decisive = asked
    assert decisive == told.generated_at
    assert told.generated_at not in before_reading
    assert told.coverage.seconds <= 60
