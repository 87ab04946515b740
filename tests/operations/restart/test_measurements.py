"""What the log says of each dyno: requests, errors, memory, R codes, and the order of a restart made of them."""

from __future__ import annotations

import pytest

from herodyno.dynos import Dyno
from herodyno.operations.restart.measurements import Measurements, restart_order
from tests.operations.restart.measured_log import NEW, OLD, SIZES, at, error, measured, memory, requests


def test_requests_errors_memory_and_codes_are_counted_by_dyno() -> None:
    seen = measured(
        [
            *requests(0, "web.1", 10, 3),
            *requests(0, "web.2", 5, 0),
            memory(4, "web.1", OLD, 781.2),
            error(5, "web.1", "R14"),
        ]
    )
    assert seen.errors(["web.1"]) == (3, 10)
    assert seen.errors(["web.1", "web.2"], since=at(1.5), until=at(3.5)) == (1, 4)
    assert seen.memory_share(Dyno(name="web.1", id=OLD), {}) == pytest.approx(781.2 / 512)
    assert seen.memory_share(Dyno(name="web.2", id=NEW), {}) is None
    assert [code.code for code in seen.codes] == ["R14"]


def test_without_a_quota_in_the_sample_the_size_tells_it() -> None:
    seen = Measurements(memory_mb={OLD: 256.0})
    assert seen.memory_share(Dyno(name="web.1", id=OLD, size="Standard-1X"), SIZES) == 0.5
    assert seen.memory_share(Dyno(name="web.1", id=OLD, size="Unknown"), SIZES) is None


def test_two_looks_that_overlap_count_each_request_once() -> None:
    first, second = measured(requests(0, "web.1", 10, 2)), measured(requests(0, "web.1", 12, 2))
    first.update(second)
    assert first.errors(["web.1"]) == (2, 12)


def test_the_worst_come_first_then_the_oldest() -> None:
    dynos = [
        Dyno(name="web.1", id="1", state="up", created_at=at(0)),
        Dyno(name="web.2", id="2", state="up", created_at=at(9)),
        Dyno(name="web.3", id="3", state="crashed", created_at=at(8)),
        Dyno(name="web.10", id="10", state="up", created_at=at(5)),
    ]
    seen = measured(requests(0, "web.2", 10, 5))
    assert [each.name for each in restart_order(dynos, "worst", seen, {})] == ["web.3", "web.2", "web.1", "web.10"]
    assert [each.name for each in restart_order(dynos, "oldest", seen, {})] == ["web.1", "web.10", "web.3", "web.2"]
    assert [each.name for each in restart_order(dynos, "name", seen, {})] == ["web.1", "web.2", "web.3", "web.10"]
