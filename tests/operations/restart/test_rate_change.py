"""Before and after: what may be said of two rates, and what may not."""

from __future__ import annotations

import random

import pytest

from herodyno.operations.restart.rate_change import (
    did_it_help,
    difference_interval,
    errors_rise,
    memory_change,
    rate_change,
)


def test_the_interval_is_newcombes() -> None:
    # Newcombe 1998, table II, rows (a), (c) and (f), method 10.
    for (a, m), (b, n), low, high in [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((0, 10), (0, 20), -0.1611, 0.2775),
    ]:
        found = difference_interval((b, n), (a, m))
        assert found == pytest.approx((low, high), abs=5e-4)


@pytest.mark.parametrize(
    ("before", "after", "judgement"),
    [
        ((46, 212), (1, 180), "fewer"),
        ((1, 212), (40, 180), "more"),
        ((2, 212), (1, 180), "no_difference_seen"),
        ((46, 212), (0, 12), "not_enough_data"),
        ((0, 0), (0, 0), "not_enough_data"),
    ],
)
def test_a_judgement_needs_numbers(before: tuple[int, int], after: tuple[int, int], judgement: str) -> None:
    assert rate_change("web.2", before, after).judgement == judgement


def test_the_sentence_holds_denominators_and_intervals() -> None:
    assert str(rate_change("web.2", (46, 212), (1, 180))) == (
        "web.2: 46 of 212 requests failed before (17-28 %), 1 of 180 after (0.1-3.1 %): fewer"
    )


def test_what_changed_on_the_others_too_is_not_credited_to_the_restart() -> None:
    fewer, same, few = (
        rate_change("x", (46, 212), (1, 180)),
        rate_change("x", (2, 212), (1, 180)),
        rate_change("x", (4, 10), (0, 5)),
    )
    assert did_it_help(fewer, same) == "It helped: fewer errors."
    assert did_it_help(fewer, None) == "It helped: fewer errors."
    assert "so there are on the dynos that were not restarted" in did_it_help(fewer, fewer)
    assert did_it_help(same, None) == "No difference beyond chance is seen."
    assert "cannot be said" in did_it_help(few, None)
    assert did_it_help(rate_change("x", (1, 212), (40, 180)), same) == "It did not help: more errors."


def test_equal_rates_are_called_different_rarely() -> None:
    chance = random.Random(7)

    def draw(n: int) -> tuple[int, int]:
        return sum(chance.random() < 0.05 for _ in range(n)), n

    called = sum(rate_change("x", draw(200), draw(150)).judgement in ("fewer", "more") for _ in range(600))
    assert called / 600 < 0.06


@pytest.mark.parametrize(
    ("before", "after", "is_rising"),
    [((0, 200), (6, 60), True), ((0, 200), (4, 8), False), ((30, 200), (6, 40), False), ((0, 0), (9, 9), False)],
)
def test_rising_needs_errors_and_something_to_compare_with(
    before: tuple[int, int], after: tuple[int, int], is_rising: bool
) -> None:
    assert errors_rise(before, after) is is_rising


def test_memory_is_told_where_both_sides_are_known() -> None:
    assert memory_change([("web.1", 1.53, 0.48), ("web.2", None, 0.5), ("web.3", 0.5, None)]) == [
        "web.1: memory 153 % of its quota before, 48 % after"
    ]
