"""Six rules, each of which alone can acquit."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.report.row import IncarnationRow
from tests.diagnosis.reading import failed, judged, request, two_releases
from tests.diagnosis.traffic import errors, traffic


def row(text: str, dyno: str = "web.2") -> IncarnationRow:
    return next(each for each in judged(text).incarnations if each.dyno == dyno)


def test_all_six_rules_accuse_with_high_confidence() -> None:
    found = judged(traffic(4, 200) + errors("web.2", 20))

    assert (found.verdict.kind, found.verdict.confidence) == ("one_dyno", "high")
    assert found.verdict.summary == "web.2 (id unknown) causes 20 of 20 server errors"


def test_a_burst_of_one_page_counts_once() -> None:
    burst = "".join(failed(100 + i * 0.5, "web.2", path="/checkout") for i in range(40))

    found = row(traffic(4, 200) + burst)

    assert (found.errors.n, found.errors.bursts) == (40, 1)
    assert found.outlier.verdict != "outlier"


def test_significance_alone_does_not_accuse() -> None:
    """4 events of 4 on one of 10 dynos are below chance, but fewer than 5."""
    found = row(traffic(10, 200) + errors("web.2", 4))

    assert found.outlier.p_adjusted is not None
    assert found.outlier.p_adjusted <= 0.01
    assert found.outlier.verdict == "suspect"


def test_three_errors_on_one_of_four_prove_nothing() -> None:
    assert judged(traffic(4, 30) + errors("web.2", 3)).verdict.kind == "not_enough_data"


def test_twice_the_rate_of_the_peers_is_not_three_times() -> None:
    text = traffic(3, 500) + errors("web.1", 40) + errors("web.3", 40) + errors("web.2", 80)

    assert row(text).outlier.verdict != "outlier"


def test_below_fifty_requests_nobody_is_accused() -> None:
    found = row(traffic(3, 200) + errors("web.4", 20), "web.4")

    assert (found.outlier.verdict, found.outlier.reason) == ("not_assessed", "20 of 50 requests needed")


def test_below_a_hundred_requests_of_peers_nobody_is_accused() -> None:
    found = row(traffic(2, 60) + errors("web.2", 20))

    assert found.outlier.verdict == "not_assessed"
    assert "of 100 requests needed" in found.outlier.reason


def test_errors_in_one_corner_of_the_window_are_accused_with_medium_confidence_only() -> None:
    found = judged(traffic(4, 200) + errors("web.2", 20, start=0, seconds=85))

    assert (found.verdict.kind, found.verdict.confidence) == ("one_dyno", "medium")


def test_a_dyno_younger_than_two_minutes_is_not_judged() -> None:
    born = "2026-03-02T12:05:00.000000+00:00 heroku[web.2]: State changed from down to starting\n"
    young = "".join(request(301 + i * 0.5, "web.2", status=500 if i % 5 == 0 else 200) for i in range(100))

    found = row(traffic(1, 400) + born + young)

    assert found.errors.n == 20
    assert found.outlier.reason == "younger than 2 minutes"


def test_two_guilty_dynos_do_not_hide_one_another() -> None:
    found = judged(traffic(6, 150) + errors("web.2", 30) + errors("web.5", 30))

    assert found.verdict.kind == "some_dynos"
    guilty = {each.dyno for each in found.incarnations if each.outlier.verdict == "outlier"}
    assert guilty == {"web.2", "web.5"}


def test_a_dyno_that_fails_without_a_pause_is_accused_although_it_is_one_burst() -> None:
    steady = "".join(failed(i * 1.8, "web.4", path="/p0") for i in range(200))

    assert judged(traffic(3, 200) + steady).verdict.kind == "one_dyno"


def test_dynos_of_another_release_are_no_peers() -> None:
    found = judged(traffic(4, 200) + errors("web.2", 20), two_releases())

    assert next(r for r in found.incarnations if r.dyno == "web.2").outlier.reason.startswith(
        "no other dyno of its type"
    )


@pytest.mark.parametrize(("key", "verdict"), [("client", "one_client_or_path"), ("path", "one_client_or_path")])
def test_one_client_or_path_that_peers_did_not_serve_is_told_apart(key: str, verdict: str) -> None:
    if key == "client":
        bad = "".join(failed(9 + i * 15, "web.2", path=f"/p{i % 7}", client="203.0.113.9") for i in range(20))
    else:
        bad = "".join(failed(9 + i * 15, "web.2", path="/only-here") for i in range(20))

    found = judged(traffic(4, 200) + bad)

    assert found.verdict.kind == verdict
    assert not any(action.mutates for action in found.actions)


def test_the_same_path_served_well_elsewhere_leaves_the_dyno_accused() -> None:
    bad = "".join(failed(9 + i * 15, "web.2", path="/p1") for i in range(20))

    assert judged(traffic(4, 200) + bad).verdict.kind == "one_dyno"
