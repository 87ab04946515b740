"""What a filter will select is guessed before the log is read, and read where only the log can tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from herodyno.diagnosis.counting.one_pass import Log
from herodyno.diagnosis.expected import expected_scope
from herodyno.diagnosis.scope import Filter, Scope
from herodyno.dynos import Dyno
from herodyno.errors import UsageError
from herodyno.logs.scan.blocks import Batch
from tests.diagnosis.reading import NOON, request, sample

AN_ID = "8c1d7a55-0000-4000-8000-000000000001"
LINES = [request(1, "web.1"), sample(2, "worker.7", AN_ID, 100.0), request(3, "web.1")]


def expected(
    log_filter: Filter, *, log: Log | None = None, at_log_end: bool = True, dynos: list[Dyno] | None = None
) -> Scope | None:
    log = log or Log(logs=[], year=2026, end=lambda: NOON)
    at = NOON + timedelta(days=9)
    return expected_scope(log_filter, log=log, at=at, at_log_end=at_log_end, dynos=dynos)


def ago(minutes: int) -> Filter:
    return Filter(since=lambda now: now - timedelta(minutes=minutes))


def test_the_whole_log_is_no_selection() -> None:
    assert expected(Filter()) is None


def test_a_time_before_now_counts_from_the_end_of_a_file_and_from_now_otherwise() -> None:
    assert expected(ago(10)) == Scope(start=NOON - timedelta(minutes=10))
    assert expected(ago(10), at_log_end=False) == Scope(start=NOON + timedelta(days=9, minutes=-10))


def test_a_fixed_time_is_known_without_a_look_at_the_log() -> None:
    def end() -> datetime:
        raise AssertionError

    log = Log(logs=[], year=2026, end=end)
    assert expected(Filter(until=lambda now: NOON), log=log) == Scope(end=NOON)


def test_types_are_those_asked_for_and_those_of_the_dynos_named() -> None:
    assert expected(Filter(types=("web",))) == Scope(types=frozenset({"web"}))
    assert expected(Filter(types=("web",), dynos=("worker.2",))) == Scope(types=frozenset({"web", "worker"}))
    assert expected(Filter(dynos=("clock-848cd4f64d-pvpr2",))) == Scope(types=frozenset({"clock"}))


def test_the_beginning_of_an_id_is_looked_up_in_the_list_of_dynos_then_in_the_log() -> None:
    read = []

    def blocks() -> Iterator[Batch]:
        for line in LINES:
            read.append(line)
            yield line.encode()

    log = Log(logs=[blocks], year=2026)
    listed = [Dyno(name="clock.1", id="9" * 8, type="clock")]
    assert expected(Filter(dynos=("9999",)), log=log, dynos=listed) == Scope(types=frozenset({"clock"}))
    assert read == []
    assert expected(Filter(dynos=(AN_ID[:6].upper(),)), log=log, dynos=listed) == Scope(types=frozenset({"worker"}))
    assert read == LINES[:2]


@pytest.mark.parametrize("word", ["8c", "ffff", ""])
def test_a_word_that_is_no_dyno_is_left_to_the_timeline(word: str) -> None:
    log = Log(logs=[lambda: [line.encode() for line in LINES]], year=2026)
    assert expected(Filter(dynos=(word,)), log=log) is None


def test_the_parts_of_a_log_are_looked_through_where_there_are_parts() -> None:
    log = replace(Log(logs=[], year=2026), parts=[lambda: [LINES[0].encode()], lambda: [LINES[1].encode()]])
    assert expected(Filter(dynos=(AN_ID,)), log=log) == Scope(types=frozenset({"worker"}))


def test_a_time_that_cannot_be_is_left_to_the_timeline() -> None:
    def never(now: datetime) -> datetime:
        raise UsageError("no time", next_step="")

    assert expected(Filter(since=never)) is None
