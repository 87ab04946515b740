"""The test of one dyno beside its peers: exact at the edge, blind to how the rate changes in time."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from herodyno.diagnosis.statistics.comparison import Comparison, Stratum
from herodyno.diagnosis.statistics.rates import binomial_tail


def beside(*strata: tuple[int, int, list[float], list[float]]) -> Comparison:
    """(own requests, peers' requests, own moments, peers' moments) of each stratum."""
    own = [(at, size) for at, (_, _, mine, _) in enumerate(strata) for size in mine]
    both = [(at, Counter([*mine, *others])) for at, (_, _, mine, others) in enumerate(strata)]
    return Comparison(
        strata=[Stratum(n, m) for n, m, _, _ in strata],
        own=own,
        own_rounded=sum(size for _, size in own),
        smallest=min((size for _, size in own), default=1.0),
        peer_lines={at: sum(others) for at, (_, _, _, others) in enumerate(strata) if others},
        moments=both,
    )


@pytest.mark.parametrize(("own", "theirs"), [(6, 0), (9, 3), (12, 12)])
def test_moments_of_one_size_in_one_stratum_are_binomial(own: int, theirs: int) -> None:
    found = beside((100, 300, [1.0] * own, [1.0] * theirs))

    assert found.chance() == pytest.approx(binomial_tail(own, own + theirs, 0.25), rel=0.08)
    assert found.chance(3.0) == pytest.approx(binomial_tail(own, own + theirs, 0.5), rel=0.08, abs=0.6)


def test_a_rate_that_falls_while_the_share_falls_accuses_nobody() -> None:
    """It had half of the requests while every tenth failed, and a tenth of them since, when none did."""
    found = beside((500, 500, [1.0] * 50, [1.0] * 50), (100, 900, [], []))

    assert found.ratio == pytest.approx(1.0)
    assert found.expected == pytest.approx(50)
    assert found.chance() > 0.4


def test_a_heavy_moment_is_one_throw() -> None:
    """Sixty lines at one moment, of one of four."""
    assert beside((100, 300, [60.0], [])).chance() == pytest.approx(0.25)
    assert beside((100, 300, [60.0], [])).chance_by_lines() < 1e-30


def test_the_ratio_is_that_of_mantel_and_haenszel_with_its_lower_end() -> None:
    found = beside((100, 300, [1.0] * 20, [1.0] * 6), (50, 50, [1.0] * 9, [1.0] * 3))

    assert found.ratio == pytest.approx((20 * 0.75 + 9 * 0.5) / (6 * 0.25 + 3 * 0.5))
    assert 2.0 < found.ratio_low() < found.ratio
    assert found.chance(found.ratio_low()) == pytest.approx(0.025, rel=0.1)


def test_without_a_failure_of_its_peers_there_is_no_ratio_but_a_lower_end() -> None:
    found = beside((100, 300, [1.0] * 8, []))

    assert found.ratio is None
    assert found.ratio_low() == pytest.approx(3 * 0.025 ** (1 / 8) / (1 - 0.025 ** (1 / 8)), rel=0.02)


def test_few_failures_among_many_of_peers_are_told() -> None:
    assert beside((100, 200, [], [1.0] * 30)).chance_of_so_few() == pytest.approx((2 / 3) ** 30, rel=0.05)
    assert beside((100, 200, [1.0] * 15, [1.0] * 30)).chance_of_so_few() > 0.4


def test_the_parts_of_shared_time_have_equal_requests() -> None:
    strata = [(100, 100, [1.0] if at < 3 else [], []) for at in range(12)]

    assert beside(*strata).sustained(6) == (2, 6)
    assert beside((600, 1, [1.0], [])).sustained(6) == (6, 6)
    assert beside((600, 1, [], [1.0])).sustained(6) == (0, 6)


def test_identical_dynos_pass_one_in_a_hundred_as_seldom_as_they_should() -> None:
    """Four dynos, spells of different rates and shares, moments of different sizes."""
    random = Random(11)
    passed = 0
    for _ in range(800):
        strata = []
        for _ in range(8):
            n, m = random.randint(5, 60), random.randint(60, 200)
            share, sides = n / (n + m), ([], [])  # type: tuple[float, tuple[list[float], list[float]]]
            for _ in range(random.choice((0, 1, 6))):
                sides[random.random() >= share].append(random.choice((1.0, 1.0, 2.0, 9.0)))
            strata.append((n, m, *sides))
        passed += beside(*strata).chance() <= 0.01
    assert passed <= 16


def test_a_stratum_whose_moments_stand_in_two_rows_is_one_stratum() -> None:
    whole = beside((100, 300, [1.0, 2.0], [1.0] * 6), (50, 60, [1.0], []))
    in_rows = [(1, {1.0: 1}), (0, {1.0: 6}), (0, {1.0: 1, 2.0: 1, 3.0: 0})]

    assert whole._replace(moments=in_rows).chance() == pytest.approx(whole.chance(), rel=1e-12)
    assert whole._replace(moments=in_rows).chance_of_so_few() == pytest.approx(whole.chance_of_so_few(), rel=1e-12)
