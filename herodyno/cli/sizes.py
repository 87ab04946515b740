"""`herodyno sizes`: the dyno sizes this app may use, with memory, price and what uses them now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer

from herodyno.cli.options import AppOptions
from herodyno.cli.session import Session
from herodyno.dynos import DynoSize, Formation
from herodyno.operations.prices import cents_per_month, is_flat, per_hour, per_month
from herodyno.render.text import Column, Span, Table
from herodyno.render.units import megabytes

COLUMNS = (
    Column(heading="SIZE"),
    Column(heading="MEMORY", right=True),
    Column(heading="COMPUTE", right=True),
    Column(heading="DEDICATED"),
    Column(heading="PER MONTH", right=True),
    Column(heading="PER HOUR", right=True),
    Column(heading="USED BY"),
)


def sizes(ctx: typer.Context, options: AppOptions) -> None:
    """List the dyno sizes an app may use: memory, compute, price, current use.

    Examples:
      herodyno sizes --app example-app
      herodyno sizes --app example-app --json

    Prices are what the API tells; "-" where it tells none. Set a size with:
      herodyno scale web=standard-2x --app example-app
    """
    session = Session.of(ctx)
    output, platform = session.output, session.platform
    name = session.app_name(options.app, options.remote)
    unsorted, formation, _ = platform.gather(
        lambda: platform.sizes(name), lambda: platform.formation(name), output.prepare
    )
    known = sorted(unsorted, key=lambda size: (cents_per_month(size) is None, cents_per_month(size) or 0, size.name))
    if output.wants_json:
        output.json(document(name, known, formation))
        return
    output.show(Table(columns=COLUMNS, rows=tuple(_row(size, formation) for size in known)))
    if any(is_flat(size) for size in known):
        output.note("Eco has one price for all Eco dynos of the account together")


def document(app: str, known: Sequence[DynoSize], formation: Sequence[Formation]) -> dict[str, Any]:
    """`herodyno.sizes/1`. Prices of one dyno in cents per month; null where the API gives no price."""
    return {
        "schema": "herodyno.sizes/1",
        "app": {"name": app},
        "sizes": [
            {
                "name": size.name,
                "memory_mb": size.memory_mb,
                "compute": size.compute,
                "dedicated": size.dedicated,
                "cents_per_month": cents_per_month(size),
                "flat_price": is_flat(size),
                "used_by": [{"type": each.type, "quantity": each.quantity} for each in _users(size, formation)],
            }
            for size in known
        ],
    }


def _row(size: DynoSize, formation: Sequence[Formation]) -> tuple[Span, ...]:
    cents = cents_per_month(size)
    used = " ".join(f"{each.type}={each.quantity}" for each in _users(size, formation))
    return (
        Span(size.name),
        Span(megabytes(size.memory_mb)),
        Span("-" if size.compute is None else str(size.compute)),
        Span("yes" if size.dedicated else "no"),
        Span("-" if cents is None else per_month(cents).removesuffix("/month")),
        Span("-" if cents is None else per_hour(cents).removesuffix("/hour")),
        Span(used or "-", "good" if used else ""),
    )


def _users(size: DynoSize, formation: Sequence[Formation]) -> list[Formation]:
    return [each for each in formation if each.size.casefold() == size.name.casefold()]
