"""Intervals and tests against values known from the literature and from exact sums."""

from __future__ import annotations

from itertools import product
from math import comb
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.diagnosis.statistics.rates import (
    binomial_tail,
    clopper_pearson_low,
    holm,
    rate_ratio,
    weighted_tail,
    wilson,
)


@pytest.mark.parametrize(("trials", "high"), [(50, 0.0714), (200, 0.0188)])
def test_zero_is_not_zero(trials: int, high: float) -> None:
    assert wilson(0, trials) == (0.0, pytest.approx(high, abs=5e-4))


def test_wilson_of_46_of_212_is_17_to_28_per_cent() -> None:
    assert wilson(46, 212) == (pytest.approx(0.167, abs=1e-3), pytest.approx(0.277, abs=1e-3))


@given(st.integers(1, 400), st.data())
def test_wilson_holds_the_rate_and_stays_a_rate(trials: int, data: st.DataObject) -> None:
    events = data.draw(st.integers(0, trials))
    low, high = wilson(events, trials)
    assert 0 <= low <= events / trials <= high <= 1


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.01, 0.99))
def test_the_tail_is_the_exact_sum(events: int, trials: int, probability: float) -> None:
    exact = sum(comb(trials, k) * probability**k * (1 - probability) ** (trials - k) for k in range(events, trials + 1))
    assert binomial_tail(events, trials, probability) == pytest.approx(exact, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("dynos", "events"), [(2, 8), (3, 6), (4, 5), (6, 4), (10, 4), (20, 3)])
def test_the_small_count_table_at_one_per_cent(dynos: int, events: int) -> None:
    """All errors on one of D equal dynos: so many are needed for p < 0.01, corrected for D looks."""
    assert needed_events(dynos, 0.01) == events


@pytest.mark.parametrize(("dynos", "events"), [(2, 11), (3, 8), (4, 6), (6, 5), (10, 5), (20, 4)])
def test_the_small_count_table_at_one_per_mille(dynos: int, events: int) -> None:
    assert needed_events(dynos, 0.001) == events


def needed_events(dynos: int, level: float) -> int:
    """Of ten dynos, three events lie at 0.01 and four at 0.001 exactly: not below."""
    below = level * (1 - 1e-9)
    return next(n for n in range(1, 50) if dynos * binomial_tail(n, n, 1 / dynos) < below)


def test_clopper_pearson_of_all_of_n_is_known_in_closed_form() -> None:
    assert clopper_pearson_low(6, 6) == pytest.approx(0.025 ** (1 / 6), abs=1e-9)
    assert clopper_pearson_low(0, 6) == 0.0


def test_holm_keeps_the_order_and_never_lowers() -> None:
    assert holm([0.01, 0.04, 0.03]) == [pytest.approx(0.03), pytest.approx(0.06), pytest.approx(0.06)]
    assert holm([]) == []


def test_the_ratio_has_a_bound_even_when_the_peers_have_no_events() -> None:
    ratio, low = rate_ratio(19, 212, 0, 605)
    assert ratio is None
    assert low > 3
    assert rate_ratio(0, 100, 5, 100) == (0.0, 0.0)


def test_the_tail_of_sizes_is_never_below_the_exact_one_and_not_far_above() -> None:
    random = Random(3)
    for _ in range(60):
        share = random.choice((0.1, 0.25, 0.5))
        sizes = [float(random.choice((1, 1, 2, 10))) for _ in range(random.randint(2, 11))]
        own = random.randint(1, len(sizes))
        wanted = sum(sizes[:own])
        exact = sum(
            share ** sum(falls) * (1 - share) ** (len(sizes) - sum(falls))
            for falls in product((0, 1), repeat=len(sizes))
            if sum(size for size, fell in zip(sizes, falls, strict=True) if fell) >= wanted - 1e-9
        )
        bound = weighted_tail(sizes[:own], sizes[own:], share)
        assert exact <= bound * 1.001
        assert bound <= min(1.0, exact * 20)


def test_the_tail_of_sizes_is_exact_when_all_fell_to_one() -> None:
    assert weighted_tail([3.0, 5.0, 1.0], [], 0.25) == pytest.approx(0.25**3, rel=1e-3)
    assert weighted_tail([1000.0] * 40, [], 0.5) == pytest.approx(0.5**40, rel=1e-3)
    assert weighted_tail([], [1.0], 0.5) == 1.0
    assert weighted_tail([1.0], [1.0], 1.0) == 1.0
    assert weighted_tail([1.0], [1.0], 0.0) == 0.0
