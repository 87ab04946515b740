"""`sizes`: the dyno sizes an app may use, as a table and as `herodyno.sizes/1`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from herodyno.dynos import DynoSize, Formation
from herodyno.operations.prices import cents_per_month, is_flat, per_hour, per_month
from herodyno.render.text import Column, Field, Span, Table, table
from herodyno.units import megabytes


def sizes_table(sizes: Sequence[DynoSize], formation: Sequence[Formation]) -> Table:
    """One line per size: memory, price, and the process types that use it now."""
    return table(
        (
            Field(Column("SIZE"), lambda size: Span(size.name)),
            Field(Column("MEMORY", right=True), lambda size: Span(megabytes(size.memory_mb))),
            Field(Column("COMPUTE", right=True), lambda size: Span("-" if size.compute is None else str(size.compute))),
            Field(Column("DEDICATED"), lambda size: Span("yes" if size.dedicated else "no")),
            Field(Column("PER MONTH", right=True), lambda size: Span(month_cell(cents_per_month(size)))),
            Field(Column("PER HOUR", right=True), lambda size: Span(hour_cell(cents_per_month(size)))),
            Field(Column("USED BY"), lambda size: _users_cell(size, formation)),
        ),
        sizes,
    )


def sizes_document(app: str, sizes: Sequence[DynoSize], formation: Sequence[Formation]) -> dict[str, Any]:
    """`herodyno.sizes/1`. Prices of one dyno in cents per month; null is what the API does not tell."""
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
            for size in sizes
        ],
    }


def month_cell(cents: int | None) -> str:
    """A price per month under a heading that says so: "$25.00"."""
    return "-" if cents is None else per_month(cents).removesuffix("/month")


def hour_cell(cents: int | None) -> str:
    """A price per month as one per hour, under a heading that says so: "~$0.035"."""
    return "-" if cents is None else per_hour(cents).removesuffix("/hour")


def _users_cell(size: DynoSize, formation: Sequence[Formation]) -> Span:
    used = " ".join(f"{each.type}={each.quantity}" for each in _users(size, formation))
    return Span(used or "-", "good" if used else "")


def _users(size: DynoSize, formation: Sequence[Formation]) -> list[Formation]:
    return [each for each in formation if each.size.casefold() == size.name.casefold()]
