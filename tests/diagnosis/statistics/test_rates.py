"""Intervals and tests against values known from the literature and from exact sums."""

from __future__ import annotations

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
    sum_tail,
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


def exact_tail(terms: list[tuple[float, float, float]], wanted: float) -> float:
    """By convolution over tenths."""
    chances = {0: 1.0}
    for n, size, p in terms:
        for _ in range(int(n)):
            grown: dict[int, float] = {}
            for total, chance in chances.items():
                grown[total] = grown.get(total, 0.0) + chance * (1 - p)
                more = total + round(size * 10)
                grown[more] = grown.get(more, 0.0) + chance * p
            chances = grown
    return sum(chance for total, chance in chances.items() if total >= round(wanted * 10))


def test_the_tail_of_sums_is_near_the_exact_one() -> None:
    """As a rule within a tenth, and above it where it is not."""
    random = Random(3)
    errors = []
    for _ in range(300):
        sizes = (1.0,) if random.random() < 0.5 else (1.0, 2.0, 4.0)
        shares = [random.choice((0.05, 0.1, 0.25, 0.5)) for _ in range(random.randint(1, 3))]
        terms = [(float(random.randint(1, 12)), random.choice(sizes), share) for share in shares]
        wanted = float(random.randint(1, int(sum(n * size for n, size, _ in terms))))
        exact = exact_tail(terms, wanted)
        if exact < 0.5:
            errors.append(sum_tail(terms, wanted, min(size for _, size, _ in terms)) / exact)
    errors.sort()
    assert len(errors) > 150
    assert 0.99 <= errors[len(errors) // 2] <= 1.1
    assert errors[len(errors) // 20] >= 0.9
    assert errors[0] >= 0.5
    assert errors[-1] <= 30


def test_the_tail_of_sums_is_exact_where_all_count() -> None:
    assert sum_tail([(1, 3.0, 0.25), (1, 5.0, 0.25), (1, 1.0, 0.25)], 9.0) == pytest.approx(0.25**3)
    assert sum_tail([(40, 1000.0, 0.5)], 40_000.0, 1000.0) == pytest.approx(0.5**40)


@pytest.mark.parametrize(
    ("terms", "wanted", "tail"),
    [
        ([], 0.0, 1.0), ([], 1.0, 0.0), ([(3, 1.0, 0.5)], 4.0, 0.0), ([(3, 1.0, 0.5)], 1.5, 1.0),
        ([(3, 1.0, 0.0)], 1.0, 0.0), ([(3, 1.0, 1.0)], 3.0, 1.0), ([(2, 1.0, 1.0), (1, 1.0, 0.5)], 2.0, 1.0),
    ],
)  # fmt: skip
def test_the_tail_of_sums_at_its_edges(terms: list[tuple[float, float, float]], wanted: float, tail: float) -> None:
    assert sum_tail(terms, wanted) == tail


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.sampled_from([0.2, 1.0, 3.5, 800.0]), st.floats(1e-9, 1 - 1e-9)),
        min_size=1,
        max_size=6,
    ),
    st.floats(0, 1),
)
def test_the_tail_of_sums_is_a_probability(terms: list[tuple[int, float, float]], part: float) -> None:
    wanted = part * sum(n * size for n, size, _ in terms)

    assert 0 <= sum_tail(terms, wanted, min(size for _, size, _ in terms)) <= 1
