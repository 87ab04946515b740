"""What is told of one dyno's failed requests depends neither on their order nor on the parts they are counted in."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from herodyno.diagnosis.counting.errors.error_facts import ErrorFacts

SHAPES = ("/orders/{}", "/users/{}/edit", "/", "/login", "/a{}", "/search?q={}")
Row = tuple[str, str, str, str, float]


def rows(n: int, numbers: int, random: Random) -> list[Row]:
    """Failed requests of many paths, as most apps have: with numbers in them."""
    return [
        (code, code or "5xx", random.choice(SHAPES).format(random.randrange(numbers)), "192.0.2.1", float(second))
        for second, code in enumerate(random.choices(("H12", "H18", ""), (8, 1, 1), k=n))
    ]


def counted(some: list[Row]) -> ErrorFacts:
    facts = ErrorFacts()
    facts.add_all(*zip(*some, strict=True))
    return facts


def told(facts: ErrorFacts) -> tuple[Any, ...]:
    return facts.by_code, facts.events(), facts.bursts.by_path(), facts.episodes, facts.paths.top_whole(3), facts.first


@pytest.mark.parametrize("numbers", [20, 300, 500, 5000])  # on both sides of each bound
def test_many_paths_are_told_the_same_in_one_part_and_in_several(numbers: int) -> None:
    random = Random(numbers)
    some = rows(6000, numbers, random)
    whole = told(counted(some))
    for at in (1, 900, 3000, 5999):
        merged = counted(some[:at])
        merged.update(counted(some[at:]))
        assert told(merged) == whole
    at_once, in_turn = counted(some[:2500]), ErrorFacts()
    for row in some[2500:]:
        in_turn.add(*row)
    in_turn.update(at_once)
    assert told(in_turn) == whole


def test_the_paths_of_failed_requests_are_pages_where_they_are_too_many_to_count() -> None:
    facts = counted(rows(6000, 5000, Random(1)))
    assert {path for path, _ in facts.paths.top_whole(4)} == {"/orders/*", "/users/*/edit", "/", "/login"}
    assert sum(n for _, n in facts.paths.top_whole(4)) > 3600
