"""Prices: what the API tells, per month and hour, and nothing made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from herodyno.dynos import Dyno, DynoSize
from herodyno.operations.prices import cents_per_month, cents_so_far, difference, is_flat, per_hour, per_month

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cents", "unit", "monthly"),
    [(2500, "month", 2500), (5, "hour", 3600), (None, "month", None), (5, "fortnight", None)],
)
def test_a_price_is_turned_into_a_month_or_not_known(cents: int | None, unit: str, monthly: int | None) -> None:
    assert cents_per_month(DynoSize(name="X", cost_cents=cents, cost_unit=unit)) == monthly


def test_no_size_has_no_price() -> None:
    assert cents_per_month(None) is None


def test_prices_are_written_with_their_unit() -> None:
    assert (per_month(123_456), per_hour(2500), per_month(-2500)) == (
        "$1,234.56/month",
        "~$0.035/hour",
        "-$25.00/month",
    )


@pytest.mark.parametrize(
    ("cents", "text"),
    [(7500, "+$75.00/month (~$0.104/hour)"), (-7500, "-$75.00/month (~$0.104/hour)"), (0, "no change in price")],
)
def test_a_difference_says_its_direction(cents: int, text: str) -> None:
    assert difference(cents) == text


def test_eco_is_flat() -> None:
    assert is_flat(DynoSize(name="eco"))
    assert not is_flat(DynoSize(name="Basic"))


def test_the_price_so_far_is_the_sizes_for_the_age() -> None:
    one_off = Dyno(name="run.1", type="run", size="Standard-1X", created_at=NOW - timedelta(hours=24))
    sizes = [
        DynoSize(name="Standard-1X", cost_cents=2500, cost_unit="month"),
        DynoSize(name="Eco", cost_cents=500, cost_unit="month"),
        DynoSize(name="Private-L"),
    ]
    assert cents_so_far(one_off, sizes, NOW) == pytest.approx(2500 / 30, abs=0.01)
    assert cents_so_far(one_off._replace(size="standard-1x"), sizes, NOW) == pytest.approx(2500 / 30, abs=0.01)
    assert cents_so_far(one_off._replace(created_at=NOW + timedelta(hours=1)), sizes, NOW) == 0
    for size in ("Eco", "Private-L", "unheard-of"):
        assert cents_so_far(one_off._replace(size=size), sizes, NOW) is None
    assert cents_so_far(one_off._replace(created_at=None), sizes, NOW) is None
