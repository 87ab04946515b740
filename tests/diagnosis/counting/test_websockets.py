"""A websocket is a request, and the time it was open is no latency."""

from __future__ import annotations

import gzip

import pytest

from tests.diagnosis.reading import judged, limits_of, request
from tests.real_parts import CASES, need_shared_data


def app(dynos: int, *, open_for: int, every: int, errors: int = 0) -> str:
    """Good requests on all dynos, websockets on web.2 only."""
    lines = [
        request(i * 0.9, f"web.{1 + i % dynos}", client=f"192.0.2.{i % 70}", service=30 + i % 90) for i in range(1500)
    ]
    lines += [
        request(i * every, "web.2", status=101, service=open_for, path="/cable", client=f"192.0.2.{i % 70}")
        for i in range(1300 // every)
    ]
    lines += [request(i * 20.0, "web.1", status=500, client=f"192.0.2.{i}") for i in range(errors)]
    return "".join(lines)


@pytest.mark.parametrize("open_for", [4_000, 64_000, 531_114, 3_600_000])
@pytest.mark.parametrize("dynos", [2, 5])
def test_websockets_are_in_the_counts_and_in_no_latency(open_for: int, dynos: int) -> None:
    answer = judged(app(dynos, open_for=open_for, every=3))

    (row,) = [row for row in answer.incarnations if row.dyno == "web.2"]
    assert row.requests.websockets == 433
    assert row.requests.n == 433 + 1500 // dynos
    assert all((each.requests.p95_ms or 0) < 200 and not each.latency.slower for each in answer.incarnations)
    assert any(
        "433 of 1,933 requests were websockets (status 101): in the counts" in each for each in limits_of(answer)
    )


def test_errors_are_told_per_request_websockets_included() -> None:
    answer = judged(app(3, open_for=60_000, every=5, errors=30))

    (row,) = [row for row in answer.incarnations if row.dyno == "web.1"]
    assert (row.errors.n, row.requests.n) == (30, 530)


def test_the_websockets_of_a_real_shape_leave_the_p95_alone() -> None:
    need_shared_data()
    answer = judged(gzip.decompress((CASES / "27-websockets-101.log.gz").read_bytes()).decode())

    p95 = {row.dyno: row.requests.p95_ms or 0 for row in answer.incarnations}
    assert p95["web.2"] < 400
    assert sum(row.requests.websockets for row in answer.incarnations) == 300
