"""What dynos cost, from the prices that the API gives. A price the API does not give is never guessed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from herodyno.dynos import Dyno, DynoSize
from herodyno.heroku_facts import HOURS_PER_MONTH


def cents_per_month(size: DynoSize | None) -> int | None:
    """The price of one dyno in US cents per month; None when the API gives no price, or an unknown unit."""
    if size is None or size.cost_cents is None:
        return None
    return {"month": size.cost_cents, "hour": size.cost_cents * HOURS_PER_MONTH}.get(size.cost_unit)


def is_flat(size: DynoSize) -> bool:
    """Whether one price covers all dynos of this size in the account (Eco)."""
    return size.name.casefold() == "eco"


def cents_so_far(dyno: Dyno, sizes: Iterable[DynoSize], now: datetime) -> float | None:
    """What a dyno has cost in US cents since it was created; None where its size has no price of its own."""
    size = size_named(dyno.size, sizes)
    cents = cents_per_month(size)
    if size is None or cents is None or is_flat(size) or dyno.created_at is None:
        return None
    hours = (now - dyno.created_at) / timedelta(hours=1)
    return round(cents / HOURS_PER_MONTH * max(0.0, hours), 2)


def size_named(name: str, sizes: Iterable[DynoSize]) -> DynoSize | None:
    """The size of that name, letter case ignored, or None."""
    return next((size for size in sizes if size.name.casefold() == name.casefold()), None)


def per_month(cents: int) -> str:
    """ "$150.00/month"."""
    return f"{_sign(cents)}${abs(cents) / 100:,.2f}/month"


def per_hour(cents: int) -> str:
    """ "~$0.208/hour" of a price per month."""
    return f"{_sign(cents)}~${abs(cents) / 100 / HOURS_PER_MONTH:,.3f}/hour"


def difference(cents: int) -> str:
    """ "+$75.00/month (~$0.104/hour)", "no change in price"."""
    if not cents:
        return "no change in price"
    plus = "+" if cents > 0 else ""
    return f"{plus}{per_month(cents)} ({per_hour(abs(cents))})"


def _sign(cents: int) -> str:
    return "-" if cents < 0 else ""
