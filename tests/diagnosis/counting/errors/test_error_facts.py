"""Errors by code, in bursts of one path and in episodes of whatever failed."""

from __future__ import annotations

from herodyno.diagnosis.counting.errors.error_facts import ErrorFacts


def seen(*errors: tuple[float, str, str]) -> ErrorFacts:
    facts = ErrorFacts()
    for at, code, path in errors:
        facts.add(code, code, path, "192.0.2.1", at)
    return facts


def test_ten_paths_that_fail_at_one_time_are_ten_bursts_of_one_episode() -> None:
    facts = seen(*((100.0 + i / 10, "H12", f"/orders/{i}") for i in range(10)))

    assert facts.events() == 10
    assert [size for _, _, size in facts.episodes["H12"].sized()] == [10]


def test_each_family_has_its_episodes() -> None:
    facts = seen((100.0, "H12", "/"), (101.0, "500", "/"), (130.0, "H12", "/"))

    assert facts.families() == {"H12", "500"}
    assert (list(facts.episodes["H12"]), facts.first) == ([(100.0, 100.0), (130.0, 130.0)], 100.0)
    assert facts.touches(101.0, 120.0)
    assert not facts.touches(102.0, 129.0)


def test_parts_merge_to_the_whole() -> None:
    errors = [(100.0 + i * 3, code, f"/{i % 3}") for i in range(20) for code in ("H12", "500")]
    one, two, whole = seen(*errors[:17]), seen(*errors[17:]), seen(*errors)

    one.update(two)

    assert (one.by_code, one.events(), one.episodes) == (whole.by_code, whole.events(), whole.episodes)
