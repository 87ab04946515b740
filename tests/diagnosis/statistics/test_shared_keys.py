"""What failing requests share, biggest difference first, and nothing that good ones share too."""

from __future__ import annotations

from herodyno.diagnosis.counting.facts import SharedFacts
from herodyno.diagnosis.statistics.shared_keys import shared_keys


def facts(bad: dict[str, list[str]], good: dict[str, list[str]]) -> SharedFacts:
    counted = SharedFacts()
    for failed, sides in ((True, bad), (False, good)):
        for key, values in sides.items():
            for value in values:
                counted.add(failed=failed, values=((key, value),))
    return counted


def test_a_path_that_fails_alone_is_told_first() -> None:
    counted = facts(
        {"path": ["/checkout"] * 30 + ["/"] * 10, "method": ["POST"] * 24 + ["GET"] * 16},
        {"path": ["/"] * 700 + ["/checkout"] * 12, "method": ["GET"] * 500 + ["POST"] * 212},
    )

    first, second = shared_keys(counted)

    assert (first.key, first.value, first.bad, first.bad_total, first.good) == ("path", "/checkout", 30, 40, 12)
    assert (second.key, second.value) == ("method", "POST")


def test_what_good_requests_share_as_well_tells_nothing() -> None:
    assert shared_keys(facts({"host": ["a"] * 40}, {"host": ["a"] * 700})) == []


def test_a_few_failures_tell_nothing() -> None:
    assert shared_keys(facts({"path": ["/x"] * 4}, {"path": ["/"] * 700})) == []


def test_the_status_by_which_failing_was_told_is_not_told_again() -> None:
    assert shared_keys(facts({"status": ["503"] * 40}, {"status": ["200"] * 700})) == []
