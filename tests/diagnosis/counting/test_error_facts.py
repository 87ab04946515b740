"""Errors by code, in bursts of one path and in moments of whatever failed."""

from __future__ import annotations

from herodyno.diagnosis.counting.error_facts import ErrorFacts


def seen(*errors: tuple[float, str, str]) -> ErrorFacts:
    facts = ErrorFacts()
    for at, code, path in errors:
        facts.add(code, code, path, "192.0.2.1", at)
    return facts


def test_ten_paths_that_fail_at_one_time_are_ten_bursts_of_one_moment() -> None:
    facts = seen(*((100.0 + i / 10, "H12", f"/orders/{i}") for i in range(10)))

    assert facts.events() == 10
    assert facts.count_episodes("", 0, 1000, every=10) == facts.count_episodes("H12", 0, 1000, every=10) == 1


def test_a_failure_without_a_pause_is_a_moment_more_every_so_many_seconds() -> None:
    facts = seen(*((100.0 + i, "H12", "/") for i in range(41)))

    assert [facts.count_episodes("", 0, 1000, every=every) for every in (5, 10)] == [9, 5]


def test_parts_merge_to_the_whole() -> None:
    errors = [(100.0 + i * 3, code, f"/{i % 3}") for i in range(20) for code in ("H12", "500")]
    one, two, whole = seen(*errors[:17]), seen(*errors[17:]), seen(*errors)

    one.update(two)

    assert (one.by_code, one.events(), one.count_episodes("", 0, 999, every=5)) == (
        whole.by_code,
        whole.events(),
        whole.count_episodes("", 0, 999, every=5),
    )
