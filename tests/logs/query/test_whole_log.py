"""The whole log is counted before and from a moment on, whatever is selected of it."""

from __future__ import annotations

import random
import re
from datetime import timedelta

import pytest

from herodyno.logs.query.marks import Mark
from herodyno.logs.query.selecting import Selection
from herodyno.logs.query.whole_log import Side, WholeLog
from tests.logs.log_lines import START, line, request

MOMENT = START + timedelta(seconds=60)
LINES = [
    *(line(request(dyno=f"web.{1 + at % 2}"), at) for at in range(0, 100, 5)),
    *(line("app[worker.1]: job is done", at) for at in range(2, 92, 10)),
    line("app[web.1]: at=info dyno=web.1 is no request", 50),
]


def seen(selection: Selection) -> WholeLog:
    log = WholeLog(selection, MOMENT)
    log.see(random.Random(3).sample(LINES, len(LINES)))
    log.see([Mark("gap", START + timedelta(days=1), "lines may be missing here")])
    return log


@pytest.mark.parametrize(
    "selection",
    [
        Selection(),
        Selection(grep=[re.compile("job")], without_text=[re.compile("info")], request_id="r-1"),
        Selection(targets=["app"]),
        Selection(targets=["router", "web.1"]),
        Selection(without=["router", "heroku"]),
    ],
)
def test_no_filter_on_text_or_speaker_chooses_requests(selection: Selection) -> None:
    log = seen(selection)
    assert log.sides() == (Side(19, 60.0, 12), Side(11, 35.0, 8))
    assert (log.types, log.seconds) == ({"web"}, 95.0)


@pytest.mark.parametrize("targets", [["web.1"], ["app[web.1]"], ["app", "web.1"]])
def test_a_dyno_chooses_the_requests_to_it(targets: list[str]) -> None:
    assert [side.requests for side in seen(Selection(targets=targets, speaker_alone=True)).sides()] == [6, 4]
    assert [side.requests for side in seen(Selection(without=["web.2"])).sides()] == [6, 4]


def test_the_log_ends_where_the_times_asked_for_end() -> None:
    since, until = START + timedelta(seconds=30), START + timedelta(seconds=80)
    assert seen(Selection(since=since, until=until)).sides() == (Side(10, 30.0, 6), Side(7, 20.0, 5))
    wide = seen(Selection(since=START - timedelta(days=1), until=START + timedelta(days=1)))
    assert (wide.first, wide.last) == (START, START + timedelta(seconds=95))


def test_a_log_without_times_has_no_length() -> None:
    log = WholeLog(Selection())
    log.see([LINES[0]._replace(at=None)])
    assert (log.first, log.seconds, log.sides()) == (None, 0.0, (Side(0, 0.0, 0), Side(0, 0.0, 0)))
