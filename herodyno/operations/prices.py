"""What dynos cost, by what the API tells; what it does not tell is not shown."""

from __future__ import annotations

from herodyno.dynos import DynoSize

# Heroku's own tools turn a month into 720 hours.
HOURS_PER_MONTH = 720


def cents_per_month(size: DynoSize | None) -> int | None:
    """The price of one dyno in cents per month; None when not told or not in a unit we know."""
    if size is None or size.cost_cents is None:
        return None
    return {"month": size.cost_cents, "hour": size.cost_cents * HOURS_PER_MONTH}.get(size.cost_unit)


def is_flat(size: DynoSize) -> bool:
    """Whether the price is one for the whole account, whatever the number of dynos (Eco)."""
    return size.name.casefold() == "eco"


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
